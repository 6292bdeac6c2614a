"""Harrowmere's round for Quarter 2 2026/27, half way: entries in every state, by the people of the demonstration."""

from typing import Any

COUNCIL, QUARTER = "harrowmere", "2026-27 Q2"
WRITER = "demo"  # for the posts that nobody here holds

# what each entry says, how far it has come, and who wrote it
SAID: dict[str, dict[str, str]] = {
    "reable": {
        "happened": "227 people completed reablement in the quarter, which makes 431 since April against 450 due.",
        "why": "All five neighbourhood teams can now refer people from home, and not only the hospital.",
        "doing": "A sixth therapist starts in the north team, where the wait is longest.",
        "by_when": "In post by 7 December 2026; back on the profile by the end of the quarter.",
    },
    "ot-wait": {
        "happened": "The longest wait has come down from 14 weeks to 11.",
        "why": "Nine trusted assessors deal with small equipment, so therapists see those who need them.",
        "doing": "Two more assessors are in training.",
        "by_when": "Eight weeks by 31 January 2027.",
    },
    "sw-fte": {
        "happened": "57.6 of 64 posts were filled at the end of September, one fewer than in June.",
        "why": "Three people left over the summer and two were appointed.",
        "doing": "Nine applicants of the return-to-practice scheme are being interviewed.",
        "by_when": "First starts in January 2027.",
        "help_needed": "Finance: agreement to advertise above the lowest point of the grade.",
    },
    "occupancy": {
        "happened": "96.1% of care home beds were occupied, above the range that leaves a choice.",
        "why": "Elm Bank has closed 32 beds for repairs, and the other homes take its residents.",
        "doing": "New admissions go through a weekly panel until the beds are back.",
        "by_when": "Elm Bank reopens in January 2027.",
    },
    "start-days": {
        "happened": "Home care began 24.1 days after it was agreed, against 21.",
        "why": "The average for the year still holds the slow spring, when contracts changed hands.",
        "doing": "Lead providers report each week what has not begun within two weeks.",
        "by_when": "21 days by March 2027.",
    },
    "reviews": {
        "happened": "43.6% of people with long-term support were reviewed in the last 12 months.",
        "why": "287 of the 640 oldest reviews are done, which took reviewers away from those that fall due.",
        "doing": "We will recruit more reviewers.",
    },
    "2026-27-5": {}, "2026-27-10": {}, "2026-27-8": {}, "2026-27-9": {}, "2026-27-6": {},
}  # fmt: skip
UPTO = {  # how many have signed: analyst, head of service, director, portfolio holder
    "reable": 4, "2026-27-5": 4, "ot-wait": 4, "2026-27-10": 4, "sw-fte": 4, "occupancy": 3, "2026-27-9": 2,
    "2026-27-6": 2, "2026-27-8": 1, "reviews": 0, "start-days": 0,
}  # fmt: skip
PUBLISHED = ("reable", "2026-27-5", "ot-wait", "2026-27-10")


def play() -> None:
    """Open the round, and let everybody do what they have done by now."""
    from outturn.plans.round import dates_for
    from outturn.plans.states import LEVELS, Move, Reason
    from outturn.site.councils.models import Council
    from outturn.site.rounds import moving
    from outturn.site.rounds.opening import open_round
    from outturn.terms.period import Period
    from outturn.terms.value import read_value

    quarter = Period.read(QUARTER)
    council = Council.objects.get(slug=COUNCIL)
    opened = open_round(council, quarter, levels=LEVELS, dates=dates_for(quarter), by="eve")
    entries = {each.name: each for each in opened.entries.select_related("round__council", "indicator", "priority")}
    people = {name: _person(name) for name in ("ada", "ben", "cleo", "dev", "eve", WRITER)}
    steps = (
        (Move.CHECK, "eve"), (Move.AGREE_HEAD, "ben"), (Move.AGREE_DIRECTOR, "cleo"), (Move.AGREE_PORTFOLIO, "dev")
    )  # fmt: skip

    def send(name: str) -> None:
        entry = entries[name]
        writer = _writer(entry, people)
        if entry.indicator:
            value = read_value(entry.indicator.results.get(period=entry.period).printed, {})
            moving.take_figure(entry, writer, value, reason="Confirmed.", source="Case management system")
        if SAID[name]:
            moving.write(entry, writer, **SAID[name])
        moving.make_move(entry, Move.SUBMIT, writer)
        for move, who in steps[: UPTO[name]]:
            moving.make_move(entry, move, people[who])

    for name in UPTO:
        send(name)
    moving.make_move(
        entries["reviews"], Move.RETURN, people["eve"],
        note="Say by when the list will be finished, and how many reviewers are being recruited.",
    )  # fmt: skip
    moving.write(entries["2026-27-6"], people["ada"], by_when="21 days by March 2027.")  # after it was agreed
    moving.move_all([entries[name] for name in PUBLISHED], Move.PUBLISH, people["eve"])
    late = "Four closed cases were still on the list that was counted."
    moving.make_move(entries["ot-wait"], Move.RESTATE, people["eve"], note=late, reason=Reason.DATA)
    writer = _writer(entries["ot-wait"], people)
    moving.take_figure(entries["ot-wait"], writer, read_value("10", {}), reason=late, source="Case management system")
    moving.write(entries["ot-wait"], writer, happened="The longest wait has come down from 14 weeks to 10.")
    moving.make_move(entries["ot-wait"], Move.SUBMIT, writer)


def _person(account: str) -> Any:
    from django.contrib.auth.models import User
    from django.utils import timezone

    from outturn.site.people.access import read_person

    return read_person(User.objects.get(username=account), timezone.localdate())


def _writer(entry: Any, people: dict[str, Any]) -> Any:
    """Its owner, where there is an account; or else whoever runs the demonstration."""
    return people["ada"] if people["ada"].acts_for(COUNCIL, entry.posts) else people[WRITER]
