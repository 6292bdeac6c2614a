"""Every move of an entry: refused with its sentence before anything is done, or done in one transaction."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.db import transaction

from outturn.plans.roles import Deed, Person
from outturn.plans.states import OUT, SIGNED, Move, NotAllowed, Reason, check_move
from outturn.site.councils.actions import value_fields
from outturn.site.councils.models import Council
from outturn.site.indicators.models import Result
from outturn.site.scorecards.models import QuarterReport
from outturn.site.trail.actions import note_change, picture
from outturn.site.trail.models import Change
from outturn.terms.period import Period
from outturn.terms.value import Value

from .content import digest_of, text_of
from .models import Entry, Publication, SignOff
from .reading import Standing, read_entries

STALE = "This entry changed after you opened its page. Read it again, then decide."


@transaction.atomic
def make_move(
    entry: Entry, move: Move, person: Person, *, note: str = "", reason: Reason | None = None, seen: str = ""
) -> Standing:
    """Make one move. `seen`: the digest of what the person read, where they read a page. Raises NotAllowed."""
    return move_all([entry], move, person, note=note, reason=reason, seen={entry.pk: seen} if seen else {})[0]


@transaction.atomic
def move_all(
    entries: Iterable[Entry], move: Move, person: Person, *, note: str = "", reason: Reason | None = None,
    seen: dict[int, str] | None = None,
) -> list[Standing]:
    """Make one move for several entries of a round, or for none. Raises NotAllowed, naming the first refused."""
    wanted = list(entries)
    if not wanted:
        return []
    # one writer of a council at a time, as with every form: what is checked below still holds when it is saved
    Council.objects.select_for_update().get(pk=wanted[0].round.council_id)
    found = read_entries(Entry.objects.filter(pk__in=[entry.pk for entry in wanted]))
    for one in found:
        try:
            if (seen or {}).get(one.stored.pk, one.data.digest) != one.data.digest:
                raise NotAllowed(STALE)
            check_move(one.data, move, person, note=note, reason=reason)
        except NotAllowed as refused:
            if len(found) == 1:
                raise
            raise NotAllowed(f"{one.stored.title}: {refused} Nothing was done for any of them.") from None
    for one in found:
        _move(one, move, person, note, reason)
    return read_entries(Entry.objects.filter(pk__in=[entry.pk for entry in wanted]))


def _move(one: Standing, move: Move, person: Person, note: str, reason: Reason | None) -> None:
    row = check_move(one.data, move, person, note=note, reason=reason)
    entry, was = one.stored, one.state
    entry.state = row.to.value
    entry.note = note if move is Move.RETURN else ""
    if row.to in SIGNED:
        lapsed = [each.pk for each in one.signoffs if each.holds and each.digest != one.data.digest]
        SignOff.objects.filter(pk__in=lapsed).update(holds=False)
        SignOff.objects.create(
            entry=entry, step=row.to.value, by=person.account, digest=one.data.digest, content=one.content
        )
    elif row.to not in OUT:
        entry.signoffs.filter(holds=True).update(holds=False)
    if move is Move.RESTATE:
        entry.reason, entry.because = reason.value if reason else "", note
    published = _publish(one, person) if row.to in OUT else {}
    entry.save()
    note_change(
        by=person.account, verb="changed", council=entry.round.council.slug, kind="entry", subject=entry.subject,
        title=f"{entry.title}: {entry.round.period.words}", reason=note, before={"state": was.value},
        after={"state": entry.state, **({"restatement": reason.value} if reason else {}), **published},
    )  # fmt: skip


def _publish(one: Standing, person: Person) -> dict[str, str]:
    """Keep what is published for good; of a priority it becomes the scorecard's report. What the trail should say."""
    entry = one.stored
    number = len(one.publications) + 1
    changes = Change.objects.filter(council=entry.round.council.slug)
    Publication.objects.create(
        entry=entry, number=number, by=person.account, content=one.content, reason=entry.reason, because=entry.because,
        seen=changes.order_by("-id").values_list("id", flat=True).first() or 0,
    )  # fmt: skip
    said = {"restatement": f"number {number - 1}: {entry.reason}"} if entry.reason else {}
    entry.reason = entry.because = ""
    if entry.priority_id:
        _report(one, person.account)
    return said


