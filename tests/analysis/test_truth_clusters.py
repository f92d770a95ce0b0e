"""Clusters against messages whose causes are known (statistics, sections 7 and 18)."""

from __future__ import annotations

import json
import subprocess
import sys
from functools import cache
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import numpy as np
import pytest

from generator.analysis.clusters import cluster
from generator.analysis.fingerprint import Fingerprint, fingerprint
from tests.shared import shared

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

MESSAGES, TEMPLATES, TWINS, BARE = 20_000, 300, 40, 10
KINDS = ("ValueError", "TypeError", "TimeoutError", "KeyError", "OSError", "AssertionError", "RpcError", "")


def adjusted_rand(one: NDArray[np.int64], other: NDArray[np.int64]) -> float:
    """Return the adjusted Rand index of two groupings of the same things: 1 when they are the same, 0 by chance."""
    table = np.unique(np.stack([one, other]), axis=1, return_counts=True)[1]
    together, rows, columns, everything = (
        float((sizes * (sizes - 1.0) / 2).sum())
        for sizes in (
            table,
            np.unique(one, return_counts=True)[1],
            np.unique(other, return_counts=True)[1],
            np.array([one.size]),
        )
    )
    chance = rows * columns / everything
    return (together - chance) / ((rows + columns) / 2 - chance)


def codes(words: Sequence[Hashable]) -> NDArray[np.int64]:
    known: dict[Hashable, int] = {}
    return np.array([known.setdefault(word, len(known)) for word in words], dtype=np.int64)


def clustered(found: Sequence[Fingerprint]) -> NDArray[np.int64]:
    """Return the cluster of each of many failures, of which the distinct fingerprints are walked."""
    distinct = {item.text: item for item in found}
    return cluster(list(distinct.values())).number[codes([item.text for item in found])]


