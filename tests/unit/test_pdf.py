import copy
import io
import json
from decimal import Decimal

import pytest

from outturn.publish import pdf
from outturn.publish.chart import Point, sparkline, status_bar, status_words

pikepdf = pytest.importorskip("pikepdf")

POINTS = [Point("2015/16", Decimal(260), "260"), Point("2016/17", None, "NC"), Point("2017/18", Decimal(236), "236")]
VALUES = [{"printed": point.printed, "words": point.printed} for point in POINTS]
COUNTS = {"Red": 1, "Green": 1}

PLAN = {
    "council": "Harrowmere Council", "title": "Adult social care", "year": "2018/19",
    "made_at": "2018-07-11T09:30:00+00:00", "source": "Made up.",
    "front": [["Service", "Adult social care"], ["Director", "Director of Adults"]],
    "sections": [
        {"number": "1.a", "kind": "description", "heading": "Description", "blocks": [
            {"type": "paragraph", "text": "What we do."}, {"type": "list", "items": ["One", "Two"]}]},
        {"number": "2", "kind": "priorities", "heading": "Priorities", "blocks": []},
    ],
    "resources": [{"label": "Staff", "printed": "329.27", "part_of": ""}],
    "demographics": [{"subject": "Older people", "now": "9,500", "year": "", "projected": "10,000", "by": "2020"}],
    "actions": [{"reference": "A1", "theme": "Safeguarding", "action": "Do it.", "type": "BAU", "owners": ["Head"],
                 "due": "Ongoing", "status": "Amber", "milestones": [{"text": "Step", "due": "May", "state": "open"}]}],
    "risks": [{"reference": "0544", "title": "Delays", "band": "Red", "owner": "Head", "gross": "5 × 5 = 25 Red",
               "net": "", "target": "", "mitigations": ["Agree", "Plan"], "likelihood": 5, "impact": 5}],
    "matrix": {"columns": ["1 Minor", "2 Major"], "rows": [
        {"likelihood": 1, "label": "1 Rare",
         "cells": [{"band": "Green", "references": []}, {"band": "Red", "references": ["0544"]}]}]},
    "indicators": {"periods": ["2015/16", "2016/17", "2017/18"], "blocks": [
        {"heading": "Service delivery", "rows": [
            {"code": "PVP02", "title": "Admissions", "values": VALUES, "sparkline_svg": sparkline(POINTS),
             "polarity": "Up is Bad", "direction": "Good", "owner": "Director", "include": "Y"}]}]},
    "tokens": [["NC", "not collected"]],
}  # fmt: skip

MEASURE = {"title": "Staff with an appraisal", "target": "100%", "values": [*VALUES, {"printed": "", "words": ""}]}
SCORECARD = {
    "council": "Harrowmere Council", "title": "Scorecard", "year": "2018/19", "quarter": "Quarter 1",
    "made_at": "2018-08-01T10:00:00", "source": "Made up.",
    "status_bar_svg": status_bar(COUNTS), "status_words": status_words(COUNTS),
    "blocks": [
        {"heading": "Priorities", "measure_heading": "Measures", "shows": ["progress", "target"],
         "priorities": [{"title": "Appraisals", "progress": "Going well.", "status": "Red", "portfolios": ["Leader"],
                         "measures": [MEASURE, MEASURE]}]},
        {"heading": "City plans", "measure_heading": "Headline", "shows": [],
         "priorities": [{"title": "Live well", "progress": "", "status": "", "portfolios": [], "measures": [MEASURE]}]},
    ],
    "tokens": [["NC", "not collected"]],
}  # fmt: skip

BOTH = [(pdf.plan_pdf, PLAN), (pdf.scorecard_pdf, SCORECARD)]
HOSTILE = [
    '#read("/etc/passwd")',
    "<script>alert(1)</script>",
    "$x$ *y* _z_ `c` @ref <lab> = head \\",
    "x" * 300,
    "😀 👩‍⚕️ ✅",
    "שלום عليكم",
    "中文",
    "\x00\x07\ud800\u202e",
    "",
    "one\n\ntwo\n",
]


