"""The published ways from submissions to figures: what each does differently, as named switches with their reasons.

A method is one national profile under one reading: `executed` follows the national program where it parts from its own
description, `published` follows the description.
"""

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from types import MappingProxyType
from typing import Any, Literal

Reading = Literal["executed", "published"]
READINGS: tuple[Reading, ...] = ("executed", "published")
DEFAULT = "DHSC-2526"


def _switch(why: str) -> Any:
    """A field that must be set, with why there is a choice."""
    return field(metadata={"why": why})


@dataclass(frozen=True, slots=True)
class Method:
    """One profile under one reading. Every switch says in `reasons` why there is a choice."""

    name: str
    title: str
    reading: Reading
    files: Literal["one per quarter", "one for the year 2023-24"] = _switch(
        "NHS England took one file for 2023-24; DHSC takes for each quarter the latest file that covers it."
    )
    coverage: Literal["stated", "v1", "v2"] = _switch(
        "What a file covers was taken from its stated period, then derived from its months (v1), "
        "and since September 2026 derived month by month and event type by event type (v2)."
    )
    small_files: Literal["every month", "stated period"] = _switch(
        "Below 100 ended events DHSC's prose takes the stated period; the program every month with an ended event."
    )
    merging: Literal["whole stretch", "adjacent quarters"] = _switch(
        "Where a newer file serves quarters in the middle of an older one's, the program gives the older file the "
        "whole stretch and the newer one counts as the last; the prose keeps events by the period their file was "
        "chosen for."
    )
    first_day_death: Literal["stays open", "ends"] = _switch(
        "An open service of someone who died on its first day: the program compares strictly and leaves it open; "
        "a comment says that a missing end becomes the day of death."
    )
    identity: Literal["own number otherwise", "own number if unambiguous"] = _switch(
        "Rows without an NHS number go by the council's own number; NHS England's 2024 text drops them where that "
        "number also occurs with an NHS number."
    )
    event_key: Literal["as typed", "cleaned"] = _switch(
        "Entries were compared as typed, so that a change of wording between releases makes two events of one; "
        "since July 2026 the cleaned values are compared."
    )
    invalid: Literal["mapped", "removed"] = _switch(
        "DHSC keeps rows with invalid values and labels them; NHS England removed the values, "
        "and the rows whose event or client type was invalid."
    )
    outcome_order: Literal["release 1", "release 2", "NHS England 2023-24"] = _switch(
        "Which of two differing outcomes wins. Data carried on Release 1 values used Release 1's order."
    )
    death: Literal["council", "linked"] = _switch(
        "Since September 2026 the death date is the one linked from the register. A council holds only its own, "
        "which is used here in both cases: expect small differences."
    )
    blank_home_component: Literal["left out", "counts"] = _switch(
        "2B, 2C: a care home service with a blank component. A comment and a first condition let it in; a second "
        "condition on the same field is never true of a blank, so the program leaves it out."
    )
    self_funded_stays: Literal["count as earlier stays", "removed"] = _switch(
        "2B, 2C: stays that ended as self-funded or under the 12 week disregard. Until 2026 they counted as earlier "
        "stays, so that a funded admission after them was never new; since September 2026 they are removed first."
    )
    admissions: Literal["new in twelve months", "first, and open at the end"] = _switch(
        "2B, 2C: DHSC looks for a stay in the twelve months before; NHS England, with one file, counted those who had "
        "no earlier stay in the file and were still there at the end of the year."
    )
    blank_carer_component: Literal["left out", "counts"] = _switch(
        "3D, carers: NHS England's table reads “not like direct payment”; the program's condition is never true of a "
        "blank component, so a carer's managed budget or commissioned service without one disappears."
    )
    silent_follow_up: Literal["sets the outcome aside", "leaves the outcome"] = _switch(
        "2A: where all that follows is a carer's service or an outcome of “support ended as planned”, the program "
        "sets the episode's own outcome aside for a late review or equipment; the comments let it compete."
    )
    hospital: Literal["left out", "counts"] = _switch(
        "2A: an episode that ended with admission to hospital. NHS England's code counted it as needing no ongoing "
        "support; DHSC leaves it out."
    )
    referral: Literal["counts", "unable to classify"] = _switch(
        "2A: “NFA: Referral to other service within the local authority” is new in Release 2, and has no place where "
        "data were carried on Release 1 values."
    )
    prison: Literal["counts", "left out"] = _switch(
        "2E: long-term support in prison is in DHSC's list, not in NHS England's text of 2024."
    )
    accommodation: Literal["latest known", "latest start"] = _switch(
        "2E: DHSC takes the latest known accommodation, or else what services say; NHS England took that of the event "
        "that started last, known or not."
    )
    episode_starts: Literal["any", "after a new client's request"] = _switch(
        "2A: NHS England counted reablement only as the sequel of a request by someone new."
    )
    episode_gap: int = 7  # days between two services of one reablement episode
    sequel_days: int = 7  # from an episode's end to what follows it
    death_days: int = 7  # from an episode's end to a death that decides it
    new_client_days: int = 91  # without long-term support before an episode
    late_review_days: int = 14  # before an episode's end
    look_back_days: int = 365  # without a care home stay before an admission
    follow_up_days: int = 84  # at home after a discharge
    link_before_days: int = 7  # from a discharge to the reablement it led to
    link_after_days: int = 3  # the discharge may follow the start by so many

    @property
    def release(self) -> int:
        """The release of the values the method carried, 1 or 2."""
        return 2 if self.outcome_order == "release 2" else 1

    @property
    def reasons(self) -> Mapping[str, str]:
        """Why each switch exists, by its name."""
        return MappingProxyType({name: why for name, _, why in self.switches()})

    def switches(self) -> Iterator[tuple[str, str, str]]:
        """Every switch: its name, how it is set, and why it exists."""
        for one in fields(self):
            if "why" in one.metadata:
                yield one.name, str(getattr(self, one.name)), str(one.metadata["why"])


