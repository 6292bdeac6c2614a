"""The year starts on 1 April.

The tables are hand-written after NHS England's and ONS's convention for financial quarters: quarter 1 is April to June,
quarter 4 is January to March.
"""

from datetime import date

import pytest

from outturn.terms.period import Period, SurveyCalendar, UnreadablePeriod, read_date, read_due, write_date

QUARTERS = """
    written       | first day  | last day   | of      | shown as
    Q1 2012/13    | 2012-04-01 | 2012-06-30 | 2012/13 | Quarter 1 2012/13
    2012-13 Q2    | 2012-07-01 | 2012-09-30 | 2012/13 | Quarter 2 2012/13
    Quarter 3 2012/13 | 2012-10-01 | 2012-12-31 | 2012/13 | Quarter 3 2012/13
    Q4 2012-2013  | 2013-01-01 | 2013-03-31 | 2012/13 | Quarter 4 2012/13
    Q4 2015/16    | 2016-01-01 | 2016-03-31 | 2015/16 | Quarter 4 2015/16
    Q4 1999/00    | 2000-01-01 | 2000-03-31 | 1999/00 | Quarter 4 1999/00
"""
PERIODS = """
    written                    | kind              | first day  | last day   | shown as
    2018/19                    | financial year    | 2018-04-01 | 2019-03-31 | 2018/19
    2018-19                    | financial year    | 2018-04-01 | 2019-03-31 | 2018/19
    2018–19                    | financial year    | 2018-04-01 | 2019-03-31 | 2018/19
    1999/2000                  | financial year    | 1999-04-01 | 2000-03-31 | 1999/00
    March 2018                 | month             | 2018-03-01 | 2018-03-31 | March 2018
    Sept 2018                  | month             | 2018-09-01 | 2018-09-30 | September 2018
    2016-02                    | month             | 2016-02-01 | 2016-02-29 | February 2016
    2012-11                    | month             | 2012-11-01 | 2012-11-30 | November 2012
    2012-13                    | financial year    | 2012-04-01 | 2013-03-31 | 2012/13
    2011-12                    | financial year    | 2011-04-01 | 2012-03-31 | 2011/12
    month 2011-12              | month             | 2011-12-01 | 2011-12-31 | December 2011
    12 months to 31 March 2018 | rolling 12 months | 2017-04-01 | 2018-03-31 | 12 months to 31 March 2018
    12m to 2018-12-31          | rolling 12 months | 2018-01-01 | 2018-12-31 | 12 months to 31 December 2018
    12m to 30 November 2018    | rolling 12 months | 2017-12-01 | 2018-11-30 | 12 months to 30 November 2018
    12m to 29 February 2016    | rolling 12 months | 2015-03-01 | 2016-02-29 | 12 months to 29 February 2016
    12m to 28 February 2016    | rolling 12 months | 2015-03-01 | 2016-02-28 | 12 months to 28 February 2016
    12m to 28 February 2017    | rolling 12 months | 2016-03-01 | 2017-02-28 | 12 months to 28 February 2017
    31 March 2018              | snapshot date     | 2018-03-31 | 2018-03-31 | 31 March 2018
    at 29/02/2016              | snapshot date     | 2016-02-29 | 2016-02-29 | 29 February 2016
    survey 2016/17             | survey year       | 2016-04-01 | 2017-03-31 | 2016/17 survey
    2016/17 survey             | survey year       | 2016-04-01 | 2017-03-31 | 2016/17 survey
"""
EDGES = """
    day        | year    | quarter
    2018-03-30 | 2017/18 | 4
    2018-03-31 | 2017/18 | 4
    2018-04-01 | 2018/19 | 1
    2018-04-02 | 2018/19 | 1
    2018-06-30 | 2018/19 | 1
    2018-07-01 | 2018/19 | 2
    2018-09-30 | 2018/19 | 2
    2018-10-01 | 2018/19 | 3
    2018-12-31 | 2018/19 | 3
    2019-01-01 | 2018/19 | 4
    2016-02-29 | 2015/16 | 4
    2000-03-31 | 1999/00 | 4
    2000-04-01 | 2000/01 | 1
"""


def rows(table: str) -> list[list[str]]:
    return [[cell.strip() for cell in line.split("|")] for line in table.strip().splitlines()[1:]]


