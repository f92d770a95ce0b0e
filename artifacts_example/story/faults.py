"""The ways in which a target of the story goes wrong."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Fault:
    """One way to fail; an empty `message` means that the log holds no panic."""

    case: str = ""
    message: str = ""
    file: str = ""
    line: int = 0
    column: int = 0
    thread: str = ""
    exit_code: int = 101
    tail: tuple[str, ...] = ()
    compiles: bool = True

    @property
    def reported_test(self) -> str:
        """What the runner takes for the failing test: the thread that panicked."""
        return self.thread or (self.case if self.message else "")

    @property
    def header(self) -> str:
        """The first line of the panic, or nothing."""
        return (
            f"thread '{self.reported_test}' panicked at {self.file}:{self.line}:{self.column}:" if self.message else ""
        )


def _wide(case: str) -> Fault:
    message = (
        'called `Result::unwrap()` on an `Err` value: MissingColumn { table: "berth_hold", column: "tidal_window_id" }'
    )
    return Fault(case=case, message=message, file="src/store/hold.rs", line=118, column=14)


SURCHARGE = Fault(
    case="late_stay_surcharge_is_rounded_once",
    message="assertion `left == right` failed: invoice total in cents\n  left: 18450\n right: 18449",
    file="tests/e2e_invoice_run.rs",
    line=214,
    column=9,
)
WAITLIST = Fault(
    case="freed_berth_goes_to_longest_wait",
    message='assertion `left == right` failed: offer went to the wrong boat\n  left: "Wigeon"\n right: "Sula"',
    file="tests/e2e_waitlist.rs",
    line=97,
    column=5,
)
WEATHER = Fault(
    case="gale_warning_reaches_open_bookings",
    message="feed stub at 127.0.0.1:38211: Connection refused (os error 111)",
    file="tests/support/feed.rs",
    line=61,
    column=18,
)
OFFLINE_MOVE = Fault(
    case="moves_boat_while_offline",
    message="called `Option::unwrap()` on a `None` value",
    file="src/app/outbox.rs",
    line=88,
    column=41,
    thread="<unnamed>",
)
SLACK_WATER = Fault(
    case="gate_closes_before_slack_water",
    message="assertion failed: gate.closed_at <= tide.slack_at",
    file="tests/e2e_lock_schedule.rs",
    line=152,
    column=13,
)
SEGFAULT = Fault(
    case="draws_depth_contours_at_zoom_14",
    exit_code=139,
    tail=(
        "error: test failed, to rerun pass `--test e2e_chart_render`",
        "",
        "Caused by:",
        "  process did not exit successfully: (signal: 11, SIGSEGV: invalid memory reference)",
    ),
)
RAFTING = Fault(
    case="rafting_limit_counts_tenders",
    message="assertion `left == right` failed: boats alongside\n  left: 4\n right: 3",
    file="tests/mooring_rules.rs",
    line=73,
    column=9,
)
SPLIT_VAT = Fault(
    case="vat_of_split_payment_adds_up",
    message="assertion `left == right` failed: VAT of the parts in cents\n  left: 1267\n right: 1266",
    file="tests/money_rounding.rs",
    line=41,
    column=9,
)
LOST_LEASE = Fault(exit_code=1, tail=("runner: worker lease 918273 failed to renew, the machine is being taken away",))
NO_COMPILE = Fault(
    compiles=False,
    tail=(
        "error[E0432]: unresolved import `harbour::tariff::LengthBand`",
        " --> tests/tariff_rules.rs:3:5",
        'error: could not compile `harbour` (test "tariff_rules") due to 1 previous error',
    ),
)
BOARD, KEEL, SPRING = (
    _wide("board_lists_today_in_tide_order"),
    _wide("deep_keel_gets_deep_berth"),
    _wide("window_moves_with_spring_tide"),
)
FLAKY_CASE, FLAKY_CASE_SUITE = "meter_reading_survives_reconnect", "e2e_quay_power"
FLAKY_CASE_MESSAGE = "assertion failed: meter.reading() >= before"
NAMED_CASES = {
    "e2e_arrival_board": BOARD.case,
    "e2e_berth_allocation": KEEL.case,
    "e2e_chart_render": SEGFAULT.case,
    "e2e_harbour_master_app": OFFLINE_MOVE.case,
    "e2e_invoice_run": SURCHARGE.case,
    "e2e_lock_schedule": SLACK_WATER.case,
    "e2e_quay_power": FLAKY_CASE,
    "e2e_tide_windows": SPRING.case,
    "e2e_waitlist": WAITLIST.case,
    "e2e_weather_feed": WEATHER.case,
    "mooring_rules": RAFTING.case,
    "money_rounding": SPLIT_VAT.case,
}
