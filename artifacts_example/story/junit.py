"""JUnit XML beside the native artifacts, in the dialects that real tools write."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from artifacts_example.story import faults as f
from artifacts_example.story.outcomes import Outcome, cases_of, ignored_case, trace_of
from artifacts_example.story.world import CLOCK_TEXT, SYSTEMS, seeded

if TYPE_CHECKING:
    from artifacts_example.story.plan import CiRun

JUNIT_RUNS = (1, 5, 9, 12, 16, 18, 20, 21, 25, 28, 32, 33)
SUREFIRE_RUNS = (21, 28, 33)  # retries recorded inside the case
NESTED_RUN, TOOLS_RUN, SPLIT_RUN = 16, 25, 9
PROPERTIES_RUNS = (16, 33)
FLAKY_KEY = f"suite:{f.FLAKY_CASE_SUITE}"
TOOLS_CASES = (
    (
        "test_tide_import",
        ("test_reads_csv", "test_reads_harmonics", "test_rejects_future_year", "test_keeps_datum", "test_merges_ports"),
    ),
    (
        "test_berth_plan",
        ("test_draws_pontoon", "test_scales[a3]", "test_scales[a4]", "test_exports_svg", "test_needs_plotter"),
    ),
    (
        "test_invoice_mail",
        ("test_subject", "test_attaches_pdf", "test_masks_account", "test_language[nl]", "test_language[de]"),
    ),
)
TOOLS_SKIPPED = "test_needs_plotter"


@dataclass(frozen=True, kw_only=True)
class CaseTotals:
    """Cases of a run after its attempts are merged."""

    tests: int = 0
    failed: int = 0
    errors: int = 0
    skipped: int = 0
    flaky: int = 0

    @property
    def passed(self) -> int:
        """Whatever did not fail, break or stay away."""
        return self.tests - self.failed - self.errors - self.skipped


def has_junit(run: CiRun) -> bool:
    """Whether this run uploaded JUnit files."""
    return run.number in JUNIT_RUNS


def flaky_cases(run: CiRun) -> list[str]:
    """Cases that failed first and passed on retry."""
    return [f"harbour::{f.FLAKY_CASE_SUITE}::{f.FLAKY_CASE}"] if run.number in SUREFIRE_RUNS else []


def totals(run: CiRun) -> CaseTotals | None:
    """Case counts, told from the story."""
    if not has_junit(run):
        return None
    extra = [name for _, names in TOOLS_CASES for name in names] if run.number == TOOLS_RUN else []
    broken = [o for o in run.outcomes.values() if o.fault and o.fault.case]
    return CaseTotals(
        tests=sum(len(cases_of(o.name)) for o in run.outcomes.values()) + len(extra),
        failed=sum(1 for o in broken if o.fault and o.fault.message),
        errors=sum(1 for o in broken if o.fault and not o.fault.message),
        skipped=sum(1 for o in run.outcomes.values() if ignored_case(o.name)) + extra.count(TOOLS_SKIPPED),
        flaky=len(flaky_cases(run)),
    )


def junit_files(run: CiRun) -> dict[str, str]:
    """Every JUnit file of a run, by its path below the folder of the CI run."""
    if not has_junit(run):
        return {}
    suites = [_suite(run, o) for o in run.outcomes.values() if o.surface == "suite"]
    units = [_suite(run, o) for o in run.outcomes.values() if o.surface == "unit"]
    if run.number == SPLIT_RUN:
        half = len(suites) // 2
        files = {"e2e-a.xml": _root(suites[:half]), "e2e-b.xml": _root(suites[half:]), "unit.xml": _root(units)}
    elif run.number == NESTED_RUN:
        files = {"harbour.xml": _root([_group("e2e", suites), _group("unit", units)])}
    else:
        files = {"harbour.xml": _root([*suites, *units])}
    if run.number == TOOLS_RUN:
        files["tools.xml"] = _tools(run)
    return {f"junit/{name}": _text(root) for name, root in files.items()}


def _text(root: ET.Element) -> str:
    ET.indent(root, space="")
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _count(node: ET.Element, tag: str) -> str:
    return str(sum(1 for case in node.iter("testcase") if case.find(tag) is not None))


def _sums(node: ET.Element) -> dict[str, str]:
    seconds = sum(float(case.get("time", "0")) for case in node.iter("testcase"))
    tests = sum(1 for _ in node.iter("testcase"))
    found = {
        name: _count(node, tag) for name, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped"))
    }
    return {"tests": str(tests), **found, "time": f"{seconds:.3f}"}


def _root(children: list[ET.Element]) -> ET.Element:
    root = ET.Element("testsuites", {"name": "harbour"})
    root.extend(children)
    root.attrib.update({key: value for key, value in _sums(root).items() if key != "skipped"})
    return root


def _group(name: str, children: list[ET.Element]) -> ET.Element:
    node = ET.Element("testsuite", {"name": name})
    node.extend(children)
    node.attrib.update(_sums(node))
    return node


def _suite(run: CiRun, outcome: Outcome) -> ET.Element:
    node = ET.Element("testsuite", {"name": outcome.name})
    if run.number in PROPERTIES_RUNS:
        properties = ET.SubElement(node, "properties")
        for name, value in (("commit", run.commit), ("os", SYSTEMS[run.host]), ("vcr_mode", "unset")):
            ET.SubElement(properties, "property", {"name": name, "value": value})
    names = cases_of(outcome.name)
    draw = seeded("case time", run.folder, outcome.name)
    weights = [draw.uniform(0.2, 1.8) for _ in names]
    for name, weight in zip(names, weights, strict=True):
        seconds = outcome.duration_ms * weight / sum(weights) / 1000
        case = ET.SubElement(
            node, "testcase", {"classname": f"harbour::{outcome.name}", "name": name, "time": f"{seconds:.3f}"}
        )
        _verdict(run, outcome, case)
    node.attrib.update(_sums(node) | {"timestamp": run.when.strftime(CLOCK_TEXT)})
    return node


def _verdict(run: CiRun, outcome: Outcome, case: ET.Element) -> None:
    name, fault = case.get("name"), outcome.fault
    if fault and name == fault.case:
        _failure(run, fault, case)
    elif name == ignored_case(outcome.name):
        ET.SubElement(case, "skipped", {"message": "ignored: needs the printer on the quay"})
        case.set("time", "0.000")
    elif outcome.key == FLAKY_KEY and name == f.FLAKY_CASE and run.number in SUREFIRE_RUNS:
        flaky = ET.SubElement(case, "flakyFailure", {"message": f.FLAKY_CASE_MESSAGE, "type": "panic"})
        trace = f"thread '{name}' panicked at tests/{outcome.name}.rs:133:9:\n{f.FLAKY_CASE_MESSAGE}"
        ET.SubElement(flaky, "stackTrace").text = trace


def _failure(run: CiRun, fault: f.Fault, case: ET.Element) -> None:
    if not fault.message:
        message = "process aborted with signal 11 (SIGSEGV)"
        ET.SubElement(case, "error", {"message": message, "type": "test abort"}).text = trace_of(fault)
        return
    ET.SubElement(case, "failure", {"message": fault.message, "type": "panic"}).text = trace_of(fault)
    if run.number in SUREFIRE_RUNS:
        again = ET.SubElement(case, "rerunFailure", {"message": fault.message, "type": "panic"})
        ET.SubElement(again, "stackTrace").text = trace_of(fault)


def _tools(run: CiRun) -> ET.Element:
    suite = ET.Element("testsuite", {"name": "tools"})
    draw = seeded("tools", run.folder)
    for module, names in TOOLS_CASES:
        for name in names:
            timing = f"{draw.uniform(0.002, 0.4):.3f}"
            case = ET.SubElement(
                suite, "testcase", {"classname": f"tools.tests.{module}", "name": name, "time": timing}
            )
            if name == TOOLS_SKIPPED:
                where = f"/srv/ci/harbour/tools/tests/{module}.py:31: no plotter on this machine"
                ET.SubElement(
                    case, "skipped", {"type": "pytest.skip", "message": "no plotter on this machine"}
                ).text = where
    when = run.when.strftime(CLOCK_TEXT + ".118204+00:00")
    suite.attrib.update(_sums(suite) | {"timestamp": when, "hostname": "ci-quay-2"})
    root = ET.Element("testsuites", {"name": "pytest tests"})
    root.append(suite)
    return root
