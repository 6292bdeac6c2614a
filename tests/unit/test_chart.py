import re
from decimal import Decimal
from itertools import pairwise
from xml.etree import ElementTree

import pytest

from outturn.publish.chart import Point, describe, sparkline, status_bar, status_words, trend

NC = "NC"


def point(label, amount, printed=None):
    return Point(label, None if amount is None else Decimal(amount), printed or str(amount))


GAPPY = [
    point("2014/15", "12.1", "12.1%"),
    point("2015/16", "21.6", "21.6%"),
    point("2016/17", None, NC),
    point("2017/18", "45.5", "45.5%"),
    point("2018/19", "52", "52.0%"),
]


def draw(points, **more):
    return trend(points, **{"title": "Title", "description": "Words", "unit_words": "per cent"} | more)


def parse(drawing):
    return ElementTree.fromstring(drawing)


def words(drawing):
    return ["".join(text.itertext()) for text in parse(drawing).iter("{http://www.w3.org/2000/svg}text")]


def lines(drawing):
    """The x of each point of each line drawn through figures."""
    found = [line.get("points").split() for line in parse(drawing).iter("{http://www.w3.org/2000/svg}polyline")]
    return [[float(place.split(",")[0]) for place in line] for line in found]


def dots(drawing):
    return list(parse(drawing).iter("{http://www.w3.org/2000/svg}circle"))


# --- the trend


def test_every_printed_figure_and_period_is_written():
    written = words(draw(GAPPY))
    for each in GAPPY:
        assert each.printed in written
        assert each.label in written


def test_a_gap_is_never_joined_and_never_drawn_as_nought():
    drawing = draw(GAPPY)
    assert [len(line) for line in lines(drawing)] == [2, 2]
    assert len(dots(drawing)) == 4
    assert NC in words(drawing)


def test_a_break_is_never_joined_and_is_marked():
    points = [point(f"20{year}", year) for year in range(11, 17)]
    drawing = draw(points, breaks=["2014"])
    assert [len(line) for line in lines(drawing)] == [3, 3]
    assert "Not comparable with before" in words(drawing)
    assert 'stroke-dasharray="2 4"' in drawing


def test_a_break_at_the_first_point_marks_nothing():
    assert "Not comparable" not in draw(GAPPY, breaks=["2014/15"])


def test_lines_run_forward():
    for line in lines(draw(GAPPY)):
        assert all(left < right for left, right in pairwise(line))


def test_one_figure_is_a_bar_from_nought_and_no_line():
    drawing = draw([point("2017/18", "71", "71%")], target=point("Target", "74", "74%"))
    assert lines(drawing) == []
    assert len(list(parse(drawing).iter("{http://www.w3.org/2000/svg}rect"))) == 1
    assert "0" in words(drawing)
    assert "Per cent" in words(drawing)


@pytest.mark.parametrize("points", [[], [point("Q1", None, "N/A"), point("Q2", None, NC)]])
def test_no_figures_says_so(points):
    drawing = draw(points, target=point("Target", "74", "74%"))
    assert "No figures yet" in words(drawing)
    assert not dots(drawing)
    assert {each.printed for each in points} <= set(words(drawing))


def test_the_target_is_labelled_where_it_is():
    drawing = draw(GAPPY, target=point("Target", "60", "60%"))
    assert "Target 60%" in words(drawing)
    assert 'stroke-dasharray="7 4"' in drawing


def test_the_axis_starts_at_nought():
    drawing = draw(GAPPY)
    assert "0" in words(drawing)
    assert "Per cent" in words(drawing)


def test_an_axis_that_does_not_start_at_nought_says_where_it_starts():
    drawing = draw([point("a", "93.9"), point("b", "92.1"), point("c", "94.2")])
    assert "Per cent (axis starts at 91, not 0)" in words(drawing)


def test_figures_either_side_of_nought_share_one_axis():
    written = words(draw([point("a", "-201", "£-201"), point("b", "191", "£191")], unit_words="thousands of pounds"))
    assert {"−300", "0", "200"} <= set(written)


def test_level_figures_can_be_drawn():
    assert lines(draw([point("a", 0), point("b", 0)]))
    assert lines(draw([point("a", -3), point("b", -3)]))


def test_long_words_are_put_in_rows_with_nothing_lost():
    printed = "33,117 (estimated year end 130,469), see the note"
    drawing = draw([point("Quarter 1", 33117, printed), point("Quarter 2", 40000)])
    assert printed in " ".join(words(drawing))


