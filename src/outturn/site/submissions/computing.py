"""Keeps the figures that pages show in step with what is stored: which are wanted, and whether any are behind.

Nothing is counted here. `refresh` is handed something that counts: in the server another process, so that the one that
serves pages never opens the database of rows.
"""

import hashlib
import json
import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.utils import timezone

import outturn
from outturn import measuring, pipeline, questions
from outturn.site.councils.models import Council
from outturn.site.indicators.reading import definition_of
from outturn.site.indicators.worked_out import Source, periods_of, reported_quarters, source_of
from outturn.site.trail.models import Change
from outturn.terms.basis import TimeBasis
from outturn.terms.period import Period
from outturn.workspace import Refusal

from .models import WorkedOut

MOST_EARLIER = 4  # days of earlier files, by which is seen how figures grow after they are first told
RECENT = timedelta(days=400)  # a period older than this has settled


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a council's pages show: measures, each for every one of some periods, as known now or on an earlier day."""

    area: str
    codes: tuple[str, ...]
    periods: tuple[Period, ...]
    as_of: date | None = None


Measure = Callable[[Wanted], Sequence[str]]  # works the figures out and keeps them; gives sentences where it cannot


def refresh(measure: Measure) -> None:
    """Work out what any council's pages show and was not worked out from what is stored now."""
    kept = _stored()
    for council in Council.objects.exclude(area=""):
        wanted = list(wanted_by(council, timezone.localdate()))
        made_from = _digest(kept, wanted)
        if not wanted or WorkedOut.objects.filter(area=council.area, made_from=made_from).exists():
            continue
        faults = [fault for each in wanted if not _told_before(each) for fault in measure(each)]
        release(council, wanted)
        about = {"made_from": made_from, "at": timezone.now(), "faults": faults}
        WorkedOut.objects.update_or_create(area=council.area, defaults=about)


def _told_before(wanted: Wanted) -> bool:
    """Whether it is of an earlier day, of which nothing new can be told, and was told."""
    if not wanted.as_of:
        return False
    periods = [period.code for period in wanted.periods]
    told = measuring.told_over_time(settings.WORKSPACE, wanted.area, wanted.codes, periods)
    return all(str(wanted.as_of) in told.get((code, period), ()) for code in wanted.codes for period in periods)


def release(council: Council, wanted: Iterable[Wanted]) -> None:
    """Release what is told of a council's indicators to the public."""
    sources = (source_of(definition_of(row.framework, row.code), TimeBasis.read(row.basis))
               for row in council.indicators.all())  # fmt: skip
    asked = [(each.codes, [period.code for period in each.periods]) for each in wanted if not each.as_of]
    measuring.release(settings.WORKSPACE, council.area, asked, {(one.code, one.part) for one in sources if one})


def wanted_by(council: Council, today: date) -> Iterable[Wanted]:
    """What a council's indicators ask of its records, each time basis apart."""
    by_basis: dict[TimeBasis, dict[str, None]] = {}
    for row in council.indicators.all():
        basis = TimeBasis.read(row.basis)
        if source := source_of(definition_of(row.framework, row.code), basis):
            by_basis.setdefault(basis, {})[source.code] = None
    quarters = reported_quarters(council, today)
    earlier = measuring.days_received(settings.WORKSPACE, council.area)[:-1][-MOST_EARLIER:]
    for basis, codes in by_basis.items():
        periods = tuple(periods_of(basis, quarters, today))
        fitting = tuple(code for code in codes if periods and _fits(Source(code, None, basis), periods[0]))
        if fitting:
            yield Wanted(council.area, fitting, periods)
            for day in earlier:
                known = tuple(period for period in periods if day - RECENT < period.end < day)
                if known:
                    yield Wanted(council.area, fitting, known, day)


def stamp() -> tuple[object, ...]:
    """Changes whenever figures may have fallen behind: with a file that is stored or withdrawn, and with an edit."""
    of_councils = Change.objects.filter(council__in=Council.objects.exclude(area="").values("slug"))
    newest = of_councils.order_by("-id").values_list("id", flat=True).first()
    return newest, _stored(), timezone.localdate()


def _fits(source: Source, period: Period) -> bool:
    """Whether there is such a measure, and it is given for such periods."""
    try:
        return questions.ASKED_AS[period.kind] in questions.find_measure(source.code).periods
    except Refusal:
        return False


def _stored() -> tuple[tuple[str, str, int], ...]:
    """The submissions of all returns, each with when anything last happened to it."""
    found = []
    for name in pipeline.RETURNS:
        try:
            entries = list(os.scandir(settings.WORKSPACE.records / name))
        except FileNotFoundError:
            continue
        found += [(name, one.name, one.stat().st_mtime_ns) for one in entries if not one.name.startswith(".")]
    return tuple(sorted(found))


def _digest(stored: object, wanted: Sequence[Wanted]) -> str:
    asked = [[each.area, each.codes, [period.code for period in each.periods], str(each.as_of)] for each in wanted]
    text = json.dumps([outturn.__version__, "and released", stored, asked])
    return hashlib.sha256(text.encode()).hexdigest()
