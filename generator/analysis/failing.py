"""The failing results of one run with their texts, before anything is concluded from them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pandas import MultiIndex

from generator.analysis.fingerprint import fingerprint
from generator.analysis.frames import BAD, exit_codes
from generator.analysis.signatures import KEYS, TEXTS
from generator.findings import TestRef
from generator.safety.ids import content_id, test_id

if TYPE_CHECKING:
    import pandas as pd

    from generator.analysis.dossier import Dossier, TargetKey
    from generator.analysis.frames import Prepared
    from generator.records import BundleFailure

ONLY_BUNDLE = "Only a replay bundle is left of this run; whether anything else failed is not known."


@dataclass(frozen=True, slots=True, kw_only=True)
class Failing:
    """One failing result; texts are "" where nothing is said."""

    test: TestRef
    unit: int
    part: str
    attempt: int
    status: str
    exit_code: int | None
    duration_s: float | None
    repeated: int
    signature: str
    fingerprint: str
    kind: str
    message: str
    trace: str
    file: str
    line: int
    odd: tuple[str, ...]
    bundle_only: bool = False

    @property
    def failure_id(self) -> str:
        """`f-` and 16 hex digits: the same for the same test and signature in every run."""
        ref = self.test
        return content_id("f", ref.surface, ref.suite, ref.classname, ref.name, self.signature, size=8)

    @property
    def place(self) -> TargetKey:
        """Where its own evidence is looked up."""
        return (self.unit, self.part, self.test.surface, self.test.name)

    @property
    def title(self) -> str:
        """Kind and normalised message: what the signature stands for."""
        kind, _, rest = self.fingerprint.partition(" | ")
        return ": ".join(word for word in (kind, rest.rpartition(" | ")[0]) if word) or "no message"


def failing(prepared: Prepared, index: int, found: Dossier) -> list[Failing]:
    """Return every failing result of run `index`, and the failed targets of parts that left a replay bundle only."""
    rows = prepared.rows(index)
    known = _of_rows(prepared, rows[rows["status"].isin(BAD)])
    seen = {item.test.test_id for item in known}
    lone = [_of_bundle(place, failure) for place, failure in found.lone_bundles()]
    extra = {item.test.test_id: item for item in reversed(lone) if item.test.test_id not in seen}
    return [*known, *(extra[key] for key in sorted(extra))]


def _of_rows(prepared: Prepared, rows: pd.DataFrame) -> list[Failing]:
    refs = prepared.tests(rows["test_id"].tolist())
    texts = prepared.details.reindex(MultiIndex.from_frame(rows[KEYS]))
    columns = [
        rows[name].tolist() for name in ("test_id", "unit", "part", "attempt", "status", "duration_s", "repeated")
    ]
    words = [texts[name].tolist() for name in ("signature", "fingerprint", *TEXTS)]
    lines = [line if isinstance(line, int) else 0 for line in texts["line"].tolist()]
    made = []
    for known, said, code, line in zip(
        zip(*columns, strict=True), zip(*words, strict=True), exit_codes(rows), lines, strict=True
    ):
        test_id_, unit, part, attempt, status, seconds, repeated = known
        signature, text, kind, message, trace, file, odd = said
        made.append(
            Failing(
                test=refs[test_id_],
                unit=unit,
                part=part,
                attempt=attempt,
                status=status,
                exit_code=code,
                duration_s=None if seconds != seconds else seconds,  # noqa: PLR0124  NaN is not itself
                repeated=repeated,
                signature=signature,
                fingerprint=text,
                kind=kind,
                message=message,
                trace=trace,
                file=file,
                line=line,
                odd=tuple(odd.split(",")) if odd else (),
            )
        )
    return made


def _of_bundle(place: TargetKey, failure: BundleFailure) -> Failing:
    unit, part, surface, name = place
    identity = (surface, name, "", name)
    code = failure.exit_code
    found = fingerprint(failure.root_cause_class, "" if code is None else f"exit code {code}", "", f"{surface}:{name}")
    return Failing(
        test=TestRef(test_id=test_id(*identity), surface=surface, suite=name, classname="", name=name),
        unit=unit,
        part=part,
        attempt=0,
        status="failed",
        exit_code=code,
        duration_s=None,
        repeated=0,
        signature=found.signature,
        fingerprint=found.text,
        kind=failure.root_cause_class,
        message="",
        trace="",
        file="",
        line=0,
        odd=(),
        bundle_only=True,
    )
