"""`python -m tests.fuzz`: cases for each target, from golden files and the corpus where it is there; 1 on a finding."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

from tests.fuzz.reports import GOLDEN
from tests.fuzz.run import broken, fuzz
from tests.fuzz.targets import NAMES, targets
from tests.shared import SHARED

CASES = 5_000


def main() -> int:
    """Run, print what was found with the smallest case that shows it."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--target", action="append", choices=NAMES, help="only this one; may be given again")
    parser.add_argument("--seconds", type=float, help="how long for each target")
    parser.add_argument(
        "--mutations", type=int, help=f"how many cases for each target; {CASES} unless --seconds is given"
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, help="folder for the cases that were not survived")
    parser.add_argument("--replay", type=Path, help="check one kept case instead; needs --target")
    options = parser.parse_args()
    folders = [folder for folder in (GOLDEN, SHARED / "corpus") if folder.is_dir()]
    chosen = [each for each in targets(folders) if not options.target or each.name in options.target]
    if options.replay:
        answers = [broken(each, options.replay.read_bytes())[1] for each in chosen]
        print("\n".join(filter(None, answers)) or "survived")
        return 1 if any(answers) else 0
    number = options.mutations or (None if options.seconds else CASES)
    found = 0
    for each in chosen:
        began = time.monotonic()
        outcome = fuzz(each, options.seed, cases=number, seconds=options.seconds)
        for finding in outcome.findings:
            found += 1
            shown = finding.data if len(finding.data) < 2000 else finding.data[:2000] + b"..."
            print(f"--- {each.name}, case {finding.turn} of seed {options.seed}\n{finding.what}\n{shown!r}")
            if options.keep:
                options.keep.mkdir(parents=True, exist_ok=True)
                (options.keep / f"{each.name}-{options.seed}-{finding.turn}").write_bytes(finding.data)
        seconds = time.monotonic() - began
        print(
            f"{each.name}: {outcome.cases} cases, {len(outcome.findings)} not survived, {seconds:.0f} s",
            flush=True,
        )
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
