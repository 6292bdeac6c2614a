"""Reads people's words over computed statuses from council.yaml."""

from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass

from ..judgement.overrule import AcceptedVariance, Overrule, term_fault
from ..judgement.settings import names_of
from ..terms.period import Period, read_date
from ..terms.status import Rag
from ..textfiles import Record
from .reference import slug_of

Said = Overrule | AcceptedVariance
ACCEPTED = "accepted"


@dataclass(frozen=True, slots=True)
class Word:
    """What a person says of an indicator's figure for a period."""

    indicator: str  # its slug
    period: Period
    said: Said


def read_words(record: Record, known: Mapping[str, Set[Period]] | None) -> tuple[Word, ...]:
    """The words in a council's record. `known` has each indicator's slug and the periods it has results for; without
    it, nothing is said of words about indicators or results that are not there.
    """
    return tuple(_words(record, known))


def _words(record: Record, known: Mapping[str, Set[Period]] | None) -> Iterator[Word]:
    seen: set[tuple[str, Period]] = set()
    for entry in record.records("words"):
        name = entry.text("indicator", example="START-DAYS")
        period = entry.read("period", Period.read, example="Q2 2026/27")
        said = _said(entry)
        slug = _meant(entry, name, period, known) if name and period and known is not None else slug_of(name)
        if not (slug and period and said):
            continue
        if (slug, period) in seen:
            entry.fault(f"There is another word on {name} for {period.words}. Keep one.")
        seen.add((slug, period))
        yield Word(slug, period, said)


def _said(entry: Record) -> Said | None:
    status = entry.read("status", read_status, example="Amber, or accepted")
    because = entry.text("because")
    by = entry.text("by", example="a post, such as Head of Commissioning")
    since = entry.read("since", read_date, example="15 October 2026")
    until = entry.read("until", read_date, example="31 January 2027")
    if since and until and (fault := term_fault(since, until)):
        entry.fault(fault, "until")
    if not (status and because and by and since and until):
        return None
    if isinstance(status, Rag):
        return Overrule(status, because, by, since, until)
    return AcceptedVariance(because, by, since, until)


def read_status(text: str) -> Rag | str:
    """The status that is to be shown, or `accepted` for the one that was computed."""
    if text.casefold() == ACCEPTED:
        return ACCEPTED
    try:
        return Rag.read(text)
    except ValueError:
        raise ValueError(f"“{text}” is neither Red, Amber or Green nor “{ACCEPTED}”.") from None


def _meant(entry: Record, name: str, period: Period, known: Mapping[str, Set[Period]]) -> str:
    """The slug of the one indicator that is meant: of a code on several time bases, the one with a result then."""
    slug = slug_of(name)
    found = [each for each, periods in known.items() if slug in names_of(each) and period in periods]
    exact = [each for each in found if each == slug] or found
    if not exact:
        entry.fault(f"{name} has no result for {period.words} in these files, so there is no status to speak of.")
    if len(exact) > 1:
        entry.fault(f"{name} has results on several time bases then. Write one of: {', '.join(sorted(exact))}.")
    return exact[0] if len(exact) == 1 else ""