@cache
def messages() -> tuple[tuple[Fingerprint, ...], NDArray[np.int64]]:
    """Make 20 000 messages of 300 templates with Zipf weights, and tell the template of each.

    A template is a kind and 5 to 9 words, some followed by a value that differs from message to message. 40 of the
    rarer half are near twins of another one: the same with one word changed. 10 hold a word that changes freely.
    """
    rng = np.random.default_rng(18)
    letters = np.array(list("abcdefghijklmnopqrstuvwxyz"))
    words = ["".join(rng.choice(letters, size)) for size in rng.integers(3, 11, 500)]
    templates: list[tuple[str, list[str]]] = []
    for _ in range(TEMPLATES):
        parts = [words[place] for place in rng.integers(0, len(words), rng.integers(5, 10))]
        for place in sorted(rng.choice(len(parts), 2, replace=False).tolist(), reverse=True):
            parts.insert(place + 1, f"{{{rng.integers(0, 10)}}}")
        templates.append((KINDS[rng.integers(0, len(KINDS))], parts))
    rare = (TEMPLATES // 2 + rng.permutation(TEMPLATES // 2)).tolist()
    for place in rare[:TWINS]:
        kind, parts = templates[int(rng.integers(0, TEMPLATES // 2))]
        templates[place] = kind, [words[int(rng.integers(0, len(words)))], *parts[1:]]
    for place in rare[TWINS : TWINS + BARE]:
        templates[place][1].append("{10}")
    weights = 1 / np.arange(1, TEMPLATES + 1)
    truth = rng.choice(TEMPLATES, MESSAGES, p=weights / weights.sum())
    numbers = rng.integers(0, 2**31, (MESSAGES, 2)).tolist()
    found = []
    for place, (one, other) in zip(truth.tolist(), numbers, strict=True):
        kind, parts = templates[place]
        found.append(fingerprint(kind, " ".join(parts).format(*values(one, other)), "", ""))
    return tuple(found), truth


def values(one: int, other: int) -> tuple[str, ...]:
    return (
        str(one),
        f"{one % 9_000} ms",
        hex(one),
        f"{one:08x}-{other % 65_536:04x}-4abc-8def-{other:012x}",
        f"/home/ci/{one % 97}/work/data.json",
        f"2026-{one % 12 + 1:02}-{other % 28 + 1:02}T{one % 24:02}:{other % 60:02}:11Z",
        f"10.{one % 256}.{other % 256}.7:{one % 60_000}",
        f"https://host{one % 9}.example/{other}",
        f'"item {one}"',
        f"[{one % 7}, {other % 9}, {one % 5}]",
        ("red", "green", "blue", "teal")[one % 4],
    )


def test_the_index_is_that_of_a_table_worked_out_by_hand() -> None:
    """Two groups of three against three of two: of 15 pairs 6 and 3 are together, 2 in both."""
    one, other = np.array([0, 0, 0, 1, 1, 1]), np.array([0, 0, 1, 1, 2, 2])
    assert adjusted_rand(one, other) == pytest.approx((2 - 6 * 3 / 15) / ((6 + 3) / 2 - 6 * 3 / 15))
    assert adjusted_rand(one, one[::-1].copy()) == 1
    assert adjusted_rand(one, np.array([0, 1, 0, 1, 0, 1])) < 0.1


def test_fingerprints_alone_tell_the_templates() -> None:
    found, truth = messages()
    assert adjusted_rand(codes([item.text for item in found]), truth) >= 0.99


def test_clusters_tell_the_templates_and_merge_what_only_a_word_sets_apart() -> None:
    found, truth = messages()
    numbers = clustered(found)
    assert adjusted_rand(numbers, truth) >= 0.99
    assert numbers.max() + 1 <= np.unique(truth).size < len({item.text for item in found})


def test_raw_messages_would_not_do() -> None:
    """Guards the simulation: its messages differ."""
    found, truth = messages()
    assert adjusted_rand(np.arange(len(found)), truth) < 0.1


def test_every_earlier_cluster_id_stays_when_a_run_is_appended() -> None:
    distinct = list({item.text: item for item in messages()[0]}.values())
    whole = cluster(distinct)
    for end in (1, 50, 150, len(distinct) - 1):
        part = cluster(distinct[:end])
        assert part.number.tolist() == whole.number[:end].tolist()
        assert part.clusters == whole.clusters[: len(part.clusters)]


def test_every_cluster_id_stays_when_the_last_clusters_are_fed_back_and_old_runs_are_gone() -> None:
    distinct = list({item.text: item for item in messages()[0]}.values())
    whole = cluster(distinct)
    kept = cluster(distinct[100:], earlier=whole.representatives)
    assert kept.clusters == whole.clusters
    assert kept.number.tolist() == whole.number[100:].tolist()
    assert cluster(distinct[100:]).clusters != whole.clusters[-len(cluster(distinct[100:]).clusters) :]


@pytest.mark.shared
@pytest.mark.parametrize("causes", [12, 40])
def test_the_causes_of_fabricated_runs_are_found(causes: int, tmp_path: Path) -> None:
    maker, made = shared("bench", "make_corpus.py"), tmp_path / "made"
    words = ("--tests", "1000", "--suites", "20", "--runs", "4", "--fail-rate", "0.1", "--causes", str(causes))
    subprocess.run(
        [sys.executable, maker, *words, "--out", made, "--format", "junit"], check=True, stdout=subprocess.DEVNULL
    )
    truth: list[int] = []
    found: list[Fingerprint] = []
    failing = 0
    for number, run in enumerate(json.loads((made / "truth.json").read_text(encoding="utf-8"))["runs"]):
        causes_of: dict[str, Any] = run["failing"]
        failing += len(causes_of)
        cases = list(ET.parse(made / f"run-{number:04}" / "junit.xml").iter("testcase"))  # noqa: S314 - made just now
        for place, case in enumerate(cases):
            for failure in [*case.findall("failure"), *case.findall("error")]:
                truth.append(causes_of[str(place)])
                found.append(fingerprint(failure.get("type", ""), failure.get("message", ""), failure.text or "", ""))
    assert len(found) == failing > 100
    assert adjusted_rand(clustered(found), np.array(truth)) >= 0.98
