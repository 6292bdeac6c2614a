"""From everything known of an indicator to its verdicts."""

from decimal import Decimal
from pathlib import Path

import pytest

from outturn.catalogue.indicator import Framework
from outturn.catalogue.library import read_indicator
from outturn.judgement.comparison import Kind
from outturn.judgement.direction import YORK, Way
from outturn.judgement.judging import Known, charted, judged
from outturn.judgement.rag import FIVE_AND_TEN, Shape
from outturn.judgement.settings import Chosen, DatedRebase
from outturn.judgement.variation import Assurance, Variation
from outturn.terms.basis import TimeBasis
from outturn.terms.period import Period
from outturn.terms.status import Rag
from outturn.terms.value import Absence, read_value
from outturn.textfiles import Faults, read_file

DEFINITION = """\
code: X1
title: A measure
meaning: What it means.
numerator: Those counted
denominator: none
unit: "{unit}"
bases: [{basis}]
polarity: {polarity}
source: Case system
frequency: quarterly
standing: likely
came_from: a test
{breaks}
"""
LEEDS = Chosen(status=FIVE_AND_TEN)
TOKENS = {"-": Absence.AWAITED}


@pytest.fixture
def known(tmp_path: Path):
    """`known("%", "in period", "higher", results={"Q1 2026/27": "70%"}, targets={"2026/27": "75%"})`."""

    def make(unit, basis, polarity, results, targets=(), counts=(), breaks=""):
        path = tmp_path / "X1.yaml"
        path.write_text(DEFINITION.format(unit=unit, basis=basis, polarity=polarity, breaks=breaks), "utf-8")
        record = read_file(path, Faults())
        assert record
        definition = read_indicator(record, Framework("test", "Test", "", "", ""))
        return Known(
            definition,
            TimeBasis.read(basis),
            {Period.read(period): read_value(text, TOKENS) for period, text in dict(results).items()},
            {Period.read(period): read_value(text, TOKENS) for period, text in dict(targets).items()},
            {Period.read(period): tuple(map(Decimal, pair)) for period, pair in dict(counts).items()},
        )

    return make


def test_a_sum_is_held_against_the_part_of_the_target_that_is_due(known):
    reablement = known("count", "year-to-date sum", "higher", {"Q1 2012/13": "187"}, {"2012/13": "2000"})
    found = judged(reablement, LEEDS)
    assert found.due.amount == 500
    assert found.status.rag is Rag.RED
    assert found.status.sentence == "Red: 187 is 62.6% worse than the target of 500, beyond the 10% allowed."


def test_what_is_due_is_written_as_its_target_is(known):
    found = judged(known("%", "in period", "higher", {"Q1 2026/27": "80.0%"}, {"2026/27": "78.0%"}), LEEDS)
    assert found.status.sentence == "Green: 80.0% meets the target of 78.0%."
    found = judged(known("count", "in period", "higher", {"Q1 2026/27": "30"}, {"2026/27": "150"}), LEEDS)
    assert found.status.sentence == "Red: 30 is 20% worse than the target of 37.5, beyond the 10% allowed."


def test_a_target_given_for_the_very_period_goes_before_the_part_of_the_years(known):
    found = judged(
        known("count", "year-to-date sum", "higher", {"Q1 2012/13": "187"}, {"2012/13": "2000", "Q1 2012/13": "190"}),
        LEEDS,
    )
    assert found.due.amount == 190
    assert found.status.rag is Rag.GREEN


def test_a_milestone_of_the_council_is_what_is_due(known):
    quarter = Period.quarter(2026, 2)
    chosen = Chosen(status=FIVE_AND_TEN, shape=Shape.GIVEN, milestones={quarter: read_value("30")})
    found = judged(known("count", "year-to-date sum", "higher", {"Q2 2026/27": "33"}, {"2026/27": "80"}), chosen)
    assert found.due.sentence == "30 is the milestone for Quarter 2 2026/27."
    assert found.status.rag is Rag.GREEN


def test_a_count_of_one_quarter_has_a_quarter_of_the_years_target(known):
    found = judged(known("count", "in period", "lower", {"Q3 2026/27": "12"}, {"2026/27": "40"}), LEEDS)
    assert found.due.sentence == "10 of the year's 40 is due in Quarter 3 2026/27, by straight line."
    assert found.status.rag is Rag.RED


def test_the_verdict_on_an_earlier_quarter_knows_nothing_of_later_ones(known):
    results = {"Q1 2026/27": "70%", "Q2 2026/27": "75%", "Q3 2026/27": "60%"}
    series = known("%", "in period", "higher", results)
    assert judged(series, Chosen(), Period.quarter(2026, 2)).direction.way is Way.BETTER
    assert judged(series, Chosen()).direction.way is Way.WORSE


def test_a_change_of_known_counts_is_tested_against_the_same_quarter_last_year(known):
    results = {"Q1 2025/26": "75.0%", "Q4 2025/26": "80.0%", "Q1 2026/27": "85.0%"}
    counts = {"Q1 2025/26": (150, 200), "Q4 2025/26": (160, 200), "Q1 2026/27": (170, 200)}
    found = judged(known("%", "in period", "higher", results, counts=counts), Chosen())
    assert found.change_since == Period.quarter(2025, 1)
    assert found.change.kind is Kind.BETTER
    # Wilson’s formula for 170 of 200, worked out apart
    assert (found.interval.low, found.interval.high) == pytest.approx((79.3944, 89.2864), abs=1e-4)


