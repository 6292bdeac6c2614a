"""The strip of dots: who is where, in the drawing and in words."""

from decimal import Decimal
from itertools import combinations
from math import dist
from xml.etree import ElementTree

from outturn.publish.strip import Dot, describe, strip

SVG = "{http://www.w3.org/2000/svg}"


def dot(name, amount, **more):
    return Dot(name, Decimal(amount), f"{amount}%", **more)


OTHERS = [dot("Aldershaw", "62.0"), dot("Greyford", "71.5", is_near=True), dot("Millhaven", "88.1")]
OURS, ENGLAND = dot("Ours", "77.1"), dot("England", "76.0")


def draw(dots=OTHERS, **more):
    about = {"own": OURS, "lines": [ENGLAND], "title": "2A", "unit_words": "per cent", **more}
    return ElementTree.fromstring(strip(dots, **about))


def words(drawing):
    return ["".join(text.itertext()) for text in drawing.iter(f"{SVG}text")]


def x_of(drawing, tag="circle"):
    return [float(one.get("cx")) for one in drawing.iter(f"{SVG}{tag}")]


def test_the_chart_in_words_is_made_from_its_numbers():
    assert describe(OTHERS, own=OURS, lines=[ENGLAND], unit_words="per cent") == (
        "3 areas (per cent), from Aldershaw with 62.0% to Millhaven with 88.1%; half of them have 71.5% or less. "
        "Ours has 77.1%: 2 are below it and 1 above. England has 76.0%."
    )
    assert draw().find(f"{SVG}desc").text == describe(OTHERS, own=OURS, lines=[ENGLAND], unit_words="per cent")


def test_places_on_the_line_are_in_proportion():
    first, second, third = x_of(draw())
    share = (second - first) / (third - first)
    assert abs(share - (71.5 - 62.0) / (88.1 - 62.0)) < 0.01


def test_the_council_is_a_diamond_with_its_name_and_the_near_ones_are_filled():
    drawing = draw()
    assert len(drawing.findall(f".//{SVG}polygon")) == 1
    assert {"Ours 77.1%", "England 76.0%"} <= set(words(drawing))
    filled = [one.get("fill") != "#fff" for one in drawing.iter(f"{SVG}circle")]
    assert filled == [False, True, False]


def test_equal_figures_stand_on_top_of_each_other():
    circles = list(draw([dot(name, "50.0") for name in "ABC"], own=None, lines=()).iter(f"{SVG}circle"))
    assert len({one.get("cx") for one in circles}) == 1
    assert len({one.get("cy") for one in circles}) == 3


def test_no_dot_covers_another():
    circles = [(float(one.get("cx")), float(one.get("cy"))) for one in draw(
        [dot(str(number), f"{50 + number % 37 / 10}") for number in range(150)], own=None, lines=()
    ).iter(f"{SVG}circle")]  # fmt: skip
    assert len(circles) == 150
    assert min(dist(one, other) for one, other in combinations(circles, 2)) >= 9.9


def test_which_end_is_better_stands_there():
    assert "better →" in words(draw(better="higher"))
    assert "← better" in words(draw(better="lower"))
    assert not any("better" in word for word in words(draw()))


def test_one_council_negative_figures_and_none():
    assert describe([dot("A", "5")], unit_words="") == "One figure: A 5%."
    assert draw([dot("A", "5")], own=None, lines=()) is not None
    assert len(x_of(draw([dot("A", "-5"), dot("B", "5")], own=None))) == 2
    assert strip([], title="", unit_words="") == ""


def test_names_are_escaped():
    assert "<b>" not in strip([dot("<b>A</b>", "5")], title="<b>", unit_words="<b>")
