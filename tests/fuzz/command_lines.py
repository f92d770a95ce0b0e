"""Shell-like text as a replay command: what may be copied is its own quoted words and nothing a shell would act on."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import unicodedata
from typing import TYPE_CHECKING, Final

from generator.safety.commands import vet_command
from generator.safety.limits import COMMAND_BYTES
from generator.safety.text import clean, has_control
from tests.fuzz.leaks import TOKEN, is_whole, leaked
from tests.fuzz.run import Target

if TYPE_CHECKING:
    from random import Random

_SHELL: Final = shutil.which("bash") or shutil.which("sh")
_ASKED: Final = 25  # of so many commands one is given to a real shell
_PROGRAMS: Final = frozenset({"cargo", "pytest", "python3"})
_SCRIPT: Final = re.compile(r"\./scripts/[A-Za-z0-9._/-]+")
_ALLOWED_VARIABLE: Final = re.compile(r"(?:RUST_BACKTRACE|RUST_LOG|VCR_MODE|CI|[A-Z][A-Z0-9_]*_SEED)=[^'\"\s$`]*")
_FORBIDDEN_OPTIONS: Final = (
    *("--config", "--manifest-path", "-c", "--rootdir", "--pyargs", "-o", "--target-dir", "-Z"),
)

_GOOD: Final = (
    *("cargo test --test e2e_rpc -- --nocapture", "cargo test --test a b -- --exact", "cargo test -p my_crate --lib"),
    *("rch exec -- cargo test --test x -- y", "RUST_LOG=debug FAULT_SEED=42 cargo test --test=a"),
    *("CI= cargo test --doc", "./scripts/e2e/run_all.sh --profile focused --suite a"),
    *("python3 scripts/check.py --strict", "pytest -q 'a b' -k 'c and d'", "pytest tests/test_a.py::test_b"),
    *("cargo test -- --skip 'x y'", "./scripts/x.sh -- a b", "cargo test 'price[$5]'"),
)
_PIECES: Final = (
    *(" ", " ", " ", "  ", "\t", "\n", "\r", "\x00", "\x1b[0m", "\u202e", "\u200b", "\xa0", "\u3000", "\u2800", "\x85"),
    *("\ufeff", "'", '"', "\\", "$", "`", "$(x)", "${x}", ";", "&", "&&", "|", "||", ">", "<", ">>", "<<<", "*", "?"),
    *("[", "]", "{a,b}", "~", "#", "!", "!!", "=", "(", ")", "^", "%", "%PATH%", "@", ":", ",", "+", "/", "..", "../"),
    *("/etc", ".", "-", "--", "cargo", "test", "pytest", "python3", "rch", "exec", "scripts/x.py", "./scripts/x"),
    *("sudo", "env", "sh", "-c", "eval", "--test", "--config", "--config=x", "--manifest-path", "-p", "-k"),
    *("-o", "--features=a", "--suite", "--exec", "RUST_LOG=x", "PATH=x", "LD_PRELOAD=x", "RUSTC_WRAPPER=x", "A_SEED=~"),
    *("RUST_LOG=a=b", "_SEED=1", "CI=$x", "VCR_MODE=", "\u0440ytest", "\uff50ytest", "a" * 300, "\U0001f600", "\ud800"),
    *("e\u0301" * 9, "\u2039U+202E\u203a", "\u2039redacted:x\u203a", TOKEN, f"--token={TOKEN}", "REDACTED"),
    *("password=hunter22x", "--password hunter22x", "\u00e9", "\u00df", "'\"'\"'", "$'\\n'"),
)
_SHORT: Final = 7000


def make(random: Random) -> bytes:
    """Return a command on the list with pieces put into it, or pieces alone."""
    text = random.choice(_GOOD) if random.random() < 0.85 else ""
    for _ in range(random.randrange(6)):
        piece = random.choice(_PIECES)
        if random.random() < 0.3:
            quote = random.choice("'\"")
            piece = f"{quote}{piece}{random.choice(_PIECES)}{quote}"
        place = random.choice((len(text), random.randrange(len(text) + 1)))
        text = f"{text[:place]}{random.choice(('', ' '))}{piece}{text[place:]}"
    if random.random() < 0.02:
        word = random.choice(("a", "\u00e9", "'\"'", '"\'"', "a b "))
        text += f" {word * random.randrange(_SHORT // len(word), 9000 // len(word))}"
    return text.encode("utf-8", "surrogatepass")


def check(data: bytes) -> None:
    """Vet the text and look at the command that is offered, or at the text that is shown."""
    text = data.decode("utf-8", "surrogateescape" if data[:1] == b"\xff" else "replace")
    for each in {text, data.decode("utf-8", "surrogatepass") if _is_text(data) else text}:
        _check(each)


def _check(text: str) -> None:
    found = vet_command(text)
    assert found.copyable == (not found.reason) == bool(found.argv)
    assert len(found.text.encode("utf-8")) <= COMMAND_BYTES or not found.copyable, "a copyable text over the limit"
    is_plain = "\x1b" not in text and is_whole(text, TOKEN)  # a broken sequence takes what follows it
    assert not (is_plain and (found.copyable or leaked(found.text, TOKEN))), "a token is shown"
    if not found.copyable:
        assert found.text == clean(found.text, COMMAND_BYTES)
        return
    argv = list(found.argv)
    assert found.text == shlex.join(argv)
    assert shlex.split(found.text) == argv
    assert _is_listed(argv), f"not on the list: {argv}"
    assert not has_control(found.text)
    assert all(character == " " or not character.isspace() for character in found.text)
    assert all(
        unicodedata.category(character) not in {"Cc", "Cs", "Zl", "Zp", "Zs"} or character == " " for character in text
    )
    again = vet_command(found.text)
    assert again.reason != "redacted", "a secret is offered that quotes had broken up"
    assert again == found, "the rebuilt command is not rebuilt the same"
    if _SHELL and sum(text.encode()) % _ASKED == 0:
        assert _words(found.text) == argv


def _is_text(data: bytes) -> bool:
    try:
        data.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return False
    return True


def _is_listed(argv: list[str]) -> bool:
    """Tell whether words begin with known variables and a known program, without an option that changes what is run."""
    while argv and _ALLOWED_VARIABLE.fullmatch(argv[0]):
        argv = argv[1:]
    if argv[:3] == ["rch", "exec", "--"]:
        argv = argv[3:]
    if not argv:
        return False
    program = argv[0]
    is_script = _SCRIPT.fullmatch(program) is not None and ".." not in program
    if program == "python3":
        is_script = len(argv) > 1 and _SCRIPT.fullmatch(f"./{argv[1]}") is not None and ".." not in argv[1]
        program = "python3" if is_script else ""
    if program == "cargo" and argv[1:2] != ["test"]:
        return False
    own = argv[: argv.index("--")] if "--" in argv else argv
    return (program in _PROGRAMS or is_script) and not any(
        word.partition("=")[0] in _FORBIDDEN_OPTIONS for word in own[1:]
    )


def _words(command: str) -> list[str]:
    """Return the words that a real shell makes of a command."""
    assert _SHELL is not None
    printed = subprocess.run(
        [_SHELL, "-c", f"printf '%s\\0' {command}"], check=True, capture_output=True, env={"LC_ALL": "C.UTF-8"}, cwd="/"
    ).stdout
    return printed.decode("utf-8").split("\0")[:-1]


TARGET: Final = Target(
    name="commands",
    promise="a command that may be copied is the quoted form of listed words; any other is shown with a reason",
    make=make,
    check=check,
)
