"""Clusters: what is merged, what must stay apart, and that nothing later changes what was said before."""

from __future__ import annotations

import re
import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.analysis.clusters import KEPT, Cluster, ClusterRule, Clusters, UserRule, cluster, cluster_id, shown
from generator.analysis.fingerprint import Fingerprint, fingerprint

LINE = "operation <str> timed out"


def of(line: str = LINE, kind: str = "TimeoutError", frame: str = "client.py:get") -> Fingerprint:
    return Fingerprint(kind=kind, line=line, frame=frame)


def numbers(*fingerprints: Fingerprint, rule: ClusterRule | None = None) -> list[int]:
    found: list[int] = cluster(fingerprints, rule=rule or ClusterRule()).number.tolist()
    return found


def ids(found: Clusters) -> list[str]:
    return [found.clusters[number].id for number in found.number.tolist()]


@pytest.mark.parametrize(
    ("one", "other", "together"),
    [
        (of("a" * 20), of("a" * 17 + "bbb"), True),  # 85 % exactly
        (of("a" * 20), of("a" * 16 + "bbbb"), False),
        (of(), of(LINE + " again"), True),
        (of(), of("connection refused by <ip>"), False),
        (of(), of(kind="ConnectionError"), False),
        (of(), of(kind=""), False),
        (of(), of(frame="client.py:post"), False),
        (of(), of(frame="server.py:get"), False),
        (of(""), of("", frame="client.py:post"), False),
        (of("", kind="", frame="case:17"), of("", kind="", frame="case:18"), False),
        (of("", kind="", frame="suite:orders_a"), of("", kind="", frame="suite:orders_b"), False),
    ],
)
def test_lines_of_one_kind_and_place_join_when_they_are_alike(
    one: Fingerprint, other: Fingerprint, *, together: bool
) -> None:
    assert (numbers(one, other) == [0, 0]) is together


@pytest.mark.parametrize(
    ("kind", "one", "other", "together"),
    [
        ("TimeoutError", "test_orders.py:test_total", "test_mail.py:test_send", True),
        ("TimeoutError", "test_orders.py", "conftest.py:server", True),
        ("TimeoutError", "orders_test.go:TestTotal", "", True),
        ("TimeoutError", "orders.spec.ts:total", "mail.test.js", True),
        ("TimeoutException", "OrderTest:total", "MailIT:sends", True),
        ("TimeoutException", "TestOrder:total", "OrderTestCase:total", True),
        ("AssertionError", "test_orders.py:test_total", "test_mail.py:test_send", False),
        ("AssertionFailedError", "OrderTest:total", "MailIT:sends", False),
        ("SnapshotMismatch", "orders.spec.ts:total", "mail.test.js", False),
        ("", "test_orders.py:test_total", "test_mail.py:test_send", False),
        ("TimeoutError", "test_orders.py:test_total", "client.py:get", False),
        ("TimeoutException", "Testament:read", "MailIT:sends", False),
        ("TimeoutException", "AUDIT:run", "MailIT:sends", False),
        ("TimeoutException", "latest.py:get", "test_mail.py:test_send", False),
    ],
)
def test_where_only_the_test_noticed_the_place_does_not_count(
    kind: str, one: str, other: str, *, together: bool
) -> None:
    assert (numbers(of(kind=kind, frame=one), of(kind=kind, frame=other)) == [0, 0]) is together


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("KeyError: 'a'", "KeyError: 'b'"),
        ("KeyError: 'customer_identifier_of_order'", "KeyError: 'customer_identifier_of_orders'"),
        (
            "AttributeError: 'Order' object has no attribute 'sum'",
            "AttributeError: 'Order' object has no attribute 'num'",
        ),
        ('AttributeError: "Order" has no attribute "total"', 'AttributeError: "Orders" has no attribute "total"'),
        ("NameError: name 'x' is not defined", "NameError: name 'y' is not defined"),
        ("NameError: undefined local variable or method `x'", "NameError: undefined local variable or method `y'"),
        ("KeyError: 'a' in a long list of other things", "KeyError: 'a' in a long list of other things of 'b'"),
    ],
)
def test_failures_about_an_identifier_never_join_those_about_another(one: str, other: str) -> None:
    made = [fingerprint("", text, "", "orders.py") for text in (one, other)]
    assert made[0].kind in KEPT
    assert numbers(*made) == [0, 1]


