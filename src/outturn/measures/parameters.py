"""What `:name` stands for in a measure's SQL. The text that results is the same on every engine."""

import re
from collections.abc import Mapping, Sequence
from datetime import date

from outturn.records.methods import Method
from outturn.terms.period import Period

AGES = (18, 25, 65, 75, 85)
WINDOWS = (
    "episode_gap", "sequel_days", "death_days", "new_client_days", "late_review_days", "look_back_days",
    "follow_up_days", "link_before_days", "link_after_days",
)  # fmt: skip
# Parameter: the method's switch, and the setting for which the parameter is true.
SWITCHES = {
    "blank_home_component_counts": ("blank_home_component", "counts"),
    "self_funded_stays_removed": ("self_funded_stays", "removed"),
    "only_first_and_open": ("admissions", "first, and open at the end"),
    "blank_carer_component_counts": ("blank_carer_component", "counts"),
    "silent_follow_up_sets_outcome_aside": ("silent_follow_up", "sets the outcome aside"),
    "hospital_counts": ("hospital", "counts"),
    "referral_counts": ("referral", "counts"),
    "prison_counts": ("prison", "counts"),
    "after_new_request": ("episode_starts", "after a new client's request"),
}
# Not within a text, and not the colon of a time of day.
PARAMETER = re.compile(r"('(?:[^']|'')*'|--[^\n]*)|(?<![:\w]):([a-z][a-z0-9_]*)")


def days_to(age: int) -> int:
    """The days from a birth month's first day to the first on which the age rule gives `age`: years of 365.25 days."""
    return -(-age * 1461 // 4)


def parameters(method: Method, periods: Sequence[Period]) -> dict[str, str]:
    """Every parameter as SQL text."""
    found = {
        "first_day": _day(min(period.start for period in periods)),
        "last_day": _day(max(period.end for period in periods)),
    }
    found |= {f"days_to_{age}": str(days_to(age)) for age in AGES}
    found |= {name: str(getattr(method, name)) for name in WINDOWS}
    found |= {
        name: "TRUE" if getattr(method, switch) == setting else "FALSE" for name, (switch, setting) in SWITCHES.items()
    }
    return found


def filled_in(sql: str, values: Mapping[str, str]) -> str:
    """The SQL with its parameters put in. Raises KeyError for one that does not exist."""
    return PARAMETER.sub(lambda found: found[1] or values[found[2]], sql)


def _day(day: date) -> str:
    return f"DATE '{day}'"
