"""The corpus, made once, and each class of it, built once, for all tests of one worker."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.abuse.corpus import Built, Corpus, make

if TYPE_CHECKING:
    from collections.abc import Callable


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
