"""A site of two versions in a real Chromium, over HTTP from this machine."""

from __future__ import annotations

import functools
import json
import threading
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import pytest

from generator.render import SiteShell, render_version
from tests.browser.launch import launched
from tests.render.made_pages import a_target, some_pages

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from selenium.webdriver import Chrome


class _Quiet(SimpleHTTPRequestHandler):
    """Serves without a line for each request, and with the headers that the server was given."""

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def end_headers(self) -> None:
        """Add the server's own policy, if it has one."""
        if policy := getattr(self.server, "policy", ""):
            self.send_header("Content-Security-Policy", policy)
        super().end_headers()


class Server(ThreadingHTTPServer):
    """A web server whose policy a test may change."""

    policy = ""

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Serves the site; `address` + `/demo/` is its root, as on a project site of a forge."""
    root = tmp_path_factory.mktemp("web")
    served = Server(("127.0.0.1", 0), functools.partial(_Quiet, directory=str(root)))
    thread = threading.Thread(target=served.serve_forever, daemon=True)
    thread.start()
    _build(root / "demo", f"{served.address}/demo")
    yield served
    served.shutdown()
    served.server_close()
    thread.join()


@pytest.fixture(scope="session")
def folder(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same site as a folder, as somebody finds it in a downloaded archive."""
    folder = tmp_path_factory.mktemp("download") / "demo"
    _build(folder, "")
    assert server.address
    return folder


def _build(site: Path, url: str) -> None:
    site.mkdir()
    shell = SiteShell("Demo")
    for version in ("r0002", "r0003"):
        render_version(some_pages(), a_target(site, out=site / version, version=version, site_url=url))
    for number in range(12):
        place = site / f"f/f-{number:016x}/index.html"
        place.parent.mkdir(parents=True)
        place.write_text(shell.redirect(f"../../r0003/failures/f-{number:016x}/index.html", "f"))
    (site / "index.html").write_text(shell.redirect("r0003/index.html", "Newest"))
    (site / "404.html").write_text(shell.not_found())
    (site / "favicon.ico").write_bytes(b"")
    (site.parent / "favicon.ico").write_bytes(b"")
    names = {"r0003": "run 3 (fail)", "r0002": "run 2 (pass)"}
    entries = [{"version": name, "title": title, "aliases": []} for name, title in names.items()]
    (site / "versions.json").write_text(json.dumps(entries))


@pytest.fixture(scope="session")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chrome]:
    """One browser for all tests; each test begins with `fresh`."""
    with launched(tmp_path_factory.mktemp("profile")) as browser:
        yield browser


@pytest.fixture
def browser(chromium: Chrome, server: Server) -> Iterator[Chrome]:
    """The browser as a new reader has it: nothing stored, light scheme, 1400 pixels, script on."""
    server.policy = ""
    chromium.get(f"{server.address}/demo/404.html")
    chromium.execute_script("localStorage.clear(); sessionStorage.clear()")
    look(chromium)
    chromium.get_log("browser")  # type: ignore[no-untyped-call]  # as selenium has it
    yield chromium
    chromium.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})


def look(browser: Chrome, *, width: int = 1400, scheme: str = "light") -> None:
    """Set the reader's screen and scheme."""
    features = [{"name": "prefers-color-scheme", "value": scheme}]
    screen = {"width": width, "height": 1000, "deviceScaleFactor": 1, "mobile": width < 500}
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", screen)
