"""Rounds and their entries as they stand today, in a constant number of queries."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse

from outturn.plans import states
from outturn.plans.roles import Deed, Owners, Person
from outturn.plans.states import OUT, SIGNED, Allowed, Reason, Signature, State, as_it_stands, may_move, next_move
from outturn.site.indicators.models import Result
from outturn.site.trail.models import Change
from outturn.terms.value import Value

from .content import Content, content_of, differences, digest_of, falls_in, owing, read_period, value_in
from .models import Entry, Publication, Round, SignOff

WRITES = ("result", "commentary", "figure")
"""Kinds of rows in the trail by which somebody becomes a writer of an entry."""


@dataclass(frozen=True, slots=True)
class Standing:
    """An entry with all that is known of it."""

    stored: Entry
    data: states.Entry  # decides its moves
    content: Content
    signoffs: Sequence[SignOff]
    publications: Sequence[Publication]

    @property
    def state(self) -> State:
        """Where it stands."""
        return self.data.state

    @property
    def place(self) -> tuple[str, str, str, Owners]:
        """For `Person.may`."""
        return self.data.council, self.data.service, self.data.plan, self.data.owner

    @property
    def value(self) -> Value | None:
        """Its figure, of an indicator."""
        return value_in(self.content, self.stored.period)

    @property
    def published(self) -> Content | None:
        """What readers outside have of it."""
        return self.publications[-1].content if self.publications else None

    @property
    def holding(self) -> list[SignOff]:
        """The signatures that hold."""
        return [each for each in self.signoffs if each.holds and each.digest == self.data.digest]

    @property
    def changed(self) -> list[tuple[str, str, str]]:
        """What differs from what was last signed, or was published: label, before, after."""
        if self.stored.state in SIGNED and self.state not in SIGNED:
            return differences([each for each in self.signoffs if each.holds][-1].content, self.content)
        return differences(self.published, self.content) if self.published else []

    @property
    def changed_since(self) -> str:
        """Since what."""
        if self.stored.state in SIGNED and self.state not in SIGNED:
            return f"since it was {[each for each in self.signoffs if each.holds][-1].step}"
        return "since it was published"

    @property
    def href(self) -> str:
        """Its page."""
        return entry_address(self.stored)


def entry_address(entry: Entry) -> str:
    """An entry's page."""
    return reverse("entry", args=[entry.round.council.slug, entry.round.address, entry.name])


def find_round(council: str, address: str) -> Round:
    """The stored round, or Http404."""
    quarter = address.upper().replace("-Q", " Q")
    rounds = Round.objects.select_related("council")
    return get_object_or_404(rounds, council__slug=council, quarter=quarter)


def entries_of(round: Round) -> list[Standing]:
    """Every entry of a round."""
    return read_entries(round.entries.all())


def find_entry(council: str, address: str, name: str) -> Standing:
    """One entry, or Http404."""
    found = read_entries(find_round(council, address).entries.filter(name=name))
    if not found:
        raise Http404("There is no such entry in this round.")
    return found[0]


def read_entries(entries: QuerySet[Entry]) -> list[Standing]:
    """Entries with their content, signatures and writers; of one council or several."""
    stored = list(entries.select_related("round__council", "indicator", "priority", "plan", "scorecard"))
    keys = [entry.pk for entry in stored]
    signoffs, publications = _by_entry(SignOff, keys), _by_entry(Publication, keys)
    results = _results(stored)
    contents = {entry.pk: content_of(entry, results[entry.pk]) for entry in stored}
    writers = _writers(stored, contents, publications)
    return [
        _standing(entry, contents[entry.pk], signoffs[entry.pk], publications[entry.pk], writers[entry.pk])
        for entry in stored
    ]


def _standing(
    entry: Entry, content: Content, signoffs: list[SignOff], publications: list[Publication], writers: set[str]
) -> Standing:
    service, plan = entry.scope
    published = publications[-1].content if publications else None
    data = states.Entry(
        council=entry.round.council.slug, service=service, plan=plan, owner=entry.posts, levels=entry.round.asked,
        state=State(entry.state), digest=digest_of(content), owing=owing(entry, content), writers=frozenset(writers),
        signed=tuple(Signature(State(each.step), each.by, each.digest) for each in signoffs if each.holds),
        was_published=bool(published), reason=Reason(entry.reason) if entry.reason else None,
        figure_moved=bool(published) and published["figures"] != content["figures"],
    )  # fmt: skip
    return Standing(entry, as_it_stands(data), content, signoffs, publications)


def _by_entry(model: type[SignOff] | type[Publication], keys: list[int]) -> dict[int, list]:
    found: dict[int, list] = defaultdict(list)
    rows = model.objects.filter(entry__in=keys)
    for row in rows.defer("content") if model is SignOff else rows:  # only one page compares what was signed
        found[row.entry_id].append(row)
    return found


def _results(entries: Iterable[Entry]) -> dict[int, list[Result]]:
    """By entry, its indicator's results for periods that end in its quarter."""
    found: dict[int, list[Result]] = defaultdict(list)
    by_indicator: dict[int, list[Result]] = defaultdict(list)
    for row in Result.objects.filter(indicator__in={entry.indicator_id for entry in entries if entry.indicator_id}):
        by_indicator[row.indicator_id].append(row)
    for entry in entries:
        quarter = read_period(entry.round.quarter)
        rows = by_indicator.get(entry.indicator_id, ())
        found[entry.pk] = [row for row in rows if falls_in(read_period(row.period), quarter)]
    return found


def _writers(
    entries: Iterable[Entry], contents: dict[int, Content], publications: dict[int, list[Publication]]
) -> dict[int, set[str]]:
    """Who wrote any of it since it was last published, by the trail, which misses nothing."""
    subjects: dict[tuple[str, str], list[Entry]] = defaultdict(list)
    for entry in entries:
        council = entry.round.council.slug
        subjects[council, entry.subject].append(entry)
        for period in contents[entry.pk]["figures"]:
            if period != entry.round.quarter:
                subjects[council, f"{entry.indicator.slug}/{period}"].append(entry)
    rows = Change.objects.filter(
        council__in={council for council, _ in subjects}, kind__in=WRITES, subject__in={name for _, name in subjects}
    )
    found: dict[int, set[str]] = defaultdict(set)
    for key, council, subject, by in rows.order_by().values_list("id", "council", "subject", "by"):
        for entry in subjects.get((council, subject), ()):
            if key > (publications[entry.pk][-1].seen if publications[entry.pk] else 0):
                found[entry.pk].add(by)
    return found


def may_read(person: Person, one: Standing) -> bool:
    """Whether they may read it: what is out is everybody's, the rest for some roles, and for whose turn it is."""
    return (
        one.state in OUT
        or person.may(Deed.READ_DRAFTS, *one.place)
        or (one.data.is_agreed and person.may(Deed.READ_AGREED, *one.place))
        or ((move := next_move(one.data)) is not None and isinstance(may_move(one.data, move, person), Allowed))
    )
