"""The audit of the pinned packages: what pip-audit says decides, and no network is told, never taken for all well."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.shared import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

SCRIPT = ROOT / ".ci" / "audit.py"
ADVISORY = "PYSEC-2026-1"
OTHER_NAME = "CVE-2026-1"
CONNECTION = (
    "requests.exceptions.ConnectionError: HTTPSConnectionPool(host='index', port=443): Max retries exceeded: /x"
    " (Caused by NameResolutionError(\"Failed to resolve 'index' ([Errno -3] Temporary failure in name resolution)\"))"
)
BLOCKED = "ERROR:pip_audit._cli:Could not connect to PyPI's vulnerability feed\n"
TRACEBACK = "Traceback (most recent call last):\n  File 'adapters.py', line 1, in send\n    raise error\n"


def clean(name: str = "alpha", version: str = "1.0") -> dict[str, Any]:
    return {"name": name, "version": version, "vulns": []}


def vulnerable(name: str = "beta", version: str = "2.0", *, fixed: tuple[str, ...] = ("2.1",)) -> dict[str, Any]:
    advisory = {"id": ADVISORY, "fix_versions": list(fixed), "aliases": [OTHER_NAME], "description": "bad"}
    return {"name": name, "version": version, "vulns": [advisory]}


def unknown(name: str = "gamma") -> dict[str, Any]:
    return {"name": name, "skip_reason": f"Dependency not found on PyPI and could not be audited: {name} (3.0)"}


def accepted(
    *, until: str = "2999-12-31", id_: str = ADVISORY, package: str = "beta", reason: str = '"not used"'
) -> str:
    return f'[[accepted]]\nid = "{id_}"\npackage = "{package}"\nreason = {reason}\nuntil = {until}\n'


class Audit:
    """The script, with a pip-audit on PATH that does what is said, unless it is the real one."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.tools = folder / "tools"
        self.tools.mkdir()
        (folder / "accepted.toml").write_text("")
        (folder / "lock").write_text("")

    def fake(self, body: str) -> Audit:
        program = self.tools / "pip-audit"
        program.write_text(f"#!{sys.executable}\nimport sys, time\n{body}\n")
        program.chmod(0o755)
        return self

    def says(self, *packages: dict[str, Any]) -> Audit:
        """Answer like the real one: the report to stdout, exit code 1 when something is known."""
        report = json.dumps({"dependencies": packages, "fixes": []})
        code = int(any(package.get("vulns") for package in packages))
        return self.fake(f"print({report!r})\nsys.exit({code})")

    def fails(self, stderr: str, *, code: int = 1, stdout: str = "") -> Audit:
        return self.fake(f"sys.stderr.write({stderr!r})\nsys.stdout.write({stdout!r})\nsys.exit({code})")

    def accepting(self, text: str) -> Audit:
        (self.folder / "accepted.toml").write_text(text)
        return self

    def real(self, lock: str) -> Audit:
        (self.tools / "pip-audit").symlink_to(Path(sys.executable).parent / "pip-audit")
        (self.folder / "lock").write_text(lock)
        return self

    def run(self, *options: str) -> tuple[int, str, str]:
        own = [f"--lock={self.folder / 'lock'}", f"--accepted={self.folder / 'accepted.toml'}"]
        env = {"PATH": f"{self.tools}:/usr/bin:/bin", "HOME": str(self.folder)}
        done = subprocess.run(
            [sys.executable, str(SCRIPT), *own, *options], env=env, capture_output=True, text=True, check=False
        )
        return done.returncode, done.stdout, done.stderr


@pytest.fixture
def audit(tmp_path: Path) -> Audit:
    return Audit(tmp_path)


# --- what is known -----------------------------------------------------------


def test_packages_against_which_nothing_is_known_pass_and_are_counted(audit: Audit) -> None:
    assert audit.says(clean(), clean("delta")).run() == (0, "audited: 2 packages, nothing known\n", "")


def test_a_known_vulnerability_fails_and_is_named(audit: Audit) -> None:
    code, out, err = audit.says(clean(), vulnerable()).run()
    assert (code, out) == (1, "")
    assert err == f"known vulnerabilities:\nbeta 2.0: {ADVISORY}, fixed in 2.1\n"