def test_rolling_years_that_overlap_are_not_tested_against_each_other(known):
    results = {"Q4 2025/26": "80.0%", "Q1 2026/27": "85.0%"}
    counts = {"Q4 2025/26": (160, 200), "Q1 2026/27": (170, 200)}
    assert judged(known("%", "rolling 12 months", "higher", results, counts=counts), Chosen()).change is None


def test_nothing_is_compared_across_a_change_of_definition(known):
    results = {"2017/18": "75%", "2018/19": "85%"}
    counts = {"2017/18": (150, 200), "2018/19": (170, 200)}
    breaks = "breaks:\n  - {from: 2018/19, because: The method changed.}"
    found = judged(known("%", "annual", "higher", results, counts=counts, breaks=breaks), Chosen())
    assert found.direction.way is Way.NOT_COMPARABLE
    assert found.change is None


def test_without_figures_there_is_no_verdict(known):
    assert judged(known("%", "annual", "higher", {"2017/18": "-"}), Chosen()) is None


def test_a_quarter_without_a_figure_is_not_judged(known):
    series = known("%", "in period", "higher", {"Q1 2026/27": "70%", "Q2 2026/27": "-"}, {"2026/27": "75%"})
    found = judged(series, LEEDS, Period.quarter(2026, 2))
    assert found.status.rag is None
    assert found.status.sentence == "No status, because the result is missing: awaited."


def test_yorks_rule_looks_at_three_results(known):
    results = {"2015/16": "260", "2016/17": "248", "2017/18": "236"}
    found = judged(known("count", "annual", "lower", results), Chosen(direction=YORK))
    assert found.direction.way is Way.BETTER
    assert [each.way for each in found.directions] == [Way.BETTER, Way.BETTER, Way.BETTER, Way.NOT_ENOUGH]


MONTHS = [Period.month(2025, 4)]
while len(MONTHS) < 14:
    MONTHS.append(MONTHS[-1].next())


def test_a_sum_is_charted_by_what_each_period_added(known):
    so_far = dict(zip(MONTHS, (5, 9, 15, 20, 26, 30, 36, 41, 45, 51, 55, 60, 4, 10), strict=True))
    series = known("count", "year-to-date sum", "lower", {p.code: str(n) for p, n in so_far.items()}, {"2026/27": "60"})
    found = charted(series, Chosen())
    assert found.apart
    assert [int(point.amount) for point in found.chart.points] == [5, 4, 6, 5, 6, 4, 6, 5, 4, 6, 4, 5, 4, 6]
    assert found.chart.assurance.target == 5  # sixty in a year, five in a month


def test_what_a_period_added_is_not_known_after_a_gap(known):
    figures = ["5", "-", "15", *(str(20 + 5 * n) for n in range(9))]
    series = known("count", "year-to-date sum", "lower", {p.code: t for p, t in zip(MONTHS, figures, strict=False)})
    amounts = [point.amount for point in charted(series, Chosen()).chart.points]
    assert amounts[:4] == [5, None, None, 5]


def test_shares_of_known_counts_get_limits_that_follow_the_denominator(known):
    counts = {p.code: (60 + n % 3, 100 if n % 2 else 400) for n, p in enumerate(MONTHS)}
    results = {code: f"{100 * a / b:.1f}%" for code, (a, b) in counts.items()}
    found = charted(known("%", "in period", "higher", results, counts=counts), Chosen())
    assert found.chart.method == "p"
    widths = [point.limits.upper - point.limits.lower for point in found.chart.points]
    assert float(widths[1] / widths[0]) == pytest.approx(2)  # a quarter of the people, twice the width


def test_limits_are_drawn_anew_from_a_named_period(known):
    figures = [20, 22, 21, 19, 20, 21, 22, 20, 19, 21, 40, 41, 39, 40]
    series = known("count", "in period", "lower", {p.code: str(n) for p, n in zip(MONTHS, figures, strict=True)})
    chosen = Chosen(rebases=(DatedRebase(MONTHS[10], "The service was doubled."),))
    assert charted(series, Chosen()).chart.variation.kind is Variation.CONCERNING
    second = charted(series, chosen).chart.stretches[1]
    assert (second.first, second.because) == (10, "The service was doubled.")


@pytest.mark.parametrize("results", [{}, {"2017/18": "5"}, {"31 March 2018": "5"}, {"2017/18": "-"}])
def test_a_chart_of_next_to_nothing_says_why_there_is_none(known, results):
    found = charted(known("count", "annual", "lower", results), Chosen())
    assert found.chart.variation.kind is Variation.CANNOT_JUDGE
    assert found.chart.assurance.kind in (Assurance.CANNOT_JUDGE, Assurance.NO_TARGET)


def test_rolling_years_are_not_charted(known):
    series = known("%", "rolling 12 months", "higher", {f"Q{n} 2025/26": "70%" for n in (1, 2, 3, 4)})
    assert "overlap" in charted(series, Chosen()).chart.variation.sentence


def test_five_years_of_known_counts_have_a_trend(known):
    rows = {2020: 700, 2021: 690, 2022: 640, 2023: 610, 2024: 560}
    results = {Period.year(first).code: f"{count}.0" for first, count in rows.items()}
    counts = {Period.year(first).code: (count, 100_000) for first, count in rows.items()}
    found = judged(known("per 100,000", "annual", "lower", results, counts=counts), Chosen())
    assert found.trend.sentence == "Decreasing and getting better over the 5 years from 2020/21 to 2024/25."
    assert judged(known("per 100,000", "annual", "lower", results), Chosen()).trend is None
