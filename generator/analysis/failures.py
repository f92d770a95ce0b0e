"""Every failing result of a run as a Failure: all that its replay page says."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from generator.analysis.commands import offer
from generator.analysis.environment import commit_of, environment, source_url
from generator.analysis.families import families
from generator.analysis.files import evidence
from generator.analysis.places import place
from generator.analysis.remarks import class_caution, notes
from generator.analysis.strips import attempts, strips
from generator.findings import Failure, FailureLink

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from generator.analysis.dossier import Dossier
    from generator.analysis.failing import Failing
    from generator.analysis.families import Families
    from generator.analysis.frames import Prepared
    from generator.findings import AttemptNote, ChangeKind, FlakyNote, Outcome, RunFacts, Since


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What other parts of the analysis concluded about the failing tests, by test id."""

    changes: Mapping[int, ChangeKind]
    signature_changed: frozenset[int]
    since: Mapping[int, Since]
    flaky: Mapping[int, FlakyNote]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Context:
    prepared: Prepared
    run: RunFacts
    found: Dossier
    known: Known
    families: Families
    strips: Mapping[int, tuple[Outcome, ...]]
    attempts: Mapping[int, tuple[AttemptNote, ...]]
    links: Mapping[int, FailureLink]
    alike: Mapping[str, Sequence[FailureLink]]
    """Links of the failures of each signature; a target that is left to its cases is not among them."""


def failures(
    prepared: Prepared, index: int, items: Sequence[Failing], found: Dossier, known: Known
) -> tuple[Failure, ...]:
    """Return the failures of run `index`: new before known, wide before isolated, then by key."""
    joined = families(items)
    links = {
        item.test.test_id: FailureLink(failure_id=item.failure_id, title=item.test.title, key=item.test.key)
        for item in items
    }
    alike: dict[str, list[FailureLink]] = defaultdict(list)
    for item in sorted(items, key=lambda item: (item.test.key, item.test.test_id)):
        if item.test.test_id not in joined.children:
            alike[item.signature].append(links[item.test.test_id])
    context = _Context(
        prepared=prepared,
        run=prepared.runs[index],
        found=found,
        known=known,
        families=joined,
        strips=strips(prepared, index, items),
        attempts=attempts(prepared, items),
        links=links,
        alike=alike,
    )
    made = [_failure(item, context) for item in items]
    return tuple(
        sorted(
            made,
            key=lambda failure: (
                not failure.change.new,
                -len(alike[failure.signature]),
                failure.test.key,
                failure.test.test_id,
            ),
        )
    )


def _failure(item: Failing, context: _Context) -> Failure:
    test_id, found = item.test.test_id, context.found
    parent = context.families.parents.get(test_id)
    settings = context.prepared.settings
    home = parent.place if parent else None
    offered = offer(item, found, home, settings.replay.templates)
    digest, above = found.digests.get(item.place), found.digests.get(home) if home else None
    bundled = found.bundled.get(item.place) or (found.bundled.get(home) if home else None)
    said = digest or above
    alone = parent is not None and len(context.families.children[parent.test.test_id]) == 1
    where = place(item, digest, above, alone=alone)
    commit = commit_of(item, found, context.run)
    return Failure(
        failure_id=item.failure_id,
        test=item.test,
        signature=item.signature,
        change=context.known.changes[test_id],
        signature_changed=test_id in context.known.signature_changed,
        since=context.known.since[test_id],
        flaky=context.known.flaky.get(test_id),
        exit_code=item.exit_code,
        status=item.status,
        kind=item.kind,
        message=item.message,
        trace=item.trace,
        file=where.file,
        line=where.line,
        column=where.column,
        source_url=source_url(where.file, where.line, commit, settings.project) if where.linkable else "",
        root_cause_class=said.root_cause_class if said else bundled.root_cause_class if bundled else "",
        class_caution=class_caution(said),
        impacted=said.impacted if said else (),
        duration_s=item.duration_s,
        attempts=context.attempts.get(test_id, ()),
        commands=offered.commands,
        no_command_reason=offered.reason,
        environment=environment(item, found, context.run, home),
        timeline=found.timelines.get(item.place) or (found.timelines.get(home, ()) if home else ()),
        evidence=evidence(item, found, home),
        outcomes=context.strips[test_id],
        same_cause=_same_cause(item, context),
        parent=context.links[parent.test.test_id] if parent else None,
        children=tuple(context.links[child.test.test_id] for child in context.families.children.get(test_id, ())),
        notes=notes(item, found, offered.commands),
        part=item.part,
    )


def _same_cause(item: Failing, context: _Context) -> tuple[FailureLink, ...]:
    """Return the other failures of the signature, as many as a list of the site shows; the cause names all of them."""
    own = context.links[item.test.test_id]
    limit = context.prepared.settings.site.list_rows
    group = context.alike.get(item.signature, ())
    return tuple(link for link in group[: limit + 1] if link is not own)[:limit]