def _report(one: Standing, by: str) -> None:
    """Write the scorecard's progress summary."""
    entry = one.stored
    report = QuarterReport.objects.filter(priority=entry.priority_id, quarter=entry.round.quarter).first()
    before = picture(report) if report else {}
    report = report or QuarterReport(priority_id=entry.priority_id, quarter=entry.round.quarter)
    report.status, report.progress = entry.status, text_of(one.content)
    report.save()
    note_change(
        by=by, verb="changed" if before else "added", council=entry.round.council.slug, kind="report",
        subject=entry.subject, title=f"{entry.title}: {entry.round.period.words}", before=before, after=picture(report),
        reason="Published in the round.",
    )  # fmt: skip


# What is written. Pages have forms of their own for it, which show two people's texts side by side.


def confirm(entry: Entry, person: Person, *, seen: str = "") -> None:
    """Stand by the figure that is there."""
    with _changing(entry, person, Deed.EDIT_FIGURE, seen) as one:
        if one.value is None:
            raise NotAllowed("There is no figure to confirm. Type it, or the word for why there is none.")
        stand_by(one, person.account)


def take_figure(entry: Entry, person: Person, value: Value, *, reason: str, seen: str = "", **details: object) -> None:
    """Put a figure in place of what is there, and stand by it. `details`: the other fields of a result."""
    with _changing(entry, person, Deed.EDIT_FIGURE, seen):
        indicator = entry.indicator
        row = Result.objects.filter(indicator=indicator, period=entry.period).first()
        before = picture(row) if row else {}
        row = row or Result(indicator=indicator, period=entry.period)
        for name, said in {**value_fields(value), **details}.items():
            setattr(row, name, said)
        row.save()
        row.refresh_from_db()
        note_change(
            by=person.account, verb="changed" if before else "added", council=entry.round.council.slug, kind="result",
            subject=f"{indicator.slug}/{row.period}", before=before, after=picture(row), reason=reason,
            title=f"{indicator.code} result for {Period.read(row.period).words}",
        )  # fmt: skip
        (now,) = read_entries(Entry.objects.filter(pk=entry.pk))
        stand_by(now, person.account)


def write(entry: Entry, person: Person, *, seen: str = "", **said: str) -> None:
    """Write any of the words, or a priority's status."""
    with _changing(entry, person, Deed.WRITE_COMMENTARY, seen) as one:
        stored = one.stored
        before = {name: getattr(stored, name) for name in said}
        for name, text in said.items():
            setattr(stored, name, text)
        stored.clean_fields(exclude={each.name for each in stored._meta.fields} - said.keys())
        stored.save(update_fields=list(said))
        note_change(
            by=person.account, verb="changed", council=stored.round.council.slug, kind="commentary",
            subject=stored.subject, title=f"{stored.title}: {stored.round.period.words}", before=before, after=said,
        )  # fmt: skip


@contextmanager
def _changing(entry: Entry, person: Person, deed: Deed, seen: str) -> Iterator[Standing]:
    """The entry, to be changed in one transaction. Raises NotAllowed where it, or this person, cannot."""
    with transaction.atomic():
        Council.objects.select_for_update().get(pk=entry.round.council_id)
        (one,) = read_entries(Entry.objects.filter(pk=entry.pk))
        check_move(one.data, Move.CHANGE, person)
        if refused := person.why_not(deed, *one.place):
            raise NotAllowed(refused)
        if seen and seen != one.data.digest:
            raise NotAllowed(STALE)
        yield one


def stand_by(one: Standing, by: str) -> None:
    """Keep that somebody stands by the figure as it is now."""
    entry = one.stored
    digest = digest_of(one.content["figures"])
    if entry.confirmed != digest:
        entry.confirmed = digest
        entry.save(update_fields=["confirmed"])
        printed = one.value.printed or one.value.words if one.value else ""
        note_change(
            by=by, verb="confirmed", council=entry.round.council.slug, kind="figure", subject=entry.subject,
            title=f"{entry.title}: {entry.round.period.words}", after={"figure": printed},
        )