def test_a_vulnerability_without_a_fix_fails_as_well(audit: Audit) -> None:
    code, _, err = audit.says(vulnerable(fixed=())).run()
    assert code == 1
    assert "no fix yet" in err


def test_a_vulnerability_is_told_even_where_other_packages_could_not_be_audited(audit: Audit) -> None:
    code, _, err = audit.says(unknown(), vulnerable()).run()
    assert code == 1
    assert ADVISORY in err


def test_a_report_without_any_package_fails(audit: Audit) -> None:
    code, _, err = audit.says().run()
    assert code == 1
    assert "nothing was audited" in err


# --- accepted advisories -----------------------------------------------------


@pytest.mark.parametrize("name", [ADVISORY, OTHER_NAME])
def test_an_accepted_advisory_passes_under_each_of_its_names(audit: Audit, name: str) -> None:
    code, out, _ = audit.says(clean(), vulnerable("Be_ta")).accepting(accepted(id_=name, package="be-ta")).run()
    assert (code, out) == (0, "audited: 2 packages, 1 accepted\n")


def test_an_advisory_is_accepted_for_its_package_only(audit: Audit) -> None:
    code, _, err = audit.says(vulnerable(), vulnerable("delta")).accepting(accepted()).run()
    assert code == 1
    assert err == f"known vulnerabilities:\ndelta 2.0: {ADVISORY}, fixed in 2.1\n"


def test_an_advisory_is_not_accepted_after_its_last_day_also_without_network(audit: Audit) -> None:
    code, out, err = audit.fails(CONNECTION).accepting(accepted(until="2026-01-31")).run()
    assert (code, out) == (1, "")
    assert "accepted until 2026-01-31 only; look at it again: not used" in err


def test_an_acceptance_that_is_no_longer_needed_fails(audit: Audit) -> None:
    code, _, err = audit.says(clean()).accepting(accepted()).run()
    assert code == 1
    assert f"no longer reported; remove it: {ADVISORY}" in err


@pytest.mark.parametrize(
    "text",
    [
        accepted(reason='" "'),
        accepted(reason="1"),
        accepted(until='"2999-12-31"'),
        accepted(until="2999-12-31T00:00:00"),
        accepted() + "more = 1\n",
        accepted().replace("reason", "why"),
        accepted().replace("[[accepted]]", "[accepted]"),
        accepted().replace("[[accepted]]", "[[ignored]]"),
        "accepted = [1]",
        "accepted",
    ],
)
def test_an_acceptance_that_is_not_complete_is_an_error(audit: Audit, text: str) -> None:
    code, out, err = audit.says(vulnerable()).accepting(text).run()
    assert (code, out) == (1, "")
    assert err.startswith("accepted.toml: ")


# --- no network --------------------------------------------------------------


@pytest.mark.parametrize(
    ("stderr", "word"),
    [
        (TRACEBACK + CONNECTION, "ConnectionError"),
        (TRACEBACK + "requests.exceptions.ReadTimeout: Pool(host='index'): Read timed out.", "ReadTimeout"),
        (TRACEBACK + "requests.exceptions.ProxyError: Pool(host='index'): 403 Forbidden", "ProxyError"),
        (
            f"{BLOCKED}ERROR:pip_audit._cli:Tip: your network may be blocking this service. Try another service\n",
            "Could not connect to PyPI's vulnerability feed",
        ),
        (
            TRACEBACK + "requests.exceptions.HTTPError: 503 Server Error: Unavailable for url: /x\n\n"
            f"The above exception was the cause:\n\n{TRACEBACK}pip_audit._service.interface.ServiceError\n",
            "HTTP 503",
        ),
    ],
)
def test_no_network_passes_with_a_line_that_says_so(audit: Audit, stderr: str, word: str) -> None:
    code, out, err = audit.fails(stderr).run()
    assert (code, err) == (0, "")
    assert out == f"not audited: the vulnerability service cannot be reached ({word})\n"


def test_an_index_that_has_no_such_data_is_not_taken_for_all_well(audit: Audit) -> None:
    """This is what a mirror answers; pip-audit says "No known vulnerabilities found" then, and exits with 0."""
    code, out, err = audit.says(unknown(), unknown("delta")).run()
    assert (code, err) == (0, "")
    assert out.startswith("not audited: ")
    assert "none of 2 packages" in out


