"""What a priority's text or a plan's says, against status and figures. Passing what is right matters as much here as
finding what is wrong: a false alarm costs more trust than a missed one.
"""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outturn.judgement.rag import FIVE_AND_TEN
from outturn.judgement.settings import Judging
from outturn.plans.action import Action, ActionState
from outturn.plans.risk import Risk
from outturn.plans.service_plan import Section
from outturn.sense.checking import RULES, findings
from outturn.sense.finding import Severity
from outturn.sense.prose import numbers, sentences, unfinished
from outturn.terms.status import Rag

from .sense_stories import found, line, picture, priority, row

RULE = Judging(status=FIVE_AND_TEN)
TO_DATE = {"unit": "count", "polarity": "higher", "basis": "year-to-date sum"}


def share(code="REVIEWS", figures="66.7% | 66.9%", target="75%", title="Reviews completed in the last year", **more):
    defined = {"unit": "%", "polarity": "higher", "basis": "snapshot"} | more
    return line(code, figures, target=target, title=title, **defined)


def words(rule, *things, **more):
    return [one.words for one in found(rule, *things, judging=RULE, **more)]


# C1: what a text admits, praises and leaves out


@pytest.mark.parametrize(
    "text",
    [
        "The agreement will miss its original date of March.", "The target will not be met.", "Handover was missed.",
        "Partners have yet to join the meeting, which was due by June.", "Delivery in full cannot be confirmed yet.",
        "Some reports were good; others said little.", "Work is running late.", "We are behind plan.",
        "Recruitment has slipped.", "Starts are short of target.",
    ],
)  # fmt: skip
def test_a_miss_or_a_doubt_does_not_go_with_green(text):
    [one] = words("C1", priority(share(figures="75%"), q1=f"Green: {text}"))
    assert one.startswith("Green in Quarter 1 2018/19, and the text says “")
    assert words("C1", priority(share(figures="70%"), q1=f"Amber: {text}")) == []


@pytest.mark.parametrize(
    "text",
    [
        "50 people moved, a little below the profile.",  # which is good where less is better
        "Delayed discharges are shared with the hospital.", "Adults at risk are seen the same day.",
        "A later date suits users better.", "Small changes are needed.", "It will not delay the service model.",
        "The partnership is to follow once there is other provision.", "Late discharges are counted apart.",
    ],
)  # fmt: skip
def test_words_that_admit_nothing_pass(text):
    assert words("C1", priority(share(figures="75%"), q1=f"Green: Reviews are completed. {text}")) == []


def test_praise_needs_a_figure_that_bears_it_out():
    text = "Programmes are on course to save money."
    [one] = words("C1", priority(share(figures="blank"), q1=f"Green: {text}"))
    assert "there is no result in Quarter 1 2018/19" in one
    red = line("DONE", "187", target="2000", **TO_DATE)
    assert "is Red in Quarter 1 2018/19 by “Green within 5%" in words("C1", priority(red, q1=f"Amber: {text}"))[0]
    assert words("C1", priority(share(figures="74%"), q1=f"Green: {text}")) == []
    assert words("C1", priority(no_measure="N/A", q1=f"Green: {text}")) == []


def test_praise_is_held_against_the_measure_it_speaks_of():
    starts = line("STARTS", "20", target="80", title="Reablement started", **TO_DATE)
    after = share("AFTER", "-", "78%", title="Needed no ongoing support after reablement")
    [one] = words("C1", priority(starts, after, q1="Green: The share who need nothing more is the best for two years."))
    assert "no result in Quarter 1 2018/19: AFTER - against 78%" in one


def test_a_miss_that_the_text_of_a_green_priority_has_no_word_on():
    delays = line("DELAYS", "1.92", target="1.50", title="Delayed discharges from hospital", unit="per 100,000",
                  polarity="lower", basis="year-to-date average")  # fmt: skip
    silent = "A protocol for sharing information goes to the board."
    [one] = words("C1", priority(delays, q1=f"Green: {silent}"))
    assert "has no word on its measure (DELAYS 1.92 against 1.50" in one
    assert words("C1", priority(delays, q1=f"Green: {silent} Discharges took longer over Easter.")) == []
    assert words("C1", priority(delays, q1=f"Red: {silent}")) == []  # the status says it


# C1: what moved


def plan(text, *rows):
    return words("C1", *rows, sections=(Section("1.b", "challenges", "Challenges", text),))