def opened(made):
    return pikepdf.open(io.BytesIO(made))


def elements(node):
    """Every element of the structure tree."""
    if isinstance(node, pikepdf.Array):
        for kid in node:
            yield from elements(kid)
    elif isinstance(node, pikepdf.Dictionary):
        if "/S" in node:
            yield node
        yield from elements(node.get("/K"))


def kinds(made):
    file = opened(made)
    return [str(element.S) for element in elements(file.Root.StructTreeRoot)]


def every_text(part, change, key=""):
    if key in ("made_at", "type", "shows") or key.endswith("_svg"):
        return part
    if isinstance(part, dict):
        return {name: every_text(value, change, name) for name, value in part.items()}
    if isinstance(part, list):
        return [every_text(value, change, key) for value in part]
    return change(part) if isinstance(part, str) else part


def text_of(made):
    return "".join(pages_of(made))


def pages_of(made):
    """The words of each page, read back through each font's own map to Unicode."""
    pages, file = [], opened(made)
    for page in file.pages:
        found = []
        maps = {name: unicode_map(font) for name, font in page.Resources.get("/Font", {}).items()}
        current = {}
        for operands, operator in pikepdf.parse_content_stream(page):
            if str(operator) == "Tf":
                current = maps[str(operands[0])]
            elif str(operator) in ("Tj", "TJ"):
                pieces = operands[0] if str(operator) == "TJ" else operands
                codes = b"".join(bytes(piece) for piece in pieces if isinstance(piece, pikepdf.String))
                found += [current.get(codes[at : at + 2], "") for at in range(0, len(codes), 2)]
        pages.append("".join(found))
    return pages


def unicode_map(font):
    body = font.ToUnicode.read_bytes().decode("latin-1")
    found = {}
    for line in body.splitlines():
        pair = line.replace("<", " ").replace(">", " ").split()
        if line.startswith("<") and len(pair) == 2 and len(pair[0]) == 4:
            found[bytes.fromhex(pair[0])] = bytes.fromhex(pair[1]).decode("utf-16-be")
    return found


@pytest.mark.parametrize(("make", "document"), BOTH)
def test_it_is_tagged_titled_and_in_british_english(make, document):
    file = opened(make(document))
    assert bool(file.Root.MarkInfo.Marked)
    assert file.Root.Lang == "en-GB"
    assert str(file.docinfo.Title).startswith(document["title"])
    assert str(file.docinfo.Title).endswith(document["council"])
    assert bool(file.Root.ViewerPreferences.DisplayDocTitle)
    assert file.open_metadata()["pdfuaid:part"] == "1"


@pytest.mark.parametrize(("make", "document", "tables"), [(pdf.plan_pdf, PLAN, 6), (pdf.scorecard_pdf, SCORECARD, 2)])
def test_every_table_has_a_head_and_a_caption(make, document, tables):
    found = kinds(make(document))
    assert found.count("/Table") == found.count("/THead") == found.count("/Caption") == tables
    assert "/TH" in found


def test_headings_are_real_and_in_order():
    levels = [int(kind[2]) for kind in kinds(pdf.plan_pdf(PLAN)) if kind[:2] == "/H" and kind[2:].isdigit()]
    assert levels[0] == 1
    assert set(levels) == {1, 2, 3}


@pytest.mark.parametrize(("make", "document"), BOTH)
def test_every_drawing_has_words(make, document):
    file = opened(make(document))
    figures = [each for each in elements(file.Root.StructTreeRoot) if each.S == "/Figure"]
    assert figures
    assert all(str(figure.Alt) for figure in figures)


@pytest.mark.parametrize(("make", "document"), BOTH)
def test_every_font_is_ours_and_embedded(make, document):
    file = opened(make(document))
    fonts = [each for each in file.objects if isinstance(each, pikepdf.Dictionary) and "/FontName" in each]
    assert fonts
    assert all("SourceSansPro" in str(font.FontName) for font in fonts)
    assert all("/FontFile2" in font for font in fonts)


