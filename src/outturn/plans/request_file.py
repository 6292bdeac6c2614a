"""Reads `requests.yaml`: what was asked of the council's services."""

from collections.abc import Iterator, Set
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

from ..terms.period import read_date
from ..textfiles import Faults, Record, read_file
from .council import CouncilFiles
from .reference import slug_of
from .requests import (
    About,
    Asker,
    Closing,
    Reply,
    Request,
    RequestKind,
    closing_fault,
    due_fault,
    in_order,
    reply_fault,
)

Word = TypeVar("Word", bound=StrEnum)
PLURALS = {"indicator": "indicators", "priority": "priorities", "action": "actions", "risk": "risks"}


def things_in(files: CouncilFiles) -> frozenset[About]:
    """Everything that a request may concern."""
    found = {About("indicator", slug) for slug in files.results()}
    for plan in files.plans:
        found |= {About("action", f"{plan.slug}/{action.reference}") for action in plan.actions}
        found |= {About("risk", f"{plan.slug}/{risk.reference}") for risk in plan.risks}
    for card in files.scorecards:
        found |= {About("priority", f"{card.slug}/{priority.number}") for priority in card.priorities}
    return frozenset(found)


def read_requests(path: Path, faults: Faults, things: Set[About] | None) -> tuple[Request, ...]:
    """The requests in a file, numbered as they stand in it; none where there is no such file.

    Without `things` nothing is said of links to what is not there.
    """
    record = read_file(path, faults) if path.is_file() else None
    if not record:
        return ()
    found = [_request(entry, number, things) for number, entry in enumerate(record.records("requests"), 1)]
    record.close()
    return tuple(filter(None, found))


def _request(entry: Record, number: int, things: Set[About] | None) -> Request | None:
    asked_by = _word(entry, "asked_by", Asker)
    meeting = entry.optional("meeting")
    asked_on = entry.read("date", read_date, example="14 September 2026")
    kind = _word(entry, "kind", RequestKind)
    question = entry.text("question")
    owner = entry.text("owner", example="Head of Commissioning")
    due = entry.read("due", read_date, example="12 October 2026")
    about = tuple(_about(entry, things))
    told = [(reply, place) for place in entry.records("replies") if (reply := _reply(place))]
    closing = _closing(entry)
    if asked_by is Asker.OTHER and not meeting:
        entry.fault("Say who asked. Write meeting: and the body or the occasion.", "asked_by")
    if not (asked_by and asked_on and kind and due):
        return None
    if fault := due_fault(asked_on, due):
        entry.fault(fault, "due")
    replies = in_order(replace(reply, number=place) for place, (reply, _) in enumerate(told, 1))
    request = Request(number, asked_by, meeting, asked_on, kind, question, owner, due, about, replies)
    for reply, place in told:
        if fault := reply_fault(request, reply):
            place.fault(fault)
    if closing and (fault := closing_fault(request, closing)):
        entry.fault(fault, "closed")
    return replace(request, closing=closing)


def _about(entry: Record, things: Set[About] | None) -> Iterator[About]:
    about = entry.record("about")
    if not about:
        return
    for kind, plural in PLURALS.items():
        for words in about.texts(plural):
            place = slug_of(words) if kind == "indicator" else words
            found = [one for one in things or () if one.kind == kind and place in (one.place, one.place.split("/")[-1])]
            if things is None or len(found) == 1:
                yield found[0] if found else About(kind, place)
            elif found:
                among = ", ".join(sorted(one.place for one in found))
                about.fault(f"Several are called {words}. Write one of: {among}.", plural)
            else:
                about.fault(f"There is no {kind} {words} in these files.", plural)
    about.close()


def _reply(entry: Record) -> Reply | None:
    on = entry.read("date", read_date, example="9 October 2026")
    by = entry.text("by", example="the post that answered, or who asked again")
    text = entry.text("text")
    due = entry.read_optional("due", read_date)
    return Reply(on, text, by, due) if on else None


def _closing(entry: Record) -> Closing | None:
    closed = entry.record("closed")
    if not closed:
        return None
    on = closed.read("date", read_date, example="16 November 2026")
    because, post = closed.text("because"), closed.optional("on_behalf")
    closed.close()
    return Closing(on, because, post) if on else None


def _word(entry: Record, key: str, words: type[Word]) -> Word | None:
    def read(text: str) -> Word:
        try:
            return words(text.casefold())
        except ValueError:
            raise ValueError(f"“{text}” is not known. Write one of: {', '.join(words)}.") from None

    return entry.read(key, read, example=next(iter(words)))
