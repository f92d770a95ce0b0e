"""Every page that shows something of a hostile artifact, in Chromium: nothing of it runs, nothing leaves the site."""

from __future__ import annotations

import functools
import re
import socketserver
import threading
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, ClassVar

import pytest

from tests.abuse.corpus import CLASSES, judge
from tests.browser.launch import launched

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from selenium.webdriver import Chrome

    from tests.abuse.corpus import Built, Corpus

pytestmark = [pytest.mark.shared, pytest.mark.slow, pytest.mark.browser]
SAMPLE = 20
"""One page in so many is visited again with the theme's own script, and again with the policy on: these are the same on
all pages, and take most of the time."""

OF_ALL_RUNS = {
    "runs": 0,
    "clusters": SAMPLE,
    "flaky": SAMPLE,
    "performance": SAMPLE,
    "trends": SAMPLE,
    "changes": SAMPLE,
}
"""Pages that repeat the texts of earlier runs: the longest is visited, and one in so many of the others."""

THEME = ("*/javascripts/bundle*", "*.css", "*.woff2")

VISIT = """
const [pages, done] = arguments;
const found = [];
let next = 0, open = 0;
function step() {
  while (open < 6 && next < pages.length) {
    const page = pages[next++];
    const frame = document.createElement("iframe");
    open++;
    frame.style = "width: 900px; height: 700px";
    frame.onload = () => setTimeout(() => {
      const inside = frame.contentWindow;
      let said;
      try {
        const foreign = inside.performance.getEntriesByType("resource").map((each) => each.name)
          .filter((name) => !name.startsWith(location.origin));
        said = [inside.__pwn === undefined ? [] : ["ran: " + inside.__pwn], foreign, inside.violations].flat();
        if (!inside.document.querySelector("main, body")) said.push("is empty");
      } catch (error) {
        said = ["left the site: " + error];
      }
      found.push([page, said]);
      frame.remove();
      open--;
      step();
    }, 20);
    frame.src = "/" + page;
    document.body.append(frame);
  }
  if (!open && next >= pages.length) done(found);
}
step();
"""
HARNESS = "harness.html"


class _Files(SimpleHTTPRequestHandler):
    """Serves a site, and an empty page to hold the frames; what never changes may be kept."""

    protocol_version = "HTTP/1.1"

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def end_headers(self) -> None:
        """Let the browser keep assets."""
        self.send_header("Cache-Control", "no-store" if self.path.endswith(".html") else "max-age=600")
        super().end_headers()

    def do_GET(self) -> None:
        """Serve the harness or a file."""
        if self.path != f"/{HARNESS}":
            super().do_GET()
            return
        page = b'<!doctype html><meta charset="utf-8"><title>frames</title><body>'
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(page)))
        self.end_headers()
        self.wfile.write(page)


class _Elsewhere(socketserver.StreamRequestHandler):
    """The way out of the machine: a proxy that notes what was asked for and answers nothing."""

    asked: ClassVar[list[str]] = []

    def handle(self) -> None:
        """Note the first line."""
        self.asked.append(self.rfile.readline(4096).decode("latin-1").strip())


@contextmanager
def listening(server: socketserver.BaseServer) -> Iterator[int]:
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    assert isinstance(server, socketserver.TCPServer)
    yield int(server.server_address[1])
    server.shutdown()
    server.server_close()
    thread.join()


class _Many(socketserver.ThreadingTCPServer):
    daemon_threads = True


@pytest.fixture(scope="module")
def visitor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chrome]:
    with (
        listening(_Many(("127.0.0.1", 0), _Elsewhere)) as way_out,
        launched(tmp_path_factory.mktemp("profile"), f"--proxy-server=127.0.0.1:{way_out}") as browser,
    ):
        browser.set_script_timeout(500)
        yield browser