@pytest.mark.parametrize("kind", sorted(KEPT))
def test_the_kinds_that_must_quote_alike_are_those_whose_fingerprint_keeps_the_quoted(kind: str) -> None:
    assert fingerprint(kind, "no 'a'", "", "").line == "no 'a'"


@pytest.mark.parametrize("quote", ["'", '"', "`"])
def test_an_identifier_that_the_end_of_the_line_cuts_off_counts_too(quote: str) -> None:
    start = "x" * 380 + f" {quote}"
    assert numbers(of(start + "abc", kind="KeyError"), of(start + "abd", kind="KeyError")) == [0, 1]


def test_other_words_around_the_same_identifier_join() -> None:
    lines = "'order_id' in <dict at <addr>>", "'order_id' in a <dict at <addr>>"
    assert numbers(*(of(line, kind="KeyError") for line in lines)) == [0, 0]


def test_the_most_alike_representative_wins_and_the_earliest_of_equals() -> None:
    lines = [of("a" * 16 + tail) for tail in ("bbbb", "cccc", "bccc", "bbcc")]
    assert numbers(*lines) == [0, 1, 1, 0]
    assert numbers(lines[1], lines[0], *lines[2:]) == [0, 1, 0, 0]


def test_a_higher_ratio_keeps_more_apart() -> None:
    lines = of("a" * 20), of("a" * 18 + "bb")
    assert numbers(*lines, rule=ClusterRule(ratio=90)) == [0, 0]
    assert numbers(*lines, rule=ClusterRule(ratio=90.1)) == [0, 1]


def test_an_id_is_the_hash_of_the_representative_and_nothing_else() -> None:
    found = cluster([of("something else"), of(), of(LINE + " again")])
    assert found.number.tolist() == [0, 1, 1]
    assert found.clusters[1] == Cluster(id=cluster_id(of()), representative=of())
    assert ids(cluster([of()])) == [cluster_id(of())]
    assert re.fullmatch(r"c1:[0-9a-f]{16}", cluster_id(of()))
    assert len({cluster_id(of()), cluster_id(of(frame="")), cluster_id(of(kind="")), cluster_id(of(line=""))}) == 4


DISK = UserRule(name="disk full", pattern=re.compile(r"^OSError: .*space left"), owner="infra", issue="OPS-7")
CLIENT = UserRule(name="client", pattern=re.compile(r"^client\.py"))


def test_the_first_user_rule_that_matches_decides_before_everything() -> None:
    full = [of("No space left on <str>", kind="OSError", frame=frame) for frame in ("client.py:get", "disk.py:write")]
    found = cluster([of("x", frame="other.py"), *full, of(), of("y", kind="ValueError")], [DISK, CLIENT])
    assert found.number.tolist() == [0, 1, 1, 2, 2]
    assert [item.rule for item in found.clusters] == [None, DISK, CLIENT]
    assert [item.representative for item in found.clusters[1:]] == [full[0], of()]


def test_the_id_of_a_rule_is_that_of_its_name() -> None:
    one, other = cluster([of()], [CLIENT]), cluster([of("y")], [UserRule(name="client", pattern=re.compile("y"))])
    assert ids(one) == ids(other)
    assert ids(one) != ids(cluster([of()]))


def test_rules_of_one_name_make_one_cluster() -> None:
    twin = UserRule(name="client", pattern=re.compile("server"))
    assert cluster([of(), of(frame="server.py:get")], [CLIENT, twin]).number.tolist() == [0, 0]


def test_what_a_rule_took_is_no_representative_for_others() -> None:
    rule = UserRule(name="again", pattern=re.compile("again"))
    assert cluster([of(LINE + " again"), of()], [rule]).number.tolist() == [0, 1]


def test_nothing_makes_no_cluster() -> None:
    found = cluster([])
    assert (found.number.tolist(), found.clusters, found.representatives) == ([], (), ())


def test_texts_that_say_nothing_make_one_cluster() -> None:
    assert numbers(*[of("", kind="", frame="")] * 3) == [0, 0, 0]


