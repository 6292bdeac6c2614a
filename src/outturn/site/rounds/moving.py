"""Every move of an entry: refused with its sentence before anything is done, or done in one transaction."""

from collections.abc import Iterable

from django.db import transaction

from outturn.plans.roles import Deed, Person
from outturn.plans.states import OUT, SIGNED, Move, NotAllowed, Reason, check_move
from outturn.site.councils.actions import value_fields
from outturn.site.councils.models import Council
from outturn.site.indicators.models import Result
from outturn.site.scorecards.models import QuarterReport
from outturn.site.trail.actions import note_change, picture
from outturn.site.trail.models import Change
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
    entry.signoffs.filter(holds=True).update(holds=False)
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


@transaction.atomic
def confirm(entry: Entry, person: Person, *, seen: str = "", computed: Value | None = None, **details: object) -> None:
    """Stand by the figure that is there, or by the one worked out from records, which is typed for them."""
    Council.objects.select_for_update().get(pk=entry.round.council_id)
    (one,) = read_entries(Entry.objects.filter(pk=entry.pk))
    check_move(one.data, Move.CHANGE, person)
    if refused := person.why_not(Deed.EDIT_FIGURE, *one.place):
        raise NotAllowed(refused)
    if seen and seen != one.data.digest:
        raise NotAllowed(STALE)
    if computed is not None:
        _type(one, computed, person, details)
        (one,) = read_entries(Entry.objects.filter(pk=entry.pk))
    if one.value is None:
        raise NotAllowed("There is no figure to confirm. Type it, or the word for why there is none.")
    stand_by(one, person.account)


def _type(one: Standing, value: Value, person: Person, details: dict[str, object]) -> None:
    entry = one.stored
    row, _ = Result.objects.get_or_create(indicator_id=entry.indicator_id, period=entry.period)
    before = picture(row) if one.value is not None else {}
    for name, said in {**value_fields(value), **details}.items():
        setattr(row, name, said)
    row.save()
    row.refresh_from_db()
    note_change(
        by=person.account, verb="changed" if before else "added", council=entry.round.council.slug, kind="result",
        subject=f"{entry.indicator.slug}/{entry.period}", title=f"{entry.indicator.code} result for {row.period}",
        before=before, after=picture(row), reason="Taken over from the records.",
    )  # fmt: skip


def stand_by(one: Standing, by: str) -> None:
    """Keep that the owner stands by the figure as it is now."""
    entry = one.stored
    digest = digest_of(one.content["figures"])
    if entry.confirmed != digest:
        entry.confirmed = digest
        entry.save(update_fields=["confirmed"])
        printed = one.value.printed or one.value.words if one.value else ""
        note_change(
            by=by, verb="confirmed", council=entry.round.council.slug, kind="commentary", subject=entry.subject,
            title=f"{entry.title}: {entry.round.period.words}", after={"figure": printed},
        )