def test_hostile_words_stay_words():
    hostile = '</title><script>alert("1")</script>&\x00\ud800'
    drawing = draw(
        [point(hostile, 1, hostile), point("b", None, hostile)],
        title=hostile, description=hostile, unit_words=hostile, target=point(hostile, 2, hostile),
    )  # fmt: skip
    assert "<script" not in drawing
    assert parse(drawing)[0].text == '</title><script>alert("1")</script>&'


def test_the_drawing_is_named_by_its_own_title_and_description():
    drawing = parse(draw(GAPPY))
    assert drawing.get("role") == "img"
    assert drawing.get("aria-labelledby").split() == [drawing[0].get("id"), drawing[1].get("id")]
    assert [drawing[0].text, drawing[1].text] == ["Title", "Words"]


def test_ids_differ_between_charts_and_by_key():
    charts = [draw(GAPPY), draw(GAPPY, title="Other"), draw(GAPPY, key="2")]
    ids = [found for chart in charts for found in re.findall(r' id="([^"]+)"', chart)]
    assert len(ids) == len(set(ids))
    assert draw(GAPPY) == draw(GAPPY)


def test_no_inline_style_that_a_content_security_policy_would_refuse():
    for drawing in (draw(GAPPY), sparkline(GAPPY), status_bar({"Red": 1})):
        assert "style=" not in drawing


# --- the sparkline


def test_a_sparkline_is_silent_and_never_joins_a_gap():
    drawing = sparkline(GAPPY)
    assert parse(drawing).get("aria-hidden") == "true"
    assert [len(line) for line in lines(drawing)] == [2, 2]


def test_a_sparkline_never_joins_a_break():
    points = [point("a", 1), point("b", 2), point("c", 3), point("d", 4)]
    assert [len(line) for line in lines(sparkline(points, breaks=["c"]))] == [2, 2]


def test_a_sparkline_of_one_is_a_dot_and_of_none_is_nothing():
    assert len(dots(sparkline([point("a", 5), point("b", None, NC)]))) == 1
    assert sparkline([]) == sparkline([point("a", None, NC)]) == ""


# --- the bar of statuses


def test_a_status_bar_counts_in_words_with_a_pattern_beside_the_colour():
    drawing = status_bar({"Red": 2, "Green": 9, "": 1, "Amber": 4})
    assert words(drawing) == ["2 Red", "4 Amber", "9 Green", "1 No status"]
    assert parse(drawing)[1].text == "2 Red, 4 Amber, 9 Green, 1 with no status."
    assert drawing.count("url(#bar-") == 2


def test_a_status_bar_is_shared_out_by_count():
    rects = parse(status_bar({"Red": 1, "Green": 3})).iter("{http://www.w3.org/2000/svg}rect")
    widths = [float(rect.get("width")) for rect in rects if rect.get("stroke")]
    assert widths[1] == pytest.approx(3 * widths[0], abs=0.3)


def test_no_statuses_says_so():
    assert words(status_bar({})) == ["No statuses yet"]
    assert status_words({"Red": 0}) == "No statuses yet."


# --- words


def test_describe_gives_the_gist_every_figure_the_gap_and_the_target():
    assert describe(GAPPY, point("Target", "45", "45%"), unit_words="per cent") == (
        "4 figures (per cent), from 12.1% in 2014/15 to 52.0% in 2018/19. "
        "2014/15: 12.1%; 2015/16: 21.6%; 2017/18: 45.5%; 2018/19: 52.0%. "
        "No figure for 2016/17 (NC). Target 45%; the latest figure is above it."
    )


def test_describe_does_not_compare_across_a_break():
    text = describe([point("2016/17", 5), point("2017/18", 9)], breaks=["2017/18"])
    assert text == (
        "2 figures, not all comparable. 2016/17: 5; 2017/18: 9. "
        "Figures from 2017/18 cannot be compared with those before."
    )


@pytest.mark.parametrize(
    ("latest", "words_"), [("44", "below it"), ("45", "equal to it"), ("45.0", "equal to it"), ("46", "above it")]
)
def test_describe_says_where_the_latest_stands_without_judging(latest, words_):
    assert describe([point("Q1", latest)], point("Target", 45)).endswith(f"Target 45; the latest figure is {words_}.")


def test_describe_one_figure_and_none():
    assert describe([point("Q1", 71, "71%")]) == "One figure: 71% in Q1."
    assert describe([point("Q1", None, NC)], point("Target", 1)) == "No figures yet. No figure for Q1 (NC). Target 1."
