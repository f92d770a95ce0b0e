"""Write the example beside this file, or check that what lies there is what would be written.

Usage: `python artifacts_example/make.py [--check]`. The same bytes each time: no clock, no chance beyond the seed.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
if __package__ in {None, ""}:
    sys.path.insert(0, str(HERE.parent))

from artifacts_example.story.files import example_files  # noqa: E402  # importable only after the line above


def generated_paths() -> list[str]:
    """Files that lie in the generated places now."""
    found = [path.relative_to(HERE).as_posix() for path in (HERE / "runs").rglob("*") if path.is_file()]
    return sorted([*found, *(["truth.json"] if (HERE / "truth.json").is_file() else [])])


def first_difference(expected: dict[str, str]) -> str | None:
    """One line about the first file that differs, is missing or does not belong there."""
    lying = set(generated_paths())
    for name in sorted({*expected, *lying}):
        if name not in lying:
            return f"{name} is missing; run make.py to write it"
        if name not in expected:
            return f"{name} is not part of the example; run make.py to remove it"
        if (HERE / name).read_bytes() != expected[name].encode():
            return f"{name} differs from what make.py writes; run make.py to write it again"
    return None


def write(files: dict[str, str]) -> None:
    """Write all files and remove those that an earlier version left behind."""
    for name in generated_paths():
        if name not in files:
            (HERE / name).unlink()
    for name, text in files.items():
        path = HERE / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())


def main(arguments: list[str] | None = None) -> int:
    """Write the example (0), or check it (0 the same, 1 a difference)."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 and name the first difference")
    options = parser.parse_args(arguments)
    files = example_files()
    if options.check:
        difference = first_difference(files)
        print(difference or f"{len(files)} files are as make.py writes them")
        return int(difference is not None)
    write(files)
    print(f"wrote {len(files)} files, {sum(len(text.encode()) for text in files.values()):,} bytes")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