@pytest.mark.parametrize(("make", "document"), BOTH)
def test_the_same_document_is_the_same_bytes(make, document):
    assert make(copy.deepcopy(document)) == make(document)
    later = document | {"made_at": "2019-01-01T00:00:00+00:00"}
    assert make(later) != make(document)


@pytest.mark.parametrize(("make", "document"), BOTH)
def test_making_leaves_the_document_as_it_was(make, document):
    before = json.dumps(document)
    make(document)
    assert json.dumps(document) == before


@pytest.mark.parametrize(("make", "document"), BOTH)
@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_words_everywhere_still_make_a_pdf(make, document, hostile):
    assert make(every_text(document, lambda _: hostile)).startswith(b"%PDF")


@pytest.mark.parametrize("hostile", ['#read("/etc/passwd")', "<script>alert(1)</script>", "$x$ @ref"])
def test_hostile_words_stay_words(hostile):
    made = pdf.plan_pdf(PLAN | {"title": hostile})
    # The words come back without spaces and, past twenty letters, with places to break between them.
    read = text_of(made).replace("\u200b", "").replace(" ", "")
    assert hostile.replace(" ", "") in read
    assert "root:" not in read


def test_a_character_no_font_has_is_named():
    made = pdf.plan_pdf(PLAN | {"title": "Happy 😀"})
    assert "[grinningface]" in text_of(made).replace(" ", "")


LONG = "Zebra progress. " * 625


def long_progress(document):
    document["blocks"][0]["priorities"][0]["progress"] = LONG


def long_measure(document):
    document["blocks"][0]["priorities"][0]["measures"][0]["title"] = LONG


def long_action(document):
    document["actions"][0]["action"] = LONG


def long_milestone(document):
    document["actions"][0]["milestones"][0]["text"] = LONG


@pytest.mark.parametrize(
    ("make", "document", "lengthen", "heading"),
    [
        (pdf.scorecard_pdf, SCORECARD, long_progress, "Progress summary"),
        (pdf.scorecard_pdf, SCORECARD, long_measure, "Progress summary"),
        (pdf.plan_pdf, PLAN, long_action, "Priority theme"),
        (pdf.plan_pdf, PLAN, long_milestone, "Priority theme"),
    ],
)
def test_ten_thousand_letters_run_over_pages_under_repeated_headings(make, document, lengthen, heading):
    document = json.loads(json.dumps(document))  # so that measures used twice are no longer one object
    lengthen(document)
    pages = [page for page in pages_of(make(document)) if "Zebra" in page]
    assert len(pages) > 3
    assert sum(page.count("Zebra") for page in pages) == 625
    assert all(heading.replace(" ", "") in page.replace(" ", "") for page in pages)


@pytest.mark.parametrize(("make", "document"), BOTH)
def test_it_is_stamped_with_when_the_document_was_made(make, document):
    digits = "".join(digit for digit in document["made_at"][:19] if digit.isdigit())
    assert digits in str(opened(make(document)).docinfo.CreationDate)


@pytest.mark.parametrize(("make", "document"), BOTH)
def test_an_empty_document_still_makes_a_pdf(make, document):
    lists = {name: [] for name, value in document.items() if isinstance(value, list)}
    nothing = {"matrix": None, "indicators": {"periods": [], "blocks": []}, "status_bar_svg": "", "status_words": ""}
    assert make(document | lists | nothing).startswith(b"%PDF")


def test_a_date_that_is_not_one_is_refused():
    with pytest.raises(pdf.CannotPublish) as refusal:
        pdf.plan_pdf(PLAN | {"made_at": "yesterday"})
    assert str(refusal.value) == (
        "The plan was not made into a PDF: its made_at is “yesterday”, which is not a date and time. "
        "Write it like 2018-07-11T09:30:00+00:00."
    )


def test_a_document_with_a_part_missing_says_what_and_where():
    document = {name: value for name, value in SCORECARD.items() if name != "tokens"}
    with pytest.raises(pdf.CannotPublish) as refusal:
        pdf.scorecard_pdf(document)
    message = str(refusal.value)
    assert message.startswith("The scorecard “Scorecard” was not made into a PDF. Typst stopped at ")
    assert "tokens" in message
    assert "Nothing was published." in message
