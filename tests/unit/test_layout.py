"""Reading the files of a layout, a council's additions to them, and the page made from them."""

import re
import textwrap
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outturn.returns.layout import (
    RETURNS,
    Layout,
    ListValue,
    ValueList,
    classify,
    heading_key,
    load_layout,
    text_key,
)
from outturn.returns.reference import main, page
from outturn.returns.rules import load_rules
from outturn.textfiles import FaultyFiles

LAYOUT = load_layout()
PAGE = Path(__file__).parents[2] / "docs" / "reference" / "client-level-data.md"
LISTS = sorted(LAYOUT.lists)


@pytest.fixture
def extra(tmp_path: Path):
    def write(**files: str) -> Path:
        for name, text in files.items():
            (tmp_path / f"{name.replace('_', '-')}.yaml").write_text(textwrap.dedent(text).lstrip("\n"), "utf-8")
        return tmp_path

    return write


class TestKeys:
    """Two texts with one key are one value."""

    @pytest.mark.parametrize(
        "other", [" Carer's  respite - short ", "CARER’S RESPITE–SHORT", "carer`s\u00a0respite — short"]
    )
    def test_case_white_space_dashes_and_apostrophes_do_not_count(self, other):
        assert text_key(other) == text_key("Carer's respite - short")

    def test_other_signs_count(self):
        assert text_key("Tenant") != text_key("Tenant -")
        assert text_key("family / friends") != text_key("family or friends")

    @given(st.text())
    def test_a_key_is_its_own_key(self, text):
        assert text_key(text_key(text)) == text_key(text)
        assert heading_key(heading_key(text)) == heading_key(text)

    def test_a_heading_is_its_letters_and_digits(self):
        assert heading_key("No. of adults_being cared-for") == LAYOUT.heading_key("noofadultsbeingcaredfor")


@pytest.mark.parametrize("name", LISTS)
class TestEveryList:
    """What must be true of each, whoever wrote it."""

    def test_a_spelling_stands_for_one_value_only(self, name):
        values = LAYOUT.lists[name]
        for value in values.values:
            for spelling in (*value.release_1, *value.accepts, *(() if value.derived else (value.words,))):
                assert classify(values, spelling)[0] == value.words
                assert classify(values, f" {spelling.upper()}")[0] == value.words

    def test_what_a_release_may_hold_is_known_as_of_that_release(self, name):
        values = LAYOUT.lists[name]
        for release in (1, 2):
            found = {classify(values, words)[1] for words in values.submittable(release)}
            assert found <= {"valid", f"release {release}"}

    def test_its_words_end_as_sentences(self, name):
        notes = [LAYOUT.lists[name].notes, *(value.notes for value in LAYOUT.lists[name].values)]
        assert all(note.endswith(".") for note in notes if note)


def test_every_list_has_a_field_or_says_why_not():
    unused = set(LISTS) - {field.list for field in LAYOUT.fields}
    assert unused == {"event-outcome-release-1"}
    assert "No field uses this list" in LAYOUT.lists["event-outcome-release-1"].notes


def test_blank_is_neither_valid_nor_invalid():
    assert classify(LAYOUT.lists["gender"], "  ") == (None, "")


def test_a_list_made_in_code_works_alike():
    values = ValueList(
        "size", "Size", False, (ListValue("Large", ("L",), None, False, {}), ListValue("Small", (), None, False, {}))
    )
    assert [classify(values, text)[1] for text in ("Large", "L", "Small", "small", "Tiny")] == [
        "release 2", "release 1", "valid", "spelling", "invalid",
    ]  # fmt: skip
    assert values.fact("Large", "colour") == values.fact(None, "colour") == values.fact("Huge", "colour") == ""


def test_an_unknown_field_is_answered_with_the_nearest():
    with pytest.raises(ValueError, match=r"There is no field gendr\. Did you mean gender\?"):
        LAYOUT.field("gendr")


def test_an_unknown_return_is_answered_with_those_there_are():
    with pytest.raises(ValueError, match=r"There is no return “sac”\. We know: .*cld"):
        load_layout("sac")


def test_the_layout_is_read_once():
    assert load_layout() is load_layout("cld")


class TestACouncilsOwnFiles:
    """A council adds values and spellings; it takes nothing away."""

    def test_it_adds_a_value_and_a_spelling(self, extra):
        own = load_layout("cld", extra(service_component="""
            values:
              - value: Assistive technology
                release_1: Telecare
            accepts:
              Homecare: Home support or domiciliary care
        """))  # fmt: skip
        components = own.lists["service-component"]
        assert classify(components, "Assistive technology") == ("Assistive technology", "release 2")
        assert classify(components, "Telecare") == ("Assistive technology", "release 1")
        assert classify(components, "HOMECARE") == ("Home support or domiciliary care", "spelling")
        assert classify(components, "Meals") == ("Meals", "valid")
        assert components.by_words["Assistive technology"].grade == "own"
        assert own.field("service_component").list == "service-component"

    def test_it_changes_nothing_for_others(self, extra):
        load_layout("cld", extra(gender="values: [{value: Prefers not to say}]"))
        assert classify(load_layout().lists["gender"], "Prefers not to say")[1] == "invalid"

    def test_every_fault_of_every_file_is_told_at_once(self, extra):
        folder = extra(
            gender="""
                values:
                  - value: Male
                  - valeu: Neither
                  - value: Not stated
                    accepts: female
                accepts:
                  M: Mail
                  Unknown: Male
            """,
            genders="""
                values:
                  - value: Neither
            """,
        )
        with pytest.raises(FaultyFiles) as caught:
            load_layout("cld", folder)
        assert [str(fault) for fault in caught.value.faults] == [
            "gender.yaml, line 2: “Male” is on the list already. Another spelling goes under accepts.",
            "gender.yaml, line 3: “value” is missing or blank. Write value: Unknown",
            "gender.yaml, line 3: “valeu” is not known. Did you mean “value”?",
            "gender.yaml, line 4: “female” stands for “Female” already, so it cannot stand for “Not stated” too.",
            "gender.yaml, line 7: “Mail” is not on the list. Did you mean Male?",
            "gender.yaml, line 8: “Unknown” stands for “Unknown” already. Leave it out.",
            "genders.yaml, line 1: There is no list genders. Did you mean gender?",
        ]

    def test_a_file_that_is_not_yaml_is_told_with_its_line(self, extra):
        with pytest.raises(FaultyFiles, match=r"gender\.yaml, line 1: This line cannot be read as YAML"):
            load_layout("cld", extra(gender="values: [Male"))


