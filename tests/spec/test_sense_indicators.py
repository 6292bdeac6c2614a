"""What the checks find in one indicator, and what they leave alone. Each story is a table in, and words out."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outturn.catalogue.library import load_catalogue
from outturn.judgement.direction import EAST_SUSSEX
from outturn.judgement.settings import Judging, Population
from outturn.sense.checking import findings
from outturn.sense.finding import Severity
from outturn.sense.indicators import is_post, skipped_numbers
from outturn.terms.value import Absence
from tests.spec.sense_stories import DEFINED, found, indicator, line, picture, priority, row


def only(rule, *things, **more):
    """The words of the one finding."""
    (finding,) = found(rule, *things, **more)
    return finding.words


# Codes, numbers, tokens, owners


def test_a_space_in_some_codes_of_a_framework_is_found():
    codes = [row("ASCOF2C1"), row("ASCOF1I1"), row("ASCOF2C 2")]
    words = only("I1", *codes)
    assert "ASCOF2C 2 have a space" in words
    assert "ASCOF2C1 and ASCOF1I1 have none" in words
    assert not found("I1", row("ASCOF2C 1"), row("ASCOF3D 1"), row("ASCOF1A"))  # 1A has no place for one


def test_one_code_for_two_definitions_is_found():
    words = only("I1", row("2A", framework="old"), row("2A", framework="new"))
    assert words.startswith("2A stands here for what new and old mean by it.")


@pytest.mark.parametrize(
    ("references", "skipped"),
    [
        (["PVP01", "PVP02", "PVP04", "PVP05", "PVP06"], [["PVP03"]]),
        (["PVP01", "PVP02", "PVP03", "PVP04"], []),
        (["STF08", "STF90", "STF100", "STF107"], []),  # too far apart to be a series
        (["A01", "A03"], []),  # two are none either
        (["A01", "A02", "A04", "A06"], [["A03", "A05"]]),  # two thirds are there
        (["A01", "A02", "A04", "A07"], []),
        (["0544", "2002"], []),  # numbers alone are risks', and not read here
    ],
)
def test_gaps_in_a_numbered_series(references, skipped):
    assert list(skipped_numbers(references)) == skipped


def test_a_plan_with_a_gap_is_asked_about_it():
    rows = [row(code) for code in ("PVP01", "PVP02", "PVP04", "PVP05")]
    assert only("I3", *rows).startswith("The indicators have no PVP03, though")
    assert not found("I3", *rows, row("PVP03"))


def test_a_token_in_another_spelling_is_found_and_a_known_one_is_not():
    assert only("M1", row("X1", "N/A | N/a")) == "“N/a” is printed where “N/A” is meant. Print “N/A”."
    assert not found("M1", row("X1", "N/A | NC | - | blank"))


def test_a_token_that_the_council_does_not_list_is_found():
    words = only("M1", row("X1", "NC | 4"), tokens={"-": Absence.AWAITED})
    assert words.startswith("“NC” is not among the council's words for no figure.")


def test_an_owner_is_a_post():
    rows = [row("X1", owner="Organisational Health Check"), row("X2", owner=""), row("X3", owner="Head of Care")]
    blank, label = found("O1", *rows)
    assert blank.words == "X2 has no responsible officer. Write the post that answers for each."
    assert label.subject.title == "X1"
    assert "“Organisational Health Check”" in label.words
    assert not found("O1", row("X1", owner="", include=False))


@pytest.mark.parametrize("post", ["Assistant Director Adults", "Finance Business Partner", "Principal Social Worker"])
def test_posts(post):
    assert is_post(post)


def test_an_indicator_without_a_figure_in_any_year_is_found():
    words = only("O2", row("X1", "N/A | N/A | -"), row("X2", "N/A | 4 | -"))
    assert words.startswith("X1 is included without a figure")
    assert not found("O2", row("X1", "N/A | N/A", include=False), row("X2", "-"))  # with one period it is new


def test_an_indicator_that_was_given_up_is_found_but_not_a_survey_between_its_years():
    assert "X1 (2015/16)" in only("O2", row("X1", "93.88% | NC | -", unit="%"))
    assert "X1 (2016/17)" in only("O2", row("X1", "93.88% | 94% | NC", unit="%"))
    assert not found("O2", row("X1", "93.88% | NC | 94%", unit="%"), row("X2", "93.88% | - | -", unit="%"))
    assert not found("O2", row("X2", "NC | 8.4 | NC", unit="score", frequency="biennial", survey=2012))


# Polarity and units


def test_a_polarity_that_is_not_the_definitions_is_found():
    completion = indicator("STF90", "PDR completion (%)", unit="%", polarity="higher")
    words = only("P1", row(completion, "90% | 94%", polarity="Up is Bad"))
    assert words.startswith("“Up is Bad” is printed, but by the definition higher is better.")
    assert not found("P1", row(completion, "90% | 94%", polarity="Up is Good"))


@pytest.mark.parametrize(
    ("title", "polarity", "asked"),
    [
        ("Reviews completed", "lower", "wanted"),
        ("Reviews completed", "higher", ""),
        ("Days lost to sickness", "higher", "unwanted"),
        ("Complaints answered within 10 days", "lower", "in time"),
        ("Delayed transfers of care", "lower", ""),
        ("Reviews not completed", "lower", ""),
        ("Increase the level of staff engagement", "lower", "speaks of more"),
        ("Referrals which lead to an investigation", "higher", "turned away"),
        ("Forecast outturn (overspent / - underspent)", "lower", "within 0 to 0"),
        ("Readmitted to hospital within 28 days", "lower", ""),
        ("Time taken to complete assessments", "lower", ""),
        ("Emergency admissions avoided", "higher", ""),
        ("Reviews completed", "neutral", ""),  # who wants no direction has thought about it
        ("Beds occupied", "within 85 to 95", ""),
    ],
)
def test_what_a_title_says_of_better(title, polarity, asked):
    words = [finding.words for finding in found("P1", row("X1", "1 | 2", title=title, polarity=polarity))]
    assert [asked in one for one in words] == ([True] if asked else [])


def test_no_national_definition_is_at_odds_with_its_own_title():
    assert not found("P1", *(row(one, basis=one.bases[0].wording) for one in national()))


def national():
    """The definitions that come with the package, known to the stories."""
    return [DEFINED.setdefault(key, one) for key, one in load_catalogue().indicators.items()]


def test_pounds_that_mean_thousands_are_found():
    words = only("U1", row("BPI108", "£-201 | £191", unit="£000s", basis="forecast"))
    assert words == "£191 in 2016/17 reads as pounds, but the measure is in thousands of pounds. Print £191k."
    assert not found("U1", row("X1", "£191k | £12k", unit="£000s"), row("X2", "£191", unit="£"))


def test_a_percent_sign_goes_with_the_unit():
    assert "Take it out" in only("U1", row("X1", "40% | 50%", unit="count"))
    assert "Print it with all" in only("U1", row("X1", "40% | 50", unit="%"))
    assert not found("U1", row("X1", "40 | 50", unit="%"))


# Directions of travel


@pytest.mark.parametrize(
    ("figures", "polarity", "printed", "rules"),
    [
        ("260 | 248 | 236", "lower", "Good", ""),
        ("260 | 248 | 236", "lower", "Bad", "D1"),
        ("260 | 248 | 236", "lower", "Neutral", "D3"),  # on two results it was right
        ("8,377 | 10,535 | 8,551", "lower", "Bad", "D3"),
        ("8,377 | 10,535 | 8,551", "lower", "Neutral", ""),
        ("94% | 93% | 96%", "higher", "Neutral", ""),
        ("10 | 11 | 12", "neutral", "Neutral", ""),
        ("10 | 11 | 12", "neutral", "Good", "D1"),
        ("40 | 50 | -", "higher", "Good", "D2"),  # an earlier year that is not shown may have decided
        ("40 | 50 | -", "higher", "Bad", "D1 D2"),  # but not against the last change
        ("40 | 50 | -", "higher", "Neutral", "D2"),
        ("- | - | -", "higher", "Neutral", "D2"),
    ],
)
def test_a_printed_direction_against_the_latest_three_results(figures, polarity, printed, rules):
    listed = row("X1", figures, polarity=polarity, direction=printed)
    assert [rule for rule in ("D1", "D2", "D3") if found(rule, listed)] == rules.split()


def test_a_council_is_held_to_its_own_rule():
    listed = row("X1", "94% | 93% | 96%", polarity="higher", direction="Neutral")
    words = only("D1", listed, judging=Judging(direction=EAST_SUSSEX))
    assert words.startswith("Neutral is printed, but the figures say Good. Better: 93% in 2016/17, then 96% in 2017/18")


def test_a_council_that_takes_two_results_has_a_stale_direction_after_the_second():
    listed = row("X1", "14 | 11", direction="Neutral")
    assert "the direction is Good" in only("D3", listed, judging=Judging(direction=EAST_SUSSEX))


def test_a_break_that_is_declared_gives_no_direction_to_contradict():
    listed = row("X1", "260 | 248 | 236", direction="Bad", breaks="2017/18")
    assert not [finding for rule in ("D1", "D2", "D3", "D4") for finding in found(rule, listed)]


def test_a_direction_is_stale_where_the_newest_figure_is_late_and_not_where_it_is_not_due():
    others = row("X2", "1 | 2 | 3")  # so that the plan reaches 2017/18
    late = row("X1", "189 | 124 | -", direction="Good", frequency="monthly")
    assert "the years before 2017/18: that is still awaited on 11 July 2018" in only("D3", late, others)
    assert not found("D3", row("X1", "189 | 124 | -", direction="Good", frequency="annual"), others)


def test_one_threshold_for_all():
    good, neutral = row("X1", "100 | 101", direction="Bad"), row("X2", "100 | 103", direction="Neutral")
    words = only("D4", good, neutral)
    assert "Good or Bad is printed for X1 +1.0%, but Neutral for larger changes: X2 +3.0%." in words
    assert not found("D4", row("X1", "100 | 110", direction="Bad"), neutral)
    assert not found("D4", good, row("X2", "£-201 | £191", direction="Neutral"))  # no share of a change of sign


# Figures


@pytest.mark.parametrize(
    ("figures", "unit", "title", "words"),
    [
        ("104.2%", "%", "People reviewed", "104.2% in 2015/16 cannot be: nothing is outside 0 to 100."),
        ("-3", "count", "People", "-3 in 2015/16 cannot be: nothing is below 0."),
        ("12.5", "score", "Quality of life (score out of 12)", "12.5 in 2015/16 cannot be"),
        ("£-201", "£000s", "Net spending less budget", ""),
        ("-4%", "%", "Change in requests", ""),
        ("100% | 0%", "%", "People reviewed", ""),
        ("104%", "%", "Staff turnover", ""),
        ("104%", "%", "Budget spent", ""),
        ("-5%", "%", "Internet access", "-5% in 2015/16 cannot be"),
        ("No", "yes/no", "Plan agreed", ""),
    ],
)
def test_figures_that_can_be(figures, unit, title, words):
    seen = found("N1", row("X1", figures, unit=unit, title=title, denominator="People"))
    assert [finding.words.startswith(words) for finding in seen] == ([True] if words else [])


def test_a_share_is_surer_than_a_ratio():
    share = {"unit": "%", "denominator": "People"}
    (sure,) = found("N1", row("X1", "104%", numerator="Of those people, the ones reviewed", **share))
    (unsure,) = found("N1", row("X1", "104%", numerator="Reviews", **share))
    assert (sure.severity, unsure.severity) == (Severity.ERROR, Severity.QUERY)


@pytest.mark.parametrize(
    ("printed", "unit", "counts", "words"),
    [
        ("79.25%", "%", (42, 53), ""),  # 2B1 of York, 2016/17
        ("81.2%", "%", (42, 53), "they give 79.2"),
        ("683.1", "per 100,000", (253, 37037), ""),  # 2A2 of York, 2015/16
        ("702.0", "per 100,000", (253, 37037), "they give 683.1"),
        ("12.3%", "%", (49, 400), ""),  # 12.25 exactly, by either way of rounding a half
        ("12.2%", "%", (49, 400), ""),
        ("50%", "%", (6, 5), "a part cannot be above the whole"),
        ("50%", "%", (1, 0), "nothing can be divided by that"),
        ("50%", "%", (-1, 2), "below nought"),
        ("5", "days", (1, 3), ""),  # how days come out of counts is not known here
    ],
)
def test_a_value_comes_out_of_its_counts(printed, unit, counts, words):
    listed = row("X1", printed, unit=unit, denominator="People", numerator="Of those people, the ones")
    seen = found("N2", listed, counts={"x1": counts})
    assert [words in finding.words for finding in seen] == ([True] if words else [])


def test_what_adds_up_from_april_does_not_fall():
    words = only("N3", line("X1", "100 | 210 | 205"))
    assert "falls from 210 in Quarter 2 2018/19 to 205 in Quarter 3 2018/19" in words
    assert not found("N3", line("X1", "100 | 210 | 205 (revised)"), line("X2", "4 | 3", basis="in period"))
    assert not found("N3", line("X1", "50% | 40%", unit="%"))  # a share of all so far may fall


@pytest.mark.parametrize(("year", "rules"), [("42", 0), ("43", 1), ("43 (provisional)", 0)])
def test_the_quarters_make_up_the_year(year, rules):
    defined = indicator("X1", basis="in period, rolling 12 months")
    quarters = line(defined, "10 | 12 | 9 | 11", basis="in period")
    seen = found("N3", quarters, row(defined, year, first=2018, basis="rolling 12 months"))
    assert len(seen) == rules
    assert all("the sum of the quarters is 42" in finding.words and len(finding.also) == 1 for finding in seen)


def test_the_running_total_at_the_end_of_march_is_the_year():
    defined = indicator("X1", basis="year-to-date sum", unit="%")
    words = only("N3", line(defined, "- | - | - | 61%"), row(defined, "62%", first=2018))
    assert words.startswith("For 2018/19 the figure (year-to-date sum, 2018/19) is 62, but")
    assert not found("N3", line(defined, "- | - | - | 62%"), row(defined, "62%", first=2018))
    both = indicator("X1", basis="annual, rolling 12 months", unit="%")  # shares of different people, perhaps
    assert not found("N3", row(both, "61%", basis="annual"), row(both, "62%", basis="rolling 12 months"))


def test_the_same_figure_three_times_is_asked_about_but_not_noughts_or_handfuls():
    assert "87.2% stands in three periods" in only("N4", row("X1", "87.2% | 87.2% | 87.2%", unit="%"))
    others = [row("X2", "0 | 0 | 0"), row("X3", "3 | 3 | 3"), row("X4", "100.0% | 100.0% | 100.0%", unit="%"),
              row("X5", "87.2% | 87.2% | 87.1%", unit="%")]  # fmt: skip
    assert not found("N4", *others)


@pytest.mark.parametrize(
    ("frequency", "figures", "late"),
    [
        ("monthly", "189 | 124 | -", True),  # 102 days after the year
        ("annual", "189 | 124 | -", False),
        ("monthly", "189 | NC | -", False),  # it stopped, which O2 tells
        ("monthly", "189 | 124 | 118", False),
        ("irregular", "189 | 124 | -", False),
    ],
)
def test_a_figure_that_should_be_there_by_now(frequency, figures, late):
    assert bool(found("N5", row("X1", figures, frequency=frequency))) is late


def test_a_scorecard_of_a_year_past_is_not_asked_for_its_figures():
    sheet = line("X1", "4 | -", frequency="monthly")
    assert found("N5", sheet, today=date(2018, 12, 2))
    assert not found("N5", sheet, today=date(2018, 12, 1))  # 62 days after September, which is not too late
    assert not found("N5", sheet, today=date(2026, 1, 31))


# Breaks


@pytest.mark.parametrize(
    ("figures", "unit", "words"),
    [
        ("2,435 | 931 | 978", "count", "a change of −62%"),
        ("34.10% | 71.14%", "%", "37.0 percentage points up"),
        ("1 | 3", "count", ""),  # a handful
        ("20 | 9", "count", "a change of −55%"),
        ("9 | 19", "count", ""),
        ("100 | 150", "count", ""),  # half as many again is the limit, and still within it
        ("50% | 65%", "%", ""),  # as are 15 points
        ("28.5% | 39.21%", "%", ""),
        ("2,435 | NC | 978", "count", ""),  # what happened in between is not known
        ("£-201 | £191", "£000s", ""),
        ("0 | 40", "count", ""),  # a share of nothing is nothing
        ("Yes | No", "yes/no", ""),
    ],
)
def test_a_sudden_change(figures, unit, words):
    seen = found("B1", row("X1", figures, unit=unit))
    assert [words in finding.words for finding in seen] == ([True] if words else [])


def test_a_declared_break_and_a_running_year_are_no_sudden_change():
    assert not found("B1", row("X1", "2,435 | 931", breaks="2016/17"))
    assert not found("B1", line("X1", "100 | 210 | 320"))
    assert found("B1", line("X1", "100 | 210 | 220", basis="in period"))


def test_a_change_is_held_against_what_the_series_is_used_to():
    calm = "100 | 102 | 101 | 103 | 102 | 104 | 103 | 105 | 104"
    assert "far more than its changes so far" in only("B1", row("X1", f"{calm} | 130"))
    wild = "100 | 190 | 100 | 190 | 100 | 190 | 100 | 190 | 100"
    assert not found("B1", row("X1", f"{wild} | 190"))
    assert len(found("B1", row("X1", "100 | 190 | 100"))) == 1  # with so few, it may be anything


def test_a_figure_for_a_year_without_its_source():
    biennial = {"unit": "score", "frequency": "biennial", "survey": 2012}
    assert "the survey did not run" in only("B2", row("X1", "8.1 | 8.4", **biennial))
    assert "The survey ran in 2016/17" in only("B2", row("X1", "NC | NC", **biennial))
    assert not found("B2", row("X1", "NC | 8.4 | NC", **biennial))
    assert not found("B2", line("X1", "NC | 8.4", **biennial), today=date(2019, 6, 1))
    suspended = row("ASCOF1H", "28.50% | 39.21%", framework="ascof-2015-18", unit="%")
    assert "39.21% is printed for 2016/17, but the national figures were suspended" in only("B2", suspended)
    marked = row("ASCOF1H", "28.50% | 39.21% (provisional)", framework="ascof-2015-18", unit="%")
    assert not found("B2", marked)


def test_decimals_that_differ_in_a_row():
    assert "X1 (11.3, 11.18)" in only("B3", row("X1", "11.3 | 11.18"))
    assert not found("B3", row("X1", "99.5% | 100%", unit="%"), row("X2", "0 | 1.5"))


def test_a_column_of_padded_percentages():
    padded = [row(f"X{number}", f"{number}1.{number}0% | {number}1.{number}7%", unit="%") for number in range(1, 6)]
    words = only("B3", *padded)
    assert words.startswith("All 5 percentages for 2015/16 end in 0")
    assert "for 2016/17 5 of 5 have a second decimal" in words
    assert not found("B3", *padded[:4])  # four may be chance


# All of them


CELLS = st.sampled_from(
    ["", "blank", "-", "NC", "N/A", "0", "0%", "100%", "-5", "£-201", "£191k", "12.34%", "3 (provisional)", "1:35",
     "Yes", "999999999999999999", "0.00000000000000001", "32117 (est year end 128469)", "1.50 (9.28 people per week)"]
)  # fmt: skip
CODES = st.sampled_from(
    [("home", "X1"), ("home", "X2"), ("york", "PVP02"), ("york", "PVP04"), ("york", "PVP05"), ("york", "PVP14"),
     ("york", "PVP15"), ("york", "CORP01L"), ("ascof-2015-18", "ASCOF2A2"), ("ascof-2015-18", "ASCOF2C1"),
     ("ascof-2015-18", "ASCOF1D"), ("ascof-2015-18", "ASCOF1C 1a")]
)  # fmt: skip
UNITS = ["count", "%", "per 100,000", "score", "£", "£000s", "days", "yes/no", "FTE"]
BASES = ["annual", "snapshot", "in period", "year-to-date sum", "year-to-date average", "rolling 12 months", "forecast"]


@st.composite
def odd_pictures(draw):
    """Rows and lines with whatever a cell may hold, and owners, populations and counts that nobody should write."""
    things = []
    for _ in range(draw(st.integers(0, 4))):
        framework, code = draw(CODES)
        told = {"framework": framework, "unit": draw(st.sampled_from(UNITS)), "basis": draw(st.sampled_from(BASES)),
                "denominator": draw(st.sampled_from(["none", "People"])),
                "frequency": draw(st.sampled_from(["monthly", "annual", "irregular"]))}  # fmt: skip
        cells = " | ".join(draw(st.lists(CELLS, max_size=4)))
        if draw(st.booleans()):
            things.append(row(
                code, cells, owner=draw(st.sampled_from(["", " ", "Head", "?"])), include=draw(st.booleans()),
                direction=draw(st.sampled_from(["", "Good", "Bad", "Neutral"])),
                polarity=draw(st.sampled_from(["Up is Good", "Up is Bad", "Neutral", "within 1 to 2"])), **told,
            ))  # fmt: skip
        else:
            things.append(priority(line(code, cells, target=draw(st.sampled_from(["", "0", "£0", "5%"])), **told)))
    counts = {name: (draw(st.integers(-1, 3)), draw(st.integers(-1, 3))) for name in ("x1", "pvp02", "ascof1c1a")}
    people = tuple(Population(2015, ages, draw(st.sampled_from([-1, 0, 1, 37037, 10**15])), "")
                   for ages in ("65 and over", "18 and over"))  # fmt: skip
    return picture(*things, counts=counts, populations=people)


@given(odd_pictures())
def test_no_rule_raises_on_odd_pictures_and_every_finding_says_what_to_do(odd):
    for finding in findings(odd):
        assert finding.words[0].isupper() or not finding.words[0].isalpha()
        assert finding.words.endswith((".", "?"))
        assert finding.severity in Severity