DIRECT = row("D1", "22.40% | 20.49% | -", title="People who receive direct payments", unit="%", polarity="higher")
ACUTE = row("A1", "189 | 124", title="Acute delayed discharges")
NON_ACUTE = row("N1", "- | 10.77 | -", title="Delayed transfers (Non-Acute Care)")


def test_a_plan_that_calls_a_falling_figure_growing():
    [one] = plan("- The share of people with a direct payment is growing, but lower than elsewhere.", DIRECT)
    assert one.startswith(
        "The plan says “The share of people with a direct payment is growing”, but D1 was 22.40% in 2015/16 and 20.49% "
        "in 2016/17."
    )


def test_a_claim_in_passing_counts_too():
    assert plan("The share of people with a direct payment, whilst growing, is below that of others.", DIRECT) != []
    assert plan("Delays in non acute hospitals are growing.", row("N2", "3 | 2", title="Delays (Non-Acute)")) != []


@pytest.mark.parametrize(
    "text",
    [
        "The share of people with a direct payment is falling.",
        "The share of people with a direct payment is no longer growing.",
        "The share of people with a direct payment should be growing by 2020.",  # a hope
        "The share of people with a direct payment grew, and has since fallen.",  # both ways
        "Demand for care is growing.",  # no indicator of it
        "We offer direct payments. The population is growing.",  # of another sentence
        "Direct payments for carers are growing.",  # the indicator is not of carers
    ],
)
def test_a_plan_whose_words_agree_or_say_nothing_of_its_figures(text):
    assert plan(text, DIRECT) == []


def test_all_that_the_words_speak_of_has_to_go_the_other_way():
    rising = row("D2", "94.5% | 95.1%", title="Carers who receive direct payments", unit="%", polarity="higher")
    assert plan("Use of direct payments is growing.", DIRECT, rising) == []


def test_better_and_worse_follow_polarity():
    text = "Delayed transfers of care are {} in acute hospitals."
    assert plan(text.format("improving"), ACUTE, NON_ACUTE) == []
    assert "189 in 2015/16 and 124 in 2016/17" in plan(text.format("getting worse"), ACUTE, NON_ACUTE)[0]


def test_where_no_way_is_better_nothing_can_be_called_improving():
    packages = row("P1", "1,762 | 1,882", title="Delays, of either sort", polarity="Neutral", unit="count")
    assert plan("Delays are getting worse.", packages) == []
    assert plan("Delays are falling.", packages) != []


def test_a_claim_on_an_indicator_with_one_result_cannot_be_checked():
    [one] = plan("In non-acute hospitals the number is growing.", ACUTE, NON_ACUTE)
    assert "cannot be checked: of N1 there is one result only" in one


def test_figures_on_both_sides_of_a_break_do_not_count():
    broken = row("D3", "22% | 20%", title="Direct payments", unit="%", polarity="higher", breaks="2016/17")
    assert plan("Use of direct payments is growing.", broken) == []


def direct(**more):
    return share("DP", "34.2% | 35.6%", "35%", title="Have a direct payment", **more)


def test_a_priority_whose_words_go_the_other_way_than_its_measure():
    text = "Budgets are used, but fewer people take them as a direct payment."
    [one] = words("C1", priority(direct(), q2=f"Amber: {text}"))
    assert "“fewer people take them as a direct payment”" in one
    assert "DP was 34.2% in Quarter 1 2018/19 and 35.6% in Quarter 2 2018/19" in one
    assert words("C1", priority(direct(), q2="Amber: More people take them as a direct payment.")) == []


def test_a_quarter_is_held_against_the_one_that_the_words_name():
    "There is no figure of a year ago, so nothing can be said."
    assert words("C1", priority(direct(), q2="Amber: Direct payments are down on the same quarter last year.")) == []


def test_what_adds_up_from_april_always_grows_within_the_year():
    made = line("DP-STARTS", "20 | 33", target="80", title="Direct payments started", **TO_DATE)
    assert words("C1", priority(made, q2="Amber: Direct payments are falling.")) == []


# C3, W1, W4


