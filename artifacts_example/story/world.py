"""The invented project: suites, unit targets, test names, machines and the ways to write a time."""

from __future__ import annotations

import json
import random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

Json = dict[str, object]

SEED = 20260928
NAMESPACE = "hb"
CLOCK_TEXT = "%Y-%m-%dT%H:%M:%S"

# Each target tests a few things; test names are a verb and one of these.
SUITE_THINGS = {
    "e2e_arrival_board": (
        "late_yacht",
        "fleet_of_ten",
        "unknown_flag",
        "early_arrival",
        "cancelled_visit",
        "night_shift",
    ),
    "e2e_berth_allocation": ("catamaran", "box_berth", "two_week_stay", "owner_swap", "shallow_corner", "rafted_pair"),
    "e2e_chart_render": ("zoomed_tile", "buoy_layer", "empty_sector", "night_palette", "harbour_limits", "print_sheet"),
    "e2e_fax_notices": ("cover_page", "busy_line", "old_number", "two_recipients", "notice_to_skippers", "resend"),
    "e2e_guest_checkin": (
        "walk_in_guest",
        "missing_papers",
        "crew_list",
        "pet_on_board",
        "second_visit",
        "club_member",
    ),
    "e2e_harbour_master_app": (
        "patrol_round",
        "photo_of_damage",
        "radio_note",
        "shift_change",
        "lost_signal",
        "berth_scan",
    ),
    "e2e_invoice_run": ("credit_note", "season_contract", "foreign_vat", "deposit", "split_bill", "late_payer"),
    "e2e_lock_schedule": (
        "spring_tide",
        "full_basin",
        "skipper_queue",
        "holiday_hours",
        "neap_tide",
        "priority_vessel",
    ),
    "e2e_quay_power": ("blown_fuse", "card_top_up", "sixteen_amp_post", "metered_day", "winter_rate", "shared_post"),
    "e2e_tide_windows": ("drying_height", "summer_time", "sill_depth", "storm_surge", "missing_gauge", "leap_second"),
    "e2e_visitor_pass": ("gate_code", "weekend_pass", "expired_pass", "supplier", "lost_card", "group_pass"),
    "e2e_waitlist": (
        "longest_wait",
        "declined_offer",
        "upgrade_wish",
        "closed_season",
        "two_boats",
        "silent_applicant",
    ),
    "e2e_weather_feed": (
        "gale_warning",
        "stale_forecast",
        "second_station",
        "fog_bank",
        "wind_shift",
        "empty_bulletin",
    ),
}
UNIT_THINGS = {
    "ais_decoder": ("class_b_report", "split_sentence", "bad_checksum", "null_island", "long_name", "static_data"),
    "berth_geometry": ("angled_finger", "zero_beam", "overlap", "rotated_pontoon", "clearance", "corner_berth"),
    "booking_rules": ("back_to_back", "min_stay", "hold_expiry", "owner_absence", "overbooking", "change_of_boat"),
    "event_journal": ("torn_tail", "replayed_event", "snapshot", "clock_skew", "empty_segment", "old_version"),
    "money_rounding": ("half_cent", "negative_amount", "zero_total", "large_sum", "three_way_split", "discount"),
    "mooring_rules": ("bow_line", "stern_line", "swinging_circle", "tender", "max_length", "anchor_buoy"),
    "permit_numbers": ("check_digit", "reused_number", "lower_case", "year_change", "short_form", "gap"),
    "role_scopes": ("read_only_clerk", "expired_session", "nested_role", "admin", "guest", "revoked_role"),
    "tariff_rules": ("shoulder_season", "length_band", "member_rate", "multihull_rate", "weekly_rate", "rate_gap"),
    "tide_tables": (
        "secondary_port",
        "datum_shift",
        "double_high_water",
        "leap_year",
        "interpolated_hour",
        "gap_in_series",
    ),
}
REMOVED_SUITE, NEW_SUITE = "e2e_fax_notices", "e2e_visitor_pass"
VERBS = (
    "accepts",
    "explains",
    "keeps",
    "lists",
    "merges",
    "rejects",
    "reports",
    "restores",
    "shows",
    "sorts",
    "stores",
    "updates",
)
WORKFLOWS = (
    ("wf_arrive", "Arriving with a booking", ("e2e_arrival_board", "e2e_guest_checkin", "e2e_tide_windows")),
    ("wf_berth", "Getting a berth", ("e2e_berth_allocation", "e2e_waitlist")),
    ("wf_pay", "Paying for a stay", ("e2e_invoice_run", "e2e_quay_power")),
    ("wf_inform", "Telling the skipper", ("e2e_weather_feed", REMOVED_SUITE)),
)
HOMES = ("/srv/ci/harbour", "/Users/noor/harbour", "/home/runner/work/harbour/harbour")
SYSTEMS = ("Linux 6.8.0 x86_64", "Darwin 25.2.0 arm64", "Linux 6.11.0 x86_64")


def seeded(*labels: object) -> random.Random:
    """A generator that depends on the seed and its labels only."""
    return random.Random("/".join(map(str, (SEED, *labels))))


def hex_of(length: int, *labels: object) -> str:
    """So many hexadecimal digits, always the same for the same labels."""
    return "".join(seeded("hex", *labels).choices("0123456789abcdef", k=length))


def schema(name: str) -> str:
    """The schema id of this project for a name such as `e2e.summary.v1`."""
    return f"{NAMESPACE}.{name}"


def case_names(target: str, named: Iterable[str]) -> tuple[str, ...]:
    """The test names of a target, sorted: 15 to 20 drawn ones and the `named` ones that the story needs."""
    draw = seeded("cases", target)
    things = (SUITE_THINGS | UNIT_THINGS)[target]
    every = [f"{verb}_{thing}" for verb in VERBS for thing in things]
    return tuple(sorted({*draw.sample(every, draw.randint(15, 20)), *named}))


def stamp(when: datetime) -> str:
    """Run stamp, as in the name of a run folder."""
    return when.strftime("%Y%m%dT%H%M%SZ")


def iso_seconds(when: datetime) -> str:
    """RFC 3339 with seconds and `Z`."""
    return when.strftime(CLOCK_TEXT + "Z")


def iso_millis(when: datetime) -> str:
    """RFC 3339 with milliseconds and `Z`, as the Rust writers do."""
    return when.strftime(CLOCK_TEXT) + f".{when.microsecond // 1000:03d}Z"


def iso_python(when: datetime) -> str:
    """Python's isoformat with microseconds, as the post-run steps do."""
    return when.replace(microsecond=417_203).isoformat()


def pretty(data: object) -> str:
    """JSON for files that people open."""
    return json.dumps(data, indent=1, ensure_ascii=False) + "\n"


def dense(data: object) -> str:
    """JSON for files that are long and repeated."""
    return json.dumps(data, separators=(",", ":"), ensure_ascii=False) + "\n"


def lines(rows: Iterable[Json]) -> str:
    """JSON Lines."""
    return "".join(dense(row) for row in rows)