def test_one_package_that_the_index_does_not_know_fails(audit: Audit) -> None:
    code, out, err = audit.says(clean(), unknown()).run()
    assert (code, out) == (1, "")
    assert "gamma (3.0)" in err


def test_an_answer_that_does_not_come_passes_with_a_line_that_says_so(audit: Audit) -> None:
    code, out, _ = audit.fake("time.sleep(60)").run("--seconds=0.5")
    assert (code, out) == (0, "not audited: no answer within 0.5 s\n")


# --- everything else ---------------------------------------------------------


@pytest.mark.parametrize(
    ("stderr", "code"),
    [
        (TRACEBACK + "KeyError: 'vulns'", 1),
        (TRACEBACK + "requests.exceptions.SSLError: certificate verify failed", 1),
        (TRACEBACK + "ConnectionError: of some other library", 1),
        (f"{CONNECTION}\nDuring handling of the above exception:\n{TRACEBACK}KeyError: 'x'", 1),
        (
            TRACEBACK + "requests.exceptions.HTTPError: 403 Client Error: Forbidden for url: /x\n"
            "pip_audit._service.interface.ServiceError",
            1,
        ),
        ("ERROR:pip_audit._cli:invalid requirements input: lock", 1),
        (CONNECTION, 2),
        ("usage: pip-audit", 2),
        ("", 1),
        ("", 0),
    ],
)
def test_a_crash_of_another_kind_fails(audit: Audit, stderr: str, code: int) -> None:
    got, out, err = audit.fails(stderr, code=code).run()
    assert (got, out) == (1, "")
    assert err.startswith("pip-audit failed:")
    assert f"(exit code {code})" in err


@pytest.mark.parametrize("stdout", ["{", "[]", '{"fixes": []}', json.dumps({"dependencies": [clean()]})])
def test_a_report_that_does_not_go_with_the_exit_code_or_is_none_fails(audit: Audit, stdout: str) -> None:
    code, out, err = audit.fails(CONNECTION, stdout=stdout).run()
    assert (code, out) == (1, "")
    assert err.startswith("pip-audit failed:")


def test_a_missing_pip_audit_fails(audit: Audit) -> None:
    code, _, err = audit.run()
    assert code == 1
    assert "make setup" in err


# --- the real pip-audit ------------------------------------------------------

LOCK = f"Be_ta==2.0 --hash=sha256:{'0' * 64}\n"


@contextmanager
def service(answer: dict[str, Any]) -> Iterator[str]:
    """Serve one answer to every question, as a database of advisories on this machine; give its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            body = json.dumps(answer).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        thread.join()


def ask(audit: Audit, address: str) -> tuple[int, str, str]:
    return audit.real(LOCK).run("--vulnerability-service=osv", f"--osv-url={address}")


def test_the_real_pip_audit_reports_what_the_script_understands(audit: Audit) -> None:
    affected = {"package": {"name": "be-ta", "ecosystem": "PyPI"}, "ranges": []}
    with service({"vulns": [{"id": ADVISORY, "summary": "bad", "affected": [affected]}]}) as address:
        code, _, err = ask(audit, address)
    assert (code, err) == (1, f"known vulnerabilities:\nbe-ta 2.0: {ADVISORY}, no fix yet\n")


def test_the_real_pip_audit_passes_when_nothing_is_known(audit: Audit) -> None:
    with service({}) as address:
        assert ask(audit, address) == (0, "audited: 1 package, nothing known\n", "")


def test_the_real_pip_audit_without_a_service_is_not_audited(audit: Audit) -> None:
    with service({}) as address:
        pass  # the port is free again: nobody answers there
    code, out, err = ask(audit, address)
    assert (code, out) == (0, "not audited: the vulnerability service cannot be reached (ConnectionError)\n"), err


def test_the_real_pip_audit_with_an_answer_that_is_none_fails(audit: Audit) -> None:
    with service({"vulns": [{"no": "id"}]}) as address:
        code, _, err = ask(audit, address)
    assert code == 1
    assert "KeyError: 'id'" in err


# --- its place ---------------------------------------------------------------


def test_make_test_asks() -> None:
    words = ["make", "--dry-run", "--always-make", "test"]
    env = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    done = subprocess.run(words, cwd=ROOT, env=env, capture_output=True, text=True, check=True)
    assert ".ci/audit.py" in done.stdout
    assert ".ci/actionlint/install" in done.stdout