_DHSC_2526 = Method(
    name="DHSC-2526",
    title="DHSC, rolling years to 31 March 2026 (June 2026 program)",
    reading="executed",
    files="one per quarter",
    coverage="v1",
    small_files="every month",
    merging="whole stretch",
    first_day_death="stays open",
    identity="own number otherwise",
    event_key="as typed",
    invalid="mapped",
    outcome_order="release 2",
    death="council",
    blank_home_component="left out",
    self_funded_stays="count as earlier stays",
    admissions="new in twelve months",
    blank_carer_component="left out",
    silent_follow_up="sets the outcome aside",
    hospital="left out",
    referral="counts",
    prison="counts",
    accommodation="latest known",
    episode_starts="any",
)
PROFILES: Mapping[str, Method] = MappingProxyType(
    {
        profile.name: profile
        for profile in (
            replace(
                _DHSC_2526,
                name="NHSE-2324",
                title="NHS England's parallel run for 2023-24",
                files="one for the year 2023-24",
                coverage="stated",
                identity="own number if unambiguous",
                invalid="removed",
                outcome_order="NHS England 2023-24",
                admissions="first, and open at the end",
                hospital="counts",
                referral="unable to classify",
                prison="left out",
                accommodation="latest start",
                episode_starts="after a new client's request",
                episode_gap=3,
                sequel_days=3,
            ),
            replace(
                _DHSC_2526,
                name="DHSC-2425",
                title="DHSC, ASCOF 2024-25 as published in December 2025",
                outcome_order="release 1",
                referral="unable to classify",
            ),
            _DHSC_2526,
            replace(
                _DHSC_2526,
                name="DHSC-2627",
                title="DHSC, from September 2026",
                coverage="v2",
                event_key="cleaned",
                death="linked",
                self_funded_stays="removed",
            ),
        )
    }
)


class UnknownMethod(ValueError):
    """No such method or reading. The message names those there are."""


def method(name: str = DEFAULT, reading: str = "executed") -> Method:
    """The profile of that name (capitals do not matter) under a reading. Raises UnknownMethod."""
    found = {known.lower(): profile for known, profile in PROFILES.items()}.get(name.strip().lower())
    if found is None:
        near = difflib.get_close_matches(name.strip().upper(), PROFILES, 1, cutoff=0.4)
        advice = f"Did you mean {near[0]}? " if near else ""
        raise UnknownMethod(f"There is no method {name}. {advice}The methods are {', '.join(PROFILES)}.")
    if reading == "executed":
        return found
    if reading == "published":
        return replace(
            found,
            reading="published",
            small_files="stated period",
            merging="adjacent quarters",
            first_day_death="ends",
            blank_home_component="counts",
            blank_carer_component="counts",
            silent_follow_up="leaves the outcome",
        )
    raise UnknownMethod(
        f"There is no reading “{reading}”. The readings are executed (the program) and published (the words)."
    )
