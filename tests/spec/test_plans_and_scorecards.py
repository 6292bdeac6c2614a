"""Plans and scorecards as data: what they add up to, and what needs attention first."""

from datetime import date

from outturn.plans.action import Action, ActionState, Milestone
from outturn.plans.exceptions import plan_concerns, scorecard_concerns
from outturn.plans.risk import Position, Risk
from outturn.plans.scorecard import Block, Priority, QuarterReport, Scorecard
from outturn.plans.service_plan import ServicePlan, paragraphs
from outturn.terms.period import Period
from outturn.terms.status import Rag

Q1, Q2 = Period.read("Q1 2012/13"), Period.read("Q2 2012/13")


def plan(**parts) -> ServicePlan:
    front = dict.fromkeys(
        ("title", "service", "directorate", "plan_holder", "director", "cabinet_member", "source"), "…"
    )
    return ServicePlan(
        "2018-19", year=Period.read("2018/19"), last_updated=date(2018, 7, 11),
        printed_last_updated="11th July 2018", **front, **parts,
    )  # fmt: skip


def card(*priorities: Priority) -> Scorecard:
    block = Block("Directorate Priorities", "directorate priorities", "Measures", ("progress",), priorities)
    return Scorecard("2012-13", "Scorecard", "Adult Social Care", Period.read("2012/13"), "", (block,))


def test_a_plan_is_judged_today_until_its_year_is_over_and_then_as_at_its_last_update():
    assert plan().as_at(date(2019, 3, 31)) == date(2019, 3, 31)
    assert plan().as_at(date(2019, 4, 1)) == date(2018, 7, 11)
    assert plan().as_at(date(2026, 11, 25)) == date(2018, 7, 11)


def test_what_needs_attention_in_a_plan():
    step = Milestone("Policy agreed", "July 2017", date(2017, 7, 31))
    late = Action(
        "A1", "T", "Improve the pathway", "BAU", ("Post",), "Ongoing", ActionState.STANDING, milestones=(step,)
    )
    overdue = Action("A2", "T", "Redesign", "Major", ("Post",), "June 2018", ActionState.OPEN, date(2018, 6, 30))
    unreviewed = Action(
        "A3", "T", "Watch", "BAU", ("Post",), "Ongoing", ActionState.STANDING, next_review=date(2018, 1, 1)
    )
    risks = (
        Risk("2002", "Budget", "Post", rating=Rag.RED),
        Risk("0544", "Delays", "Post", rating=Rag.AMBER),
        Risk("9", "Provider", "Post", net=Position(4, 5)),
    )
    found = plan_concerns(plan(actions=(late, overdue, unreviewed), risks=risks), date(2026, 11, 25))
    assert [(concern.kind, concern.place[-1], concern.why) for concern in found] == [
        ("risk", "2002", "Rated Red; likelihood and impact are not known."),
        ("risk", "9", "Net score 4 × 5 = 20, Red."),
        ("action", "A1", "Milestone due July 2017, not marked done: Policy agreed"),
        ("action", "A2", "Due by 30 June 2018 and not complete."),
        ("action", "A3", "Its review was due on 1 January 2018."),
    ]


def test_red_priorities_come_before_amber_and_the_rest_not_at_all():
    priorities = [
        Priority(number, title, (), (QuarterReport(Q1, status, "word " * 80),))
        for number, (title, status) in enumerate([("a", Rag.AMBER), ("b", Rag.GREEN), ("c", Rag.RED), ("d", None)], 1)
    ]
    found = scorecard_concerns(card(*priorities), Q1)
    assert [concern.title for concern in found] == ["c", "a"]
    assert found[0].why.endswith("word …")
    assert len(found[0].why) < 230
    assert scorecard_concerns(card(*priorities), Q2) == []


def test_a_tally_counts_priorities_without_a_status_too():
    scorecard = card(Priority(1, "a", (), (QuarterReport(Q1, Rag.GREEN),)), Priority(2, "b", ()))
    assert scorecard.tally(Q1) == {Rag.RED: 0, Rag.AMBER: 0, Rag.GREEN: 1, None: 1}
    assert scorecard.reported == [Q1]


def test_running_text_becomes_paragraphs_and_lists():
    text = "First line\ngoes on.\n\nLead-in:\n- one\n- two\n  goes on\n\n- three\r\n\r\nLast."
    assert paragraphs(text) == [
        ("paragraph", ["First line goes on."]),
        ("paragraph", ["Lead-in:"]),
        ("list", ["one", "two goes on"]),
        ("list", ["three"]),
        ("paragraph", ["Last."]),
    ]
    assert paragraphs(" \n\n ") == []
