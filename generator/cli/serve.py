"""`replaybook serve`: look at a built site on this machine."""

from __future__ import annotations

import functools
import http.server
from pathlib import Path

import click

from generator.cli import options
from generator.cli.output import say
from generator.errors import ExitCode, OutputError, UsageError


class _Handler(http.server.SimpleHTTPRequestHandler):
    """Static files, with the site's own 404 page and without a log line for each request."""

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the base class names it so
        """Keep quiet: request lines hold text from outside."""

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Answer 404 with the site's own page."""
        page = Path(self.directory) / "404.html"
        if code != http.HTTPStatus.NOT_FOUND or not page.is_file():
            super().send_error(code, message, explain)
            return
        body = page.read_bytes()
        self.send_response(code)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)


@click.command("serve", epilog="\b\nExamples:\n  replaybook serve\n  replaybook serve --site site --port 8001")
@click.option(
    "--site",
    type=click.Path(path_type=Path, file_okay=False),
    default=options.DEFAULT_SITE,
    show_default=True,
    help="Folder of the site.",
)
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="Port; 0 = any free one.")
def command(site: Path, host: str, port: int) -> int:
    """Serve a built site until Ctrl-C."""
    if not (site / "index.html").is_file():
        raise UsageError(f"no site in {site}", "run `replaybook build` first, or name the folder with --site")
    handler = functools.partial(_Handler, directory=str(site))
    try:
        server = http.server.ThreadingHTTPServer((host, port), handler)
    except OSError as error:
        raise OutputError(f"cannot listen on {host}:{port}: {error.strerror}", "choose another --port") from error
    with server:
        say(f"Serving {site} at http://{host}:{server.server_port}/ (Ctrl-C ends it)")
        server.serve_forever()
    return ExitCode.OK
