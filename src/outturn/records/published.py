"""What was published of a council's measures: from the `comparators` files, as known on a day."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache

from outturn.engines.sql import literal
from outturn.returns.published import FIGURES, OUTCOME, Complaints, Key, Theirs, collected, dated
from outturn.returns.table import stored_rows
from outturn.terms.period import Period, write_date

from .areas import NO_CHANGES, AreaCodes
from .store import Records, Submission

RETURN = FIGURES.name
YEAR, PUBLISHED_BY = "year", "published_by"  # what a submission's manifest says of its file


@dataclass(frozen=True, slots=True)
class Published:
    """A figure as published, and the file it is from. `by` is who published it; empty where that was not said."""

    figure: Theirs
    file: str
    received: datetime
    by: str

    @property
    def origin(self) -> str:
        """Where it is from, as a sentence."""
        by = f"by {self.by}" if self.by else "elsewhere"
        return f"Published {by} ({self.file}, received {write_date(self.received.date())})."


class PublishedFigures:
    """The published figures of some councils in the files received by a day, read once.

    The latest file that has an outcome, or a marker in its place, gives the figure, whole: numbers of two files are
    never put together.
    """

    def __init__(
        self, records: Records, as_of: date, areas: Sequence[str], codes: AreaCodes = NO_CHANGES
    ) -> None:
        self.records, self.codes = records, codes
        self.found: dict[Key, Published] = {}
        wanted = [code for area in areas for code in codes.codes_of(area)]
        for file in reversed(records.submissions(RETURN)):
            if file.received.date() <= as_of and file.withdrawn is None and wanted:
                for key, figure in self._figures(file, wanted):
                    by = str(file.manifest.get(PUBLISHED_BY, ""))
                    self.found.setdefault(key, Published(figure, file.file, file.received, by))

    def of(self, measure: str, periods: Sequence[Period]) -> dict[Key, Published]:
        """Every published figure of a measure for some periods, by what it is about.

        What was published for a year is also that of the twelve months to its 31 March.
        """
        found: dict[Key, Published] = {}
        for period in periods:
            for key, one in sorted(self.found.items(), key=lambda each: each[0][3] != period.code):
                if key[0] == measure and _days(key[3]) == (period.start, period.end):
                    found.setdefault((*key[:3], period.code, key[4]), one)
        return found

    def _figures(self, file: Submission, areas: Sequence[str]) -> Iterator[tuple[Key, Theirs]]:
        """Under present codes; figures under a present code come before those under an old one."""
        where = f"area IN ({', '.join(map(literal, areas))})"
        spill = self.records.prepared / RETURN / "spill"
        rows = stored_rows(FIGURES, file.rows_file, spill, where)
        figures, _ = collected(dated(rows, str(file.manifest.get(YEAR, "")), Complaints()))
        for key in sorted(figures, key=lambda one: one[2] in self.codes.changes):
            figure = figures[key]
            if OUTCOME in figure.numbers or OUTCOME in figure.markers:
                yield (*key[:2], self.codes.current(key[2]), *key[3:]), figure


@cache
def _days(code: str) -> tuple[date, date]:
    period = Period.read(code)
    return period.start, period.end
