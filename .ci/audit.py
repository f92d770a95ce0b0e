#!/usr/bin/env python3
"""Ask whether something is known against the pinned packages; say in one line what came of it, always.

Exit 0: asked about every package, and nothing is known that was not accepted; or "not audited: ...", because the
service that knows cannot be reached. Exit 1: everything else, also a pip-audit that fails in another way.

Accepted advisories stand in audit-accepted.toml, each with a reason and a last day. Options that are not known here go
to pip-audit.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import re
import shutil
import subprocess
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
OPTIONS = ("--require-hashes", "--disable-pip", "--format=json", "--progress-spinner=off", "--timeout=10")
UNREACHABLE = re.compile(
    r"""
      requests\.exceptions\.(?P<error>ConnectionError|ConnectTimeout|ReadTimeout|ProxyError):\ .*
    | ERROR:pip_audit\S*:(?P<said>Could\ not\ connect\ to\ \S+\ vulnerability\ feed)
    | requests\.exceptions\.HTTPError:\ (?P<status>50[234])\ Server\ Error:.*
    """,
    re.VERBOSE,
)
"""What pip-audit ends with where there is no network, or no service behind it. A bad certificate is not among them."""


class AuditError(Exception):
    """A reason why the audit fails, as it is printed."""


class NotAuditedError(Exception):
    """A reason why nobody could be asked, as it is printed."""


@dataclass(frozen=True)
class Accepted:
    """An advisory that we live with until a day."""

    id: str
    package: str


def accepted_advisories(path: Path, today: dt.date) -> set[Accepted]:
    """Read the list; an entry without a reason or past its last day is an error."""
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise AuditError(f"{path.name}: {error}") from None
    if not document.keys() <= {"accepted"} or not isinstance(document.get("accepted", []), list):
        raise AuditError(f"{path.name}: holds [[accepted]] tables and nothing else")
    return {_accepted(entry, path.name, today) for entry in document.get("accepted", [])}


def _accepted(entry: Any, name: str, today: dt.date) -> Accepted:
    if not isinstance(entry, dict) or entry.keys() != {"id", "package", "reason", "until"}:
        raise AuditError(f"{name}: an entry has id, package, reason and until, each once, and nothing else")
    known, until = entry["id"], entry["until"]
    texts = [entry[key] for key in ("id", "package", "reason")]
    if not all(isinstance(text, str) and text.strip() for text in texts):
        raise AuditError(f"{name}: id, package and reason are texts, not empty")
    if type(until) is not dt.date:  # a time of day is a date, too, for isinstance
        raise AuditError(f"{name}: {known}: until is a date, like 2027-01-31")
    if until < today:
        raise AuditError(f"{name}: {known}: accepted until {until} only; look at it again: {entry['reason']}")
    return Accepted(known, _normal(entry["package"]))


def ask(lock: Path, options: list[str], seconds: float) -> list[dict[str, Any]]:
    """Give what pip-audit says about each package of the lock file."""
    program = shutil.which("pip-audit")
    if program is None:
        raise AuditError("pip-audit is not installed; `make setup` does it")
    command = [program, *OPTIONS, f"--requirement={lock}", *options]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=seconds, check=False)  # noqa: S603 - ours
    except subprocess.TimeoutExpired:
        raise NotAuditedError(f"no answer within {seconds:g} s") from None
    try:
        packages = json.loads(done.stdout)["dependencies"]
    except (ValueError, KeyError, TypeError):
        raise _failure(done) from None
    if done.returncode != (1 if any(package.get("vulns") for package in packages) else 0):
        raise _failure(done)
    return list(packages)


def _failure(done: subprocess.CompletedProcess[str]) -> Exception:
    """Tell "cannot be reached" from every other way to fail, by what was said last."""
    lines = [line.strip() for line in done.stderr.splitlines() if line.strip()]
    if done.returncode == 1 and not done.stdout.strip():
        for line in _last_words(lines):
            if found := UNREACHABLE.fullmatch(line):
                answer = f"HTTP {found['status']}" if found["status"] else found["error"] or found["said"]
                return NotAuditedError(f"the vulnerability service cannot be reached ({answer})")
    return AuditError("\n".join(["pip-audit failed:", *lines[-5:], f"(exit code {done.returncode})"]))


def _last_words(lines: list[str]) -> list[str]:
    """Give the error at the end; its cause in front where pip-audit's own error stands for it and says nothing."""
    if lines and lines[-1].rpartition(".")[2] == "ServiceError":
        return [line for line in lines if line.startswith("requests.exceptions.HTTPError: ")][-1:]
    advice = "ERROR:pip_audit._cli:Tip: "
    return [line for line in lines if not line.startswith(advice)][-1:]


def judge(packages: list[dict[str, Any]], accepted: set[Accepted]) -> str:
    """Give the line that says that all is well, or raise."""
    if not packages:
        raise AuditError("the lock file has no package: nothing was audited")
    known = [(package, advisory) for package in packages for advisory in package.get("vulns", [])]
    used = {entry for package, advisory in known for entry in accepted if _is(entry, package, advisory)}
    against = [
        f"{package['name']} {package['version']}: {advisory['id']}, {_remedy(advisory)}"
        for package, advisory in known
        if not any(_is(entry, package, advisory) for entry in accepted)
    ]
    if against:
        raise AuditError("\n".join(["known vulnerabilities:", *against]))
    skipped = [package for package in packages if "skip_reason" in package]
    if len(skipped) == len(packages) and all("not found on PyPI" in package["skip_reason"] for package in skipped):
        raise NotAuditedError(f"the index behind this network has no such data, for none of {len(packages)} packages")
    if skipped:
        raise AuditError("\n".join(["not every package was audited:", *(one["skip_reason"] for one in skipped)]))
    if unused := accepted - used:
        raise AuditError(f"accepted, but no longer reported; remove it: {', '.join(sorted(e.id for e in unused))}")
    many = "package" if len(packages) == 1 else "packages"
    rest = f"{len(used)} accepted" if used else "nothing known"
    return f"audited: {len(packages)} {many}, {rest}"


def _is(entry: Accepted, package: dict[str, Any], advisory: dict[str, Any]) -> bool:
    return entry.package == _normal(package["name"]) and entry.id in {advisory["id"], *advisory.get("aliases", [])}


def _remedy(advisory: dict[str, Any]) -> str:
    versions = advisory.get("fix_versions", [])
    return f"fixed in {', '.join(versions)}" if versions else "no fix yet"


def _normal(name: str) -> str:
    """Spell a package's name as PEP 503 does."""
    return re.sub(r"[-_.]+", "-", name).lower()


def main(words: list[str] | None = None) -> int:
    """Audit, print, and give the exit code."""
    parser = argparse.ArgumentParser(description="Audit the pinned packages.", allow_abbrev=False)
    parser.add_argument("--lock", type=Path, default=HERE / "requirements.lock")
    parser.add_argument("--accepted", type=Path, default=HERE / "audit-accepted.toml")
    parser.add_argument("--seconds", type=float, default=60.0, help="the most that pip-audit may take")
    own, options = parser.parse_known_args(words)
    try:
        accepted = accepted_advisories(own.accepted, dt.datetime.now(tz=dt.UTC).date())
        line = judge(ask(own.lock, options, own.seconds), accepted)
    except NotAuditedError as reason:
        line = f"not audited: {reason}"
    except AuditError as reason:
        sys.stderr.write(f"{reason}\n")
        return 1
    sys.stdout.write(f"{line}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