@pytest.fixture
def own_return(tmp_path, monkeypatch):
    "A return of a test's own, for faults in files that come with the package."

    def write(fields: str, **lists: str):
        folder = tmp_path / "toy" / "layout"
        (folder / "lists").mkdir(parents=True)
        (folder / "fields.yaml").write_text(textwrap.dedent(fields).lstrip("\n"), "utf-8")
        for name, text in lists.items():
            (folder / "lists" / f"{name}.yaml").write_text(textwrap.dedent(text).lstrip("\n"), "utf-8")
        monkeypatch.setattr("outturn.returns.layout.RETURNS", tmp_path)
        return load_layout("toy", tmp_path / "none")

    return write


def test_faults_in_the_fields_and_lists_of_a_return_are_told_at_once(own_return):
    with pytest.raises(FaultyFiles) as caught:
        own_return(
            """
            title: Toy
            fields:
              - {header: Size, name: size, module: person, type: list, list: sizes, grade: E}
              - {header: size, name: size_2, module: person, type: date, list: size, grade: E}
              - {header: Colour, name: colour, module: thing, type: text, mandatory: [Service, Visit], grade: A}
              - {header: Cost, name: cost, module: cost, type: text, events: [Service], mandatory: always,
                 missing_is: error, grade: E}
            """,
            size="""
                title: Size
                facts: [group]
                values:
                  - {value: Large, group: big, colour: red, grade: E, derived: maybe}
                  - {value: Small, release_1: S, only_release: "2", grade: E}
            """,
        )
    assert [str(fault) for fault in caught.value.faults] == [
        "fields.yaml, line 3: The list “sizes” of size is not there. Did you mean size?",
        "fields.yaml, line 4: size_2 has a list and is of type date. Write type: list, or leave out the list.",
        "fields.yaml, line 4: The heading of size_2 is that of size too. Give each its own.",
        "fields.yaml, line 5: “Visit” is not an event type. Write some of: Request, Assessment, Service, Review.",
        "fields.yaml, line 5: “module” should be one of: submission, person, event, request, assessment, service, "
        "review, carer, cost.",
        "fields.yaml, line 5: “missing_is” should be one of: error, warning.",
        "fields.yaml, line 5: “grade” should be one of: E, I, K, X, own.",
        "fields.yaml, line 6: cost is mandatory for Assessment, Request, Review, where it does not apply.",
        "size.yaml, line 4: “derived” should be yes or no.",
        "size.yaml, line 4: “colour” is not known. Known here: accepts, contains, derived, grade, group, mapping, "
        "notes, only_release, release_1, value.",
        "size.yaml, line 5: “Small” is in one release only, so leave out release_1.",
    ]


def test_a_list_of_a_return_that_is_not_yaml_is_told_with_its_line(own_return):
    with pytest.raises(FaultyFiles, match=r"size\.yaml, line 1: This line cannot be read as YAML"):
        own_return("title: Toy", size="values: [Large")


class TestThePage:
    """docs/reference/client-level-data.md is made from the files."""

    def test_it_is_up_to_date(self):
        assert PAGE.read_text("utf-8") == page(LAYOUT, load_rules(LAYOUT)), (
            "Run python -m outturn.returns.reference > docs/reference/client-level-data.md"
        )

    def test_it_names_every_field_list_value_and_rule(self):
        text = PAGE.read_text("utf-8")
        for field in LAYOUT.fields:
            assert f"**{field.header}**" in text
        for values in LAYOUT.lists.values():
            assert f"### {values.title}\n" in text
            assert all(value.words in text for value in values.values)
        assert all(f"`{rule.id}`" in text for rule in load_rules(LAYOUT))

    def test_the_command_prints_it(self, capsys):
        main()
        assert capsys.readouterr().out == PAGE.read_text("utf-8")

    def test_it_can_do_without_rules(self):
        assert "## Checks" not in page(LAYOUT)

    def test_a_kind_of_field_that_a_return_has_not_is_left_out(self):
        small = Layout("cld", "A few fields", LAYOUT.fields[:3], LAYOUT.lists)
        assert "### Submission" in page(small)
        assert "### Person" not in page(small)

    def test_links_within_it_lead_somewhere(self):
        text = PAGE.read_text("utf-8")
        headings = {re.sub(r"[^\w -]", "", line.lstrip("# ")).lower().replace(" ", "-")
                    for line in text.splitlines() if line.startswith("#")}  # fmt: skip
        assert set(re.findall(r"\]\(#([^)]+)\)", text)) <= headings

    def test_the_files_come_with_the_package(self):
        assert (RETURNS / "cld" / "layout" / "fields.yaml").is_file()
