"""Replay commands: rebuilt exactly when they are on the list, never offered otherwise."""

from __future__ import annotations

import json
import shlex
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.safety.commands import join, quote_argument, vet_command
from tests.shared import shared

if TYPE_CHECKING:
    from pathlib import Path

SAFE = [
    "cargo test --test e2e_rpc -- --nocapture",
    "cargo test --test e2e_rpc resumes_tool_result -- --nocapture --exact",
    "cargo test --test e2e_rpc --features live,extra -- gate_name --nocapture --exact",
    "cargo test -p my_crate --lib --all-features",
    "cargo test --package my_crate --test=abc",
    "rch exec -- cargo test --test release_readiness -- checkpoint_ --nocapture",
    "RUST_BACKTRACE=1 VCR_MODE=playback FAULT_SEED=42 cargo test --test a -- --test-threads 1",
    "CI= cargo test --doc",
    "./scripts/e2e/run_all.sh --profile focused --skip-lint --skip-unit --unit-target a --suite b --suite c",
    "./scripts/e2e/run_all.sh --rerun-from /data/projects/x/tests/e2e_results/20260301T000000Z/summary.json",
    "python3 scripts/check_policy.py --strict",
    "pytest 'tests/test_a.py::test_b[x y]' -q -k 'a and b'",
    "cargo test --test a 'price[$5]'",
]
UNSAFE = [
    ("", "empty"),
    ("  ", "empty"),
    ("cargo test --test e2e_rpc <unnamed> -- --nocapture", "redirect"),
    ("cargo test --test e2e_rpc > out", "redirect"),
    ("cargo test --test a && rm x", "chain"),
    ("cargo test --test a | tee x", "chain"),
    ("cargo test --test a; x", "chain"),
    ("cargo test --test a\nrm x", "chain"),
    ("cargo test --test a # x", "chain"),
    ("cargo test --test a `x`", "substitution"),
    ('cargo test --test a "$HOME"', "substitution"),
    ("cargo test --test a $HOME", "substitution"),
    ("cargo test --test a !!", "substitution"),
    ("cargo test --test 'a", "unbalanced_quote"),
    ("cargo test --test a\\", "unbalanced_quote"),
    ("cargo test --test t[a]", "glob"),
    ("cargo test --test *", "glob"),
    ("cargo test --test {a,b}", "glob"),
    ("cargo test --test ~root", "glob"),
    ("cargo test --test =ls", "glob"),
    ("API_KEY=REDACTED cargo test", "redacted"),
    ("cargo test --test '\u2039redacted:jwt\u203a'", "redacted"),
    ("LD_PRELOAD=x cargo test", "variable"),
    ("RUSTC_WRAPPER=x cargo test", "variable"),
    ("PATH=x cargo test", "variable"),
    ("RUST_LOG='a b' cargo test", "variable"),
    ("curl https://evil.example/", "program"),
    ("eval touch", "program"),
    ("git status", "program"),
    ("cargo build", "program"),
    ("./scripts/e2e/../../../x.sh", "program"),
    ("./other/x.sh", "program"),
    ("python3 evil.py", "program"),
    ("python3 scripts/../evil.py", "program"),
    ("RUST_LOG=x", "program"),
    ("cargo +nightly test", "option"),
    ("cargo --config x test", "option"),
    ("cargo test --manifest-path /x/Cargo.toml", "option"),
    ("cargo test --config x", "option"),
    ("cargo test --test -x", "option"),
    ("cargo test --test", "option"),
    ("cargo test -pevil", "option"),
    ("cargo test -- -cevil", "option"),
    ("cargo test -- --format json", "option"),
    ("python3 -c x", "option"),
    ("pytest -p evil", "option"),
    ("pytest /elsewhere/evil.py", "option"),
    ("pytest ../evil.py", "option"),
    ("./scripts/x.sh -x", "option"),
    ("./scripts/x.sh --config=x", "option"),
    ("./scripts/x.sh --exec-hook y", "option"),
    ("./scripts/e2e/run_all.sh --suite=-x", "option"),
    ("cargo test --test a\tb", "control"),
    ("cargo test --test a\r", "control"),
    ("cargo test --test \u202ea", "control"),
    ("cargo test --test a\u200b", "control"),
    ("cargo test --test a\u00a0b", "control"),
    ("cargo test --test a\u3000b", "control"),
    ("cargo test --test '\u2039U+202E\u203a'", "control"),
    ("cargo test --test " + "a" * 8192, "too long"),
]


@pytest.mark.parametrize("command", SAFE)
def test_a_safe_command_is_rebuilt_byte_for_byte(command: str) -> None:
    vetted = vet_command(command)
    assert (vetted.text, vetted.copyable, vetted.reason) == (command, True, "")
    assert shlex.join(vetted.argv) == command


@pytest.mark.parametrize(("command", "reason"), UNSAFE)
def test_an_unsafe_command_is_shown_with_its_reason(command: str, reason: str) -> None:
    vetted = vet_command(command)
    assert (vetted.copyable, vetted.argv, vetted.reason) == (False, (), reason)
    assert len(vetted.text) <= 8192


def test_a_secret_in_a_command_is_masked_and_not_copied() -> None:
    token = "gh" + "p_" + "a1" * 18
    vetted = vet_command(f"cargo test --test {token}")
    assert (vetted.copyable, vetted.reason) == (False, "redacted")
    assert token not in vetted.text


def test_letters_of_another_script_are_quoted() -> None:
    assert vet_command("cargo test --test \u0440ytest").text == "cargo test --test '\u0440ytest'"


@given(
    st.one_of(
        st.text(max_size=60),
        st.lists(
            st.sampled_from([*"ab -='\"\\$`;&|<>*?~#!{}[]()\n\t", "cargo test ", "--test ", " -- "]), max_size=20
        ).map("".join),
    )
)
def test_whatever_is_copyable_is_exactly_a_joined_argument_list(noise: str) -> None:
    vetted = vet_command(f"cargo test {noise}")
    if vetted.copyable:
        assert shlex.join(vetted.argv) == vetted.text
        assert shlex.split(vetted.text) == list(vetted.argv)
        assert vetted.argv[:2] == ("cargo", "test")
        assert vetted.text.replace("\u2039", "").isprintable() or not vetted.text.isascii()


def test_joining_quotes_every_argument() -> None:
    assert join(["cargo", "test", "a b", "it's"]) == "cargo test 'a b' 'it'\"'\"'s'"
    assert quote_argument("$(x)") == "'$(x)'"


@pytest.mark.shared
@pytest.mark.parametrize("options", [("--seed", "3"), ("--seed", "4", "--emitter", "late")])
def test_every_command_of_the_native_runs_is_judged_as_its_truth_says(tmp_path: Path, options: tuple[str, ...]) -> None:
    maker = shared("native", "make.py")
    subprocess.run([sys.executable, str(maker), str(tmp_path / "out"), *options], check=True, capture_output=True)
    truth = json.loads((tmp_path / "out" / "truth.json").read_text(encoding="utf-8"))
    commands = [command for kind in ("runs", "gates") for row in truth[kind] for command in row.get("commands", [])]
    wrong = []
    for command in commands:
        vetted = vet_command(command["text"])
        expected = (command["safe"], command["reason"], command["text"])
        if (vetted.copyable, vetted.reason, vetted.text) != expected:
            wrong.append((command, vetted))
    assert len(commands) > 300
    assert wrong == []