def visit(browser: Chrome, site: Path, pages: list[str], *, policy: bool, theme: bool = True) -> dict[str, list[str]]:
    """Return what is wrong with each page, nothing when all is well."""
    browser.execute_cdp_cmd("Network.enable", {})
    browser.execute_cdp_cmd("Network.setBlockedURLs", {"urls": [] if theme else list(THEME)})
    browser.execute_cdp_cmd("Page.setBypassCSP", {"enabled": not policy})
    files = functools.partial(_Files, directory=str(site))
    with listening(ThreadingHTTPServer(("127.0.0.1", 0), files)) as port:
        browser.get(f"http://127.0.0.1:{port}/{HARNESS}")
        found: list[Any] = browser.execute_async_script(VISIT, pages)
        browser.get("about:blank")
    assert len(found) == len(pages)
    return {page: said for page, said in found if said}


def showing(site: Path, corpus: Corpus) -> list[str]:
    """Return the pages on which a marker stands, sorted; of those that tell of earlier runs, too, only some."""
    known = judge().Rules.of(corpus.cases).known
    pages = [
        path.relative_to(site).as_posix()
        for path in sorted(site.rglob("*.html"))
        if known.intersection(judge().MARKER.findall(path.read_text(encoding="utf-8")))
    ]
    left_out: set[str] = set()
    for kind, step in OF_ALL_RUNS.items():
        alike = [page for page in pages if page.endswith(f"/{kind}/index.html")]
        left_out |= set(alike[:-1]) - (set(alike[::step]) if step else set())
    return [page for page in pages if page not in left_out]


def asked_elsewhere(corpus: Corpus) -> list[str]:
    """Return requests that text of an artifact caused; what the browser asks its maker is its own business."""
    known = "|".join(judge().Rules.of(corpus.cases).known)
    hosts = re.compile(rf"{known}|\.example\b|127\.0\.0\.1|localhost", re.IGNORECASE)
    return [line for line in _Elsewhere.asked if hosts.search(line)]


@pytest.mark.parametrize("name", CLASSES)
def test_nothing_of_a_hostile_artifact_runs_even_without_the_policy(
    visitor: Chrome, corpus: Corpus, built: Callable[[str], Built], name: str
) -> None:
    site = built(name).site
    pages = showing(site, corpus)
    assert pages
    assert visit(visitor, site, pages, policy=False, theme=False) == {}
    assert visit(visitor, site, pages[::SAMPLE], policy=False) == {}
    assert asked_elsewhere(corpus) == []


@pytest.mark.parametrize("name", CLASSES)
def test_pages_keep_to_their_own_policy(
    visitor: Chrome, corpus: Corpus, built: Callable[[str], Built], name: str
) -> None:
    site = built(name).site
    assert visit(visitor, site, showing(site, corpus)[SAMPLE // 2 :: SAMPLE], policy=True) == {}


def test_a_page_that_runs_something_or_asks_elsewhere_is_noticed(
    visitor: Chrome, corpus: Corpus, tmp_path: Path
) -> None:
    head = '<!doctype html><meta charset="utf-8"><title>x</title><body>'
    policy = """<meta http-equiv="Content-Security-Policy" content="script-src 'self'; img-src 'self'">"""
    (tmp_path / "a.html").write_text(f"{head}<script>window.__pwn = 1</script>")
    (tmp_path / "b.html").write_text(f'{head}<img src="http://pwn.example/x.png">')
    (tmp_path / "c.html").write_text(f"{policy}{head}<script>window.__pwn = 1</script>")
    bad = visit(visitor, tmp_path, ["a.html", "b.html", "c.html"], policy=False)
    assert bad["a.html"] == ["ran: 1"]
    assert bad["b.html"] == ["http://pwn.example/x.png"]
    assert bad["c.html"] == ["ran: 1"]
    assert any("pwn.example" in line for line in asked_elsewhere(corpus))
    _Elsewhere.asked.clear()
    assert visit(visitor, tmp_path, ["c.html"], policy=True) == {"c.html": ["script-src-elem inline"]}
