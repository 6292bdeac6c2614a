"""How many people of an age live in an area: from the population files, as known on a day.

Where there is no figure, the answer is an `Absent` with a sentence; it is never nought.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from outturn.returns.refusals import listed
from outturn.terms.period import Period

from .areas import NO_CHANGES, AreaCodes, how_to_join
from .store import Records, Submission

RETURN = "population"
ANY_YEAR = "The population file states no year"  # the flag of a figure from such a file
SUBMIT = "Submit one with “outturn submit population FILE”."


@dataclass(frozen=True, slots=True)
class Population:
    """People living in an area in the middle of a year. `year` is None where the file states none, as `flags` say."""

    people: int
    year: int | None
    source: str
    file: str
    submission: str

    @property
    def flags(self) -> tuple[str, ...]:
        """What a reader of the rate must be told."""
        return () if self.year else (ANY_YEAR,)


@dataclass(frozen=True, slots=True)
class Absent:
    """No figure, and why, with what to do."""

    words: str


def population_year(period: Period) -> int:
    """The year whose middle, 30 June, is the last on or before a period's end: 2024 for the year 2024-25."""
    return period.end.year if (period.end.month, period.end.day) >= (6, 30) else period.end.year - 1


class Populations:
    """The population files received by a day, read once. The latest that has a figure gives it."""

    def __init__(self, records: Records, as_of: date, codes: AreaCodes = NO_CHANGES) -> None:
        self.codes = codes
        self.rows: dict[str, list[tuple[Submission, dict[str, Any]]]] = {}  # by present code, in order of preference
        for file in reversed(records.submissions(RETURN)):
            if file.received.date() <= as_of and file.withdrawn is None:
                for row in sorted(file.report["figures"], key=self._comes_first):
                    self.rows.setdefault(codes.current(row["la_code"]), []).append((file, row))

    def of(self, area: str, band: str, year: int) -> Population | Absent:
        """The figure for a council's age band in the middle of a year, or why there is none."""
        ours = self.rows.get(self.codes.current(area), [])
        in_band = [(file, row) for file, row in ours if row["age_band"] == band]
        for file, row in in_band:
            if row["year"] in (year, None):
                return Population(row["population"], row["year"], row["source"] or "", file.file, file.id)
        return Absent(self._why_not(area, band, year, [row for _, row in ours], [row for _, row in in_band]))

    def _comes_first(self, row: dict[str, Any]) -> tuple[bool, bool]:
        """Rows of a stated year before those of any, those under a present code before those under an old one."""
        return row["year"] is None, row["la_code"] in self.codes.changes

    def _why_not(
        self, area: str, band: str, year: int, ours: list[dict[str, Any]], in_band: list[dict[str, Any]]
    ) -> str:
        if not self.rows:
            return f"There is no population file. {SUBMIT}"
        if not ours:
            others = sorted({row["la_code"] for rows in self.rows.values() for _, row in rows})
            return (
                f"No population file has a row for the council {area}; they have {listed(others)}. {SUBMIT} "
                f"{how_to_join(others[0], area)}"
            )
        if not in_band:
            bands = _distinct(row["age_band"] for row in ours)
            return f"No population file has people aged {band} of the council {area}; they have {bands}. {SUBMIT}"
        years = _distinct(row["year"] for row in in_band)
        return (
            f"The population files have people aged {band} of the council {area} for {years}, not for the middle of "
            f"{year}. {SUBMIT}"
        )


def _distinct(found: Iterable[Any]) -> str:
    return listed(map(str, sorted(set(found))))