def test_ids_last_when_the_failures_that_founded_them_are_gone() -> None:
    lines = [of("a" * 16 + tail) for tail in ("bbbb", "bbbc", "bbcc", "cccc")]
    before = cluster(lines)
    assert before.number.tolist() == [0, 0, 0, 1]
    pruned = cluster(lines[1:], earlier=before.representatives)
    assert ids(pruned)[0] == ids(before)[1]
    assert ids(pruned)[2] == ids(before)[3]
    assert ids(cluster(lines[1:]))[0] != ids(before)[1]


def test_what_only_an_earlier_build_knew_is_kept_for_the_next_one() -> None:
    found = cluster([of()], earlier=[of("gone"), of()])
    assert found.representatives == (of("gone"), of())
    assert np.bincount(found.number, minlength=2).tolist() == [0, 1]


@pytest.mark.parametrize(
    ("tests", "occurrences", "expected"), [(1, 1, False), (1, 2, False), (1, 3, True), (2, 2, True), (0, 0, False)]
)
def test_a_cluster_is_shown_from_two_tests_or_three_occurrences(
    tests: int, occurrences: int, *, expected: bool
) -> None:
    assert shown(np.array([tests]), np.array([occurrences])).tolist() == [expected]


def test_twenty_thousand_lines_without_a_likeness_take_seconds() -> None:
    rng = np.random.default_rng(1)
    letters = rng.integers(97, 123, (20_000, 60), dtype=np.uint8)
    lines = [of(row.tobytes().decode("ascii")) for row in letters]
    start = time.process_time()
    found = cluster([*lines, *lines])
    assert time.process_time() - start < 10  # about 3 s on an idle machine
    assert found.number.tolist() == [*range(20_000), *range(20_000)]


def test_a_line_alike_to_one_beyond_the_room_stands_alone_but_the_same_line_does_not() -> None:
    rng = np.random.default_rng(1)
    letters = rng.integers(97, 123, (2_000, 100), dtype=np.uint8)
    lines = [row.tobytes().decode("ascii") for row in letters]
    near = of(lines[0][:-1] + "!"), of(lines[-1][:-1] + "!"), of(lines[-1])
    assert numbers(*map(of, lines), *near)[-3:] == [0, 2_000, 1_999]


PIECES = st.lists(st.sampled_from(["timed", "out", "after", "<n>", "'a'", "'b'", "refused"]), max_size=5)
FINGERPRINTS = st.lists(
    st.builds(
        of,
        line=PIECES.map(" ".join),
        kind=st.sampled_from(["KeyError", "TimeoutError", "AssertionError", ""]),
        frame=st.sampled_from(["", "client.py:get", "test_a.py:test_b", "test_c.py:test_d"]),
    ),
    max_size=25,
)
RULES = st.sampled_from([(), (UserRule(name="refused", pattern=re.compile("refused")),)])


@settings(deadline=None)
@given(early=FINGERPRINTS, late=FINGERPRINTS, rules=RULES)
def test_later_fingerprints_never_change_where_earlier_ones_belong(
    early: list[Fingerprint], late: list[Fingerprint], rules: tuple[UserRule, ...]
) -> None:
    before, after = cluster(early, rules), cluster([*early, *late], rules)
    assert after.number[: len(early)].tolist() == before.number.tolist()
    assert after.clusters[: len(before.clusters)] == before.clusters


@settings(deadline=None)
@given(found=FINGERPRINTS, rules=RULES)
def test_the_same_ids_come_out_when_the_last_build_is_fed_back(
    found: list[Fingerprint], rules: tuple[UserRule, ...]
) -> None:
    before = cluster(found, rules)
    again = cluster(found, rules, earlier=before.representatives)
    assert again.clusters == before.clusters


@settings(deadline=None)
@given(found=FINGERPRINTS)
def test_all_of_a_cluster_share_kind_and_identifiers_and_its_id_is_its_own(found: list[Fingerprint]) -> None:
    made = cluster(found)
    for fingerprint_, number in zip(found, made.number.tolist(), strict=True):
        head = made.clusters[number].representative
        assert fingerprint_.kind == head.kind
        if head.kind == "KeyError":
            assert re.findall("'.'", fingerprint_.line) == re.findall("'.'", head.line)
    assert len({item.id for item in made.clusters}) == len(made.clusters)
    assert set(made.number.tolist()) == set(range(len(made.clusters)))