def test_shares_up_to_the_rest_leave_something_over():
    [one] = words("C3", priority(q1="Amber: 36% led to an enquiry, 38% ended there, and the rest led elsewhere."))
    assert one.startswith("36% and 38% leave 26% for “the rest”")
    assert words("C3", priority(q1="Amber: 36% led to an enquiry and 64% did not. The rest is known.")) == []
    assert words("C3", priority(q1="Amber: 95% and 97% were on time, the others lower.")) == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Reviews completed stand at 71%.", "gives 71% for REVIEWS, and the result of Quarter 2 2018/19 is 66.9%"),
        ("67% of yearly reviews are completed.", ""),  # rounded
        ("66.9% are completed, after 66.7% in Quarter 1.", ""),
        ("71% of reviews should be completed by March 2019.", ""),  # a hope
        ("Reviews completed rose by 71%.", ""),  # a change
        ("Reviews completed stand at 71%, against a national average of 80%.", ""),  # two figures
        ("71% of concerns are sorted on the day.", ""),  # of something else
        ("Reviews completed stood at 71% last year.", ""),  # another time
    ],
)
def test_a_share_in_the_text_is_the_result_beside_it(text, said):
    told = words("W1", priority(share(), q2=f"Amber: {text}"))
    assert said in told[0] if said else told == []


def test_thousands_of_pounds_are_read_as_pounds():
    budget = line("BUDGET", "£410 | £685", title="Overspend forecast", unit="£000s", basis="forecast")
    assert words("W1", priority(budget, q2="Red: The forecast overspend is £685,000.")) == []
    assert words("W1", priority(budget, q2="Red: The forecast overspend is £658,000."))[0].startswith(
        "The text gives £658,000 for BUDGET, and the result of Quarter 2 2018/19 is £685."
    )


def test_a_figure_of_the_quarter_before_is_stale_and_not_wrong():
    late = priority(share(), q2="Amber: Reviews completed stand at 66.7%.")
    assert "the result of Quarter 1 2018/19; that of Quarter 2 2018/19 is 66.9%" in words("W4", late)[0]
    assert words("W1", late) == []
    assert words("W4", priority(share(), q2="Amber: Reviews completed stand at 71%.")) == []


def test_a_text_that_has_figures_of_an_older_year_alone():
    old = "By the end of 2017/18 there were 3,430 reviews. 72% were completed."
    [one] = words("W4", priority(share(), q2=f"Amber: {old}"))
    assert "figures of 2017/18 (72%) and none of Quarter 2 2018/19" in one
    assert words("W4", priority(share(), q2=f"Amber: {old} Now it is 66.9%.")) == []
    assert words("W4", priority(share(), q2=f"Amber: {old.replace('2017/18', '2018/19')}")) == []


# W2, W3, W5, A4


def test_a_sentence_carried_over_from_the_quarter_before():
    told = "Spending on care homes is in line with the budget."
    [one] = found("W2", priority(q1=f"Green: {told}", q2=f"Green: {told} Sickness has risen."))
    assert one.words.startswith(f"“{told}” stood there in Quarter 1 2018/19 too.")
    assert one.periods == ("2018-19 Q2",)
    assert words("W2", priority(q1="Green: All is well.", q2="Green: All is well.")) == []  # too short to tell
    assert words("W2", priority(q1=f"Green: {told}", q3="Green: New words.", q4=f"Green: {told}")) == []


def test_a_promise_has_a_date_or_an_action():
    promise = priority(share(), q1="Amber: We will recruit more reviewers.")
    assert "“We will recruit more reviewers”" in words("W3", promise)[0]
    dated = ("by March", "in the autumn", "in 2019", "next month", "within six weeks")
    for when in dated:
        assert words("W3", priority(share(), q1=f"Amber: We will recruit more reviewers {when}.")) == []
    assert words("W3", priority(share(), q1="Green: We will recruit more reviewers.")) == []
    in_plan = row("REVIEWS", title="Reviews completed in the last year", unit="%", basis="snapshot")
    serves = Action(
        "A1", "", "Recruit reviewers.", "BAU", ("Head",), "Ongoing", ActionState.STANDING, indicators=("reviews",)
    )
    assert words("W3", promise, in_plan, actions=(serves,)) == []


def test_amber_and_red_ask_for_a_word():
    assert words("W5", priority(share(), q1="Red")) == [
        "Red in Quarter 1 2018/19 without a word on progress. Say why, and what is being done."
    ]
    assert words("W5", priority(share(), q1="Green"), priority(share("B"), q1="Red: Two were off sick.")) == []


