"""What counts settle at: stories, bad input, and how often the interval holds on made-up recording."""

from datetime import date
from math import inf, log, nan, sqrt
from statistics import stdev

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.random import default_rng

from outturn.judgement.nowcast import nowcast, nowcast_share, triangle
from outturn.terms.period import Period

MONTHS = [Period.month(2024 + at // 12, at % 12 + 1) for at in range(36)]


def watched(finals, complete=(0.8, 0.9, 1, 1, 1), last_age=0):
    """Counts of one month after another, the last of them seen up to `last_age`, each recorded as fast as told."""
    return {
        MONTHS[at]: {age: round(final * share) for age, share in enumerate(complete[: len(finals) - at + last_age])}
        for at, final in enumerate(finals)
    }


def test_what_is_still_to_be_recorded():
    """Eight in ten are recorded at once, nine within a month, all within two."""
    table = watched([50, 60, 40, 50, 60, 50])
    found = nowcast(table)
    assert found.sentence == (
        "So far 40, expected to settle at 50 (44 to 58) within 2 months of the period's end, going by 4 earlier "
        "periods at the same age."
    )
    assert (found.settled, found.settles_after, found.complete) == (False, 2, pytest.approx(0.8, abs=0.01))


def test_the_interval_of_a_large_count_is_students():
    """Three earlier ones grew by 20, 25 and 30%; t with 2 degrees of freedom is 4.303."""
    early = (1_000_000, 960_000, 923_077)
    table = {MONTHS[at]: {0: count, 1: 1_200_000, 2: 1_200_000} for at, count in enumerate(early)}
    found = nowcast({**table, MONTHS[3]: {0: 800_000}})
    growth = [log(1.2), log(1.25), log(1.3)]
    reach = 4.30265 * stdev(growth) * sqrt(4 / 3)
    assert found.estimate == pytest.approx(800_000 * 3_600_000 / 2_883_077)
    assert log(found.high / found.estimate) == pytest.approx(reach, rel=1e-4)


def test_a_settled_count():
    found = nowcast(watched([50, 60, 40, 50, 60, 50]), MONTHS[2])
    assert found.settled
    assert found.sentence == "40, settled: figures change by less than 1% from 2 months after their period."
    assert found.low == found.estimate == found.high == 40


def test_records_that_are_withdrawn():
    """Duplicates are found later: a tenth of the first count goes, and only then may an estimate be below it."""
    found = nowcast(watched([50, 60, 40, 50, 60, 50], complete=(1.1, 1, 1, 1)))
    assert found.so_far == 55
    assert found.low < found.estimate == pytest.approx(50, abs=0.5)
    assert found.estimate < 55


def test_a_share_of_which_both_counts_grow():
    """Those who waited longest are recorded last, so the share falls as it settles."""
    out_of = watched([100, 120, 80, 100, 120, 100])
    in_time = watched([70, 84, 56, 70, 84, 70], complete=(0.9, 0.95, 1, 1, 1))
    found = nowcast_share(in_time, out_of)
    assert found.so_far == pytest.approx(78.75)
    assert found.estimate == pytest.approx(70, abs=0.6)
    assert found.low < 70 < found.high
    assert found.settled is False
    assert nowcast_share(in_time, out_of, MONTHS[0]).sentence.startswith("70.0, settled:")


@pytest.mark.parametrize(
    ("table", "why"),
    [
        ({}, "there is no count that can be reckoned with"),
        ({MONTHS[0]: {}}, "there is no count that can be reckoned with"),
        ({MONTHS[0]: {0: 5}}, "no earlier counts were seen twice"),
        ({MONTHS[0]: {0: nan, 1: inf, 2: -3}}, "there is no count that can be reckoned with"),
        ({month: {0: 0, 1: 0} for month in MONTHS[:9]}, "no earlier counts were seen twice"),
        (watched([50, 60]), "counts were still changing when last seen, 1 month after their period"),
        (watched([50] * 4), "it takes 3 earlier periods that were seen at this age and have settled, and there are 2"),
        (watched([50, 50, 50, 50, 50, 0], complete=(0, 0.9, 1, 1, 1)),
         "no earlier count was anything 0 months after its period and seen again at the next count"),
    ],
)  # fmt: skip
def test_it_cannot_be_said(table, why):
    found = nowcast(table)
    assert found.sentence == f"Cannot say what it will settle at: {why}."
    assert (found.estimate, found.settled) == (None, None)


def test_shares_that_cannot_be_said():
    counts = watched([50, 60, 40, 50, 60, 50])
    none = {month: {**by_age, **({0: 0} if month == MONTHS[5] else {})} for month, by_age in counts.items()}
    assert nowcast_share(counts, none).sentence.endswith("the number it is out of is zero.")
    assert nowcast_share(counts, watched([40] * 6)).sentence.endswith("the count is above the number it is out of.")
    assert nowcast_share({}, counts).sentence.endswith("there is no count that can be reckoned with.")
    assert nowcast_share(counts, {}).sentence.endswith("there is no count that can be reckoned with.")


def test_a_table_is_made_of_submissions():
    """Seen on 29 February, at the end of March and twice in May; what was sent before the period's end is left out."""
    january = Period.month(2024, 1)
    rows = [
        (january, date(2024, 5, 31), 12), (january, date(2024, 5, 1), 11), (january, date(2024, 2, 29), 7),
        (january, date(2024, 3, 31), 9), (january, date(2024, 1, 20), 3),
    ]  # fmt: skip
    assert triangle(rows) == {january: {1: 7, 2: 9, 3: 11, 4: 12}}


def test_the_interval_holds_what_settles():
    """Made-up months of about 60 events whose recording varies from month to month; 95% is aimed at."""
    rng, held, tried = default_rng(20261125), 0, 300
    for _ in range(tried):
        finals = rng.poisson(60 * rng.gamma(25, 1 / 25, 16))
        table = {}
        for at, final in enumerate(finals):
            recorded = rng.multinomial(final, rng.dirichlet([42, 9, 5, 2.5, 1.5])).cumsum()
            table[MONTHS[at]] = {age: int(recorded[min(age, 4)]) for age in range(min(16 - at, 8))}
        at = int(rng.integers(13, 16))
        found = nowcast(table, MONTHS[at])
        held += found.low <= finals[at] <= found.high
    assert 0.92 <= held / tried <= 0.98


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from((0, 1, 9, 10, 50)), min_size=1, max_size=9), st.integers(0, 4))
def test_never_below_what_is_there(finals, age):
    found = nowcast(watched(finals, last_age=age))
    if found.estimate is not None:
        assert found.so_far <= found.low <= found.estimate <= found.high


def test_quarterly_files_are_gone_by_too():
    quarters = [Period.quarter(2024, 1)]
    while len(quarters) < 6:
        quarters.append(quarters[-1].next())
    table = {each: {0: 100, 3: 110, 6: 110} for each in quarters[:-2]}
    table |= {quarters[-2]: {0: 90, 3: 99}, quarters[-1]: {0: 50}}
    found = nowcast(table)
    assert found.settled is False
    assert found.estimate == pytest.approx(55)  # a tenth more came within three months, each time
    assert found.settles_after == 3
    assert nowcast(table, quarters[-2]).settled is True
