"""The line of the suspects on a failure's page."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from generator.findings import Suspects
from tests.pages.report_builder import BAD_COMMIT, FORGE, failure, replay_page, report

if TYPE_CHECKING:
    from generator.views import Fact

OTHER = "c" * 40


UNTESTED = "one that no run tested counts to the next"


def suspects(*commits: tuple[str, float], flake: float = 0.04, tested: int = 12, reason: str = "") -> Suspects:
    return Suspects(commits=commits, flake=flake, tested=tested, enough=not reason, reason=reason)


def lines(found: Suspects | None, *, forge: bool = True) -> list[Fact]:
    made = report(replace(failure(), suspects=found))
    view = replay_page(made if forge else replace(made, forge_url=""))
    return [fact for fact in view.since if fact.label.startswith("Suspect")]


def test_the_suspects_stand_in_one_line_with_the_chance_that_none_is_to_blame() -> None:
    (fact,) = lines(suspects((BAD_COMMIT, 0.71), (OTHER, 0.22)))
    assert fact.label == "Suspects"
    assert fact.value == (
        f"bbbbbbbbb 71%, ccccccccc 22%; 4% that no commit is to blame (12 commits with a result; {UNTESTED})"
    )
    assert fact.href == f"{FORGE}/commit/{BAD_COMMIT}"


def test_a_single_suspect_is_one() -> None:
    (fact,) = lines(suspects((BAD_COMMIT, 0.996), tested=1))
    assert (fact.label, fact.value) == (
        "Suspect",
        f"bbbbbbbbb 99.6%; 4% that no commit is to blame (1 commit with a result; {UNTESTED})",
    )


def test_of_many_suspects_three_are_named_and_the_others_counted() -> None:
    many = [(f"{number:x}" * 40, 0.1) for number in range(1, 10)]
    (fact,) = lines(suspects(*many))
    assert "333333333 10%, 6 more with 60% together; 4%" in fact.value
    assert "444444444" not in fact.value


def test_where_no_commit_is_named_the_reason_stands_there() -> None:
    (fact,) = lines(suspects(reason="no earlier result", tested=1))
    assert (fact.label, fact.value, fact.href) == ("Suspects", "None named: no earlier result.", "")
    (flake,) = lines(suspects(reason="a flake is more probable: 62%", flake=0.62))
    assert flake.value == "None named: a flake is more probable: 62%."


def test_suspects_without_commits_do_not_read_as_none_at_all() -> None:
    (fact,) = lines(suspects())
    assert fact.value == "None named: the outcomes do not tell."


def test_where_nobody_asked_there_is_no_line() -> None:
    assert lines(None) == []


def test_without_a_forge_a_suspect_is_not_linked() -> None:
    (fact,) = lines(suspects((BAD_COMMIT, 0.9)), forge=False)
    assert fact.href == ""