@pytest.mark.parametrize(("written", "first", "last", "year", "shown"), rows(QUARTERS))
def test_quarters(written, first, last, year, shown):
    "Quarter 4 of 2012/13 lies in 2013."
    quarter = Period.read(written)
    assert (quarter.start, quarter.end) == (date.fromisoformat(first), date.fromisoformat(last))
    assert (quarter.financial_year.words, quarter.words) == (year, shown)
    assert quarter in quarter.quarters()


@pytest.mark.parametrize(("written", "kind", "first", "last", "shown"), rows(PERIODS))
def test_every_kind_of_period(written, kind, first, last, shown):
    "Whatever the council wrote, the page shows one spelling and the days are exact."
    period = Period.read(written)
    assert period.kind == kind
    assert (period.start, period.end) == (date.fromisoformat(first), date.fromisoformat(last))
    assert period.words == shown
    assert Period.read(period.words) == Period.read(period.code) == period


@pytest.mark.parametrize(("day", "year", "quarter"), rows(EDGES))
def test_the_day_either_side_of_an_edge(day, year, quarter):
    "31 March belongs to the old year and 1 April to the new."
    snapshot = Period.snapshot(date.fromisoformat(day))
    assert (snapshot.financial_year.words, str(snapshot.quarter_number)) == (year, quarter)


def test_the_same_time_last_year():
    "What a page sets beside a figure, for each kind of period."
    before = {written: Period.read(written).same_last_year().words for written in (
        "2018/19", "Q1 2018/19", "March 2018", "12m to 2018-03-31", "29 February 2016", "28 February 2017",
        "survey 2016/17",
    )}  # fmt: skip
    assert before == {
        "2018/19": "2017/18",
        "Q1 2018/19": "Quarter 1 2017/18",
        "March 2018": "March 2017",
        "12m to 2018-03-31": "12 months to 31 March 2017",
        "29 February 2016": "28 February 2015",
        "28 February 2017": "29 February 2016",  # the end of the month stays the end of the month
        "survey 2016/17": "2015/16 survey",
    }


def test_the_carers_survey_runs_every_second_year():
    "2015/16 rightly has no figure: the carers' survey ran in 2012/13, 2014/15 and 2016/17."
    carers = SurveyCalendar(2012)
    years = [Period.year(first) for first in range(2010, 2018)]
    assert [year.words for year in years if carers.runs_in(year)] == ["2012/13", "2014/15", "2016/17"]
    assert [carers.next_run(year).words[:7] for year in years] == [
        "2012/13", "2012/13", "2014/15", "2014/15", "2016/17", "2016/17", "2018/19", "2018/19",
    ]  # fmt: skip
    assert carers.runs_in(Period.read("Q4 2012/13"))
    assert not carers.runs_in(Period.read("1 April 2013"))


def test_a_promise_for_a_month_is_kept_until_its_last_day():
    assert read_due("February 2020") == date(2020, 2, 29)
    assert read_due("11th July 2018") == date(2018, 7, 11)
    assert write_date(date(2018, 7, 1)) == "1 July 2018"


@pytest.mark.parametrize(
    ("written", "answer"),
    [
        ("2018/20", "“2018/20” is not a period. Periods look like 2018/19, Q1 2018/19, March 2018 or 31 March 2018."),
        ("2017", "“2017” is not a period. Periods look like 2018/19, Q1 2018/19, March 2018 or 31 March 2018."),
        ("Q5 2012/13", "There is no quarter 5. Quarters are 1 to 4; quarter 1 starts on 1 April."),
        ("Q1 2012", "“2012” is not a financial year. Years look like 2018/19."),
        ("12m to Easter", "“Easter” is not a date we can read. Dates look like 11 July 2018."),
    ],
)
def test_a_period_nobody_can_read(written, answer):
    with pytest.raises(UnreadablePeriod) as refused:
        Period.read(written)
    assert str(refused.value) == answer


def test_a_day_that_is_not_in_the_calendar():
    "2018 had no 29 February."
    with pytest.raises(UnreadablePeriod) as refused:
        read_date("29 February 2018")
    assert str(refused.value) == "“29 February 2018” is not a date we can read. Dates look like 11 July 2018."
