"""What redaction costs: `python -m tests.benchmarks.redaction` prints MB/s of log text for both engines.

The log is made of what CI prints most: progress of tests, downloads with digests, traces, and words like `token_count=`
that a rule must look at and leave alone. A text is redacted in the pieces in which readers hand it over.
"""

from __future__ import annotations

import time
from random import Random
from typing import Final

from generator.safety._engine import ReEngine
from generator.safety._table import RULES
from generator.safety.redact import Redactor, redact
from generator.safety.text import clean_trace
from tests.safety.invented import TABLE

BUDGET: Final = 20
MEGABYTES: Final = 8
PIECE: Final = 1 << 16
WORDS: Final = (
    *(
        "request",
        "session",
        "handler",
        "timeout",
        "status=200",
        "path=/api/v1/items",
        "user=42",
        "cache",
        "hit",
        "miss",
    ),
    *("retry", "worker"),
)


def log(random: Random, size: int) -> str:
    """Return log text of about `size` characters."""
    lines: list[str] = []
    length = 0
    while length < size:
        lines.append(_line(random))
        length += len(lines[-1]) + 1
    return "\n".join(lines)


def _line(random: Random) -> str:
    kind, word = random.random(), random.choice(WORDS)
    if kind < 0.45:
        said = " ".join(random.choice(WORDS) for _ in range(9))
        return f"2026-11-09T02:16:{random.randrange(60):02}.{random.randrange(10**6):06}Z INFO shop::{word}: {said}"
    if kind < 0.65:
        digest = random.randbytes(20).hex()
        return f"  {random.randrange(30)}: core::panicking::{word} at /rustc/{digest}/library/core/src/panicking.rs:64"
    if kind < 0.85:
        return f"test e2e_rpc::session_resumes_{random.randrange(1000)} ... ok ({random.random():.3f}s)"
    if kind < 0.97:
        name, digest = random.randbytes(4).hex(), random.randbytes(32).hex()
        return f"Downloaded https://packages.example/{name}/a.tar.gz sha256:{digest}"
    return f"model answered, token_count={random.randrange(9000)} key=primary attempt {random.randrange(9)}"


def rate(pieces: list[str], work: object) -> float:
    """Return MB/s, the best of three."""
    assert callable(work)
    best = float("inf")
    for _ in range(3):
        began = time.perf_counter()
        for piece in pieces:
            work(piece)
        best = min(best, time.perf_counter() - began)
    return sum(map(len, pieces)) / best / 1e6


def main() -> None:
    """Print the figures."""
    text = log(Random(1), MEGABYTES << 20)  # noqa: S311 - no secret
    pieces = [text[place : place + PIECE] for place in range(0, len(text), PIECE)]
    lines = text[: 1 << 20].split("\n")
    secrets = [f"{piece}\n{TABLE[number % len(TABLE)][1]}" for number, piece in enumerate(pieces)]
    slower = Redactor()
    slower._engines.append(ReEngine(RULES))
    fast, slow = rate(pieces, redact), rate(pieces[:8], lambda piece: redact(piece, slower))
    print(f"redact, {len(RULES)} rules, pieces of 64 KiB: re2 {fast:.0f} MB/s (budget {BUDGET}), re {slow:.0f} MB/s")
    print(f"redact, line by line: re2 {rate(lines, redact):.0f} MB/s")
    print(f"redact, a secret in each piece: re2 {rate(secrets, redact):.0f} MB/s")
    print(f"clean (neutralise, redact, cut): re2 {rate(pieces, clean_trace):.0f} MB/s")


if __name__ == "__main__":
    main()
