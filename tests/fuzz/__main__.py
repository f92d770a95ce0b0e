"""`python -m tests.fuzz`: mutations of the golden files and, where it is there, of the corpus; 1 when one is fatal."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

from tests.fuzz.run import GOLDEN, fuzz, seeds
from tests.shared import ROOT


def main() -> int:
    """Run, print what was found with the file that shows it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mutations", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, help="folder for the files that were not survived")
    options = parser.parse_args()
    files = seeds([folder for folder in (GOLDEN, ROOT.parent / "shared" / "corpus") if folder.is_dir()])
    began = time.monotonic()
    found = 0
    for finding in fuzz(files, options.mutations, options.seed):
        found += 1
        print(f"--- {finding.path}, mutation {finding.seed}\n{finding.what}")
        if options.keep:
            options.keep.mkdir(parents=True, exist_ok=True)
            (options.keep / f"{finding.seed}-{Path(finding.path).name}").write_bytes(finding.data)
    seconds = time.monotonic() - began
    print(f"{options.mutations} mutations of {len(files)} files, {found} not survived, {seconds:.0f} s")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
