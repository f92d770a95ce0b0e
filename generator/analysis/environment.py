"""The surroundings of a failure: what to set up before replaying it."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from generator.analysis.since import forge_base
from generator.safety.ids import is_commit, reanchor
from generator.safety.text import has_control

if TYPE_CHECKING:
    from generator.analysis.dossier import Dossier, TargetKey
    from generator.analysis.failing import Failing
    from generator.config import ProjectSettings
    from generator.findings import RunFacts
    from generator.records import Shard


def environment(
    failing: Failing, found: Dossier, run: RunFacts, parent: TargetKey | None
) -> tuple[tuple[str, str], ...]:
    """Return (label, value) pairs of all that is known, of the failure's part before its run.

    The case of a report says nothing itself: it ran where its target, `parent`, did, or in the only runner part.
    """
    key = parent[:2] if parent else found.runner(failing.unit, failing.part)
    part, bundle = found.parts.get(key), found.bundles.get(key)
    values = {
        "Commit": commit_of(failing, found, run),
        "Branch": (part.branch if part else "") or run.branch,
        "Profile": part.profile if part else "",
        "VCR mode": (part.vcr_mode if part else "") or (bundle.vcr_mode if bundle else ""),
        "Shard": _shard(part.shard) if part else "",
        "OS": (part.os if part else "") or (bundle.os if bundle else ""),
        "Rust": (part.rustc if part else "") or (bundle.rustc if bundle else ""),
        "Runner correlation id": (part.correlation_id if part else "") or (bundle.correlation_id if bundle else ""),
    }
    return tuple((label, value) for label, value in values.items() if value)


def commit_of(failing: Failing, found: Dossier, run: RunFacts) -> str:
    """Return the longest commit id that the failure's part or run states."""
    part = found.parts.get((failing.unit, failing.part))
    own = part.commit if part else ""
    return run.commit if not own or run.commit.startswith(own) else own


def source_url(file: str, line: int, commit: str, project: ProjectSettings) -> str:
    """Return the address of a line at the forge, "" unless the file is known to lie in the repository.

    An absolute path of another computer is cut behind the last folder that has the repository's name.
    """
    base, path = forge_base(project.forge_url), file.replace("\\", "/").removeprefix("./")
    if path.startswith("/") or path[1:2] == ":":
        path = reanchor(file, {project.repository.rpartition("/")[2], base.rpartition("/")[2]} - {""}) or ""
    steps = path.split("/")
    if not base or not path or not is_commit(commit) or {"..", ".", ""} & set(steps) or has_control(path):
        return ""
    return f"{base}/blob/{commit}/{quote(path)}" + (f"#L{line}" if line > 0 else "")


def _shard(shard: Shard) -> str:
    if not shard.sharded or shard.index is None:
        return ""
    return f"{shard.name} ({shard.kind} {shard.index + 1} of {shard.total})"