def test_a_paragraph_that_stands_under_two_priorities():
    shared = "more than 450 health and social care staff across the city can use the tool"
    first, second = priority(q1=f"Green: Now {shared}.", title="First"), priority(q1=f"Green: And {shared}, at last.")
    [one] = found("A4", first, second)
    assert one.words == f"“{shared}” stands under “First” too. Say in which of them it belongs."
    programme = "the Leeds Health and Social Care Transformation Programme"
    assert words("A4", priority(q1=f"Green: It is {programme}."), priority(q1=f"Green: See {programme}!")) == []


def test_a_text_that_breaks_off():
    assert words("A4", priority(q1="Green: Reports would benefit from an outline of")) != []
    assert words("A4", priority(q1="Green: Reports would benefit from an outline.")) == []


# The words themselves


def test_sentences_and_list_items():
    text = "One goes\non here. Two.\n\n- three\n- four goes\n  on"
    assert sentences(text) == ("One goes on here.", "Two.", "three", "four goes on")


@pytest.mark.parametrize(
    ("text", "amounts"),
    [
        ("£0.4m of the £2.6m", ["400000", "2600000"]), ("3,430 referrals, 36% and 29.5%", ["3430", "36", "29.5"]),
        ("on 7th June 2012, in 2011/12, in Quarter 3, by 2020", []), ("£49k and £1 million", ["49000", "1000000"]),
        ("section 4.1, aged 65 and over", []), ("QA of 12", ["12"]), ("S117, 24/7 and COVID-19", []),
    ],
)  # fmt: skip
def test_numbers_without_days_years_and_ages(text, amounts):
    assert [said.amount for said in numbers(text)] == [Decimal(amount) for amount in amounts]


@pytest.mark.parametrize("text", ["Done.", "Plans are in hand", "People like it (mostly)", ""])
def test_what_does_not_break_off(text):
    assert not unfinished(text)


ODD = st.sampled_from(
    ["", " ", "\n\n- ", "…", "%", "£", "36% and", "999999999999999999999999%", "0.0000001%", "(((", "this", "Put it",
     "£1e9", "2011/12 99%", "the rest", "on course", "will miss", "is growing direct payments", "a" * 3000,
     "100% 100% the rest"]
)  # fmt: skip
FIGURES = st.sampled_from(
    ["", "blank", "NC", "not yet due", "See report card", "0", "0%", "£0", "-5%", "Yes", "1:35", "999999999999999999",
     "1.50 (9.28 people per week)", "0 (0)", "5 (est year end 0)", "£49k", "(£5m)"]
)  # fmt: skip


@st.composite
def odd_scorecards(draw):
    """Priorities, texts, actions and risks with whatever may stand in them."""
    things = [row("R", draw(FIGURES), direction="Bad")]
    for _ in range(draw(st.integers(0, 3))):
        lines = [
            line(draw(st.sampled_from("MN")), f"{draw(FIGURES)} | {draw(FIGURES)}",
                 target=draw(FIGURES).replace("blank", ""),
                 unit=draw(st.sampled_from(["%", "£000s", "count", "per 100,000", "yes/no"])),
                 polarity=draw(st.sampled_from(["higher", "neutral", "within 0 to 0"])),
                 basis=draw(st.sampled_from(["in period", "year-to-date sum", "forecast"])))
            for _ in range(draw(st.integers(0, 2)))
        ]  # fmt: skip
        said = [f"{draw(st.sampled_from(['Red: ', 'Green: ', '']))}{draw(ODD)} {draw(ODD)}" for _ in range(2)]
        things.append(priority(*lines, title=draw(ODD), q1=said[0], q2=said[1]))
    state = draw(st.sampled_from(list(ActionState)))
    action = Action(draw(ODD)[:20], "", draw(ODD), "", (draw(ODD),), draw(ODD), state)
    risk = Risk(draw(ODD)[:20], draw(ODD), draw(ODD), draw(st.sampled_from([None, *Rag])), indicators=("r",))
    texts = (Section("", "context", "", draw(ODD)),)
    judging = draw(st.sampled_from([RULE, None]))
    return picture(*things, actions=(action, action), risks=(risk, risk), sections=texts, judging=judging)


@given(odd_scorecards())
def test_no_rule_raises_on_odd_scorecards_and_every_finding_says_what_to_do(odd):
    for finding in findings(odd):
        assert finding.words.endswith((".", "?")), finding
        assert finding.severity in Severity
        assert finding.rule in RULES
