"""The corpus, made once, and each class of it, built once, for all tests of one worker."""

from __future__ import annotations

import socketserver
import threading
from typing import TYPE_CHECKING

import pytest

from tests.abuse.corpus import Built, Corpus, make

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

CALLED = ("127.0.0.1", 47811)
"""Where the corpus makes whoever follows its addresses call."""


@pytest.fixture(scope="session")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    return make(tmp_path_factory.mktemp("abuse") / "corpus")


@pytest.fixture(scope="session")
def built(corpus: Corpus, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Built]:
    """Return a class of the corpus as it was built when it was first asked for."""
    known: dict[str, Built] = {}

    def build(name: str) -> Built:
        if name not in known:
            known[name] = corpus.build(name, corpus.of(name), tmp_path_factory.mktemp(name) / "work")
        return known[name]

    return build


@pytest.fixture(scope="session")
def callers() -> Iterator[list[str]]:
    """Whoever called where the corpus points to; the first worker listens for all."""
    heard: list[str] = []

    class Listener(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            heard.append(self.rfile.readline(200).decode("latin-1"))

    try:
        server = socketserver.ThreadingTCPServer(CALLED, Listener)
    except OSError:  # another worker listens
        yield heard
        return
    with server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield heard
        server.shutdown()
        thread.join()
