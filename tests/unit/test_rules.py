"""The catalogue of checks: what must be true of every rule, and how faults in its files are told."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from outturn.returns.layout import INVALID, load_layout
from outturn.returns.rules import (
    EVENTS,
    FOLDER,
    GROUPS,
    ForEach,
    Severity,
    expand,
    load_example_rows,
    load_rules,
)
from outturn.textfiles import FaultyFiles

LAYOUT = load_layout("cld")
RULES = load_rules(LAYOUT)
CHECKS = expand(RULES, LAYOUT)
CLEAN = load_example_rows(LAYOUT)
BY_ID = {rule.id: rule for rule in RULES}
FIXED = {  # named by reading, the layout and the made-up council
    "missing", "not-in-list", "unlisted-value", "spelling", "release-1-value", "release-2-value", "not-a-date",
    "not-a-number", "not-for-this-event", "nhs-number-form", "nhs-number-check-digit", "postcode-form",
    "heading-missing", "heading-unknown", "rows-padded", "row-set-aside", "mixed-releases",
}  # fmt: skip
VALUES = {value.words for values in LAYOUT.lists.values() for value in values.values} | {INVALID}
WHOLE = """\
rules:
- id: whole
  title: A title
  severity: error
  column: gender
  condition: gender = 'Other'
  sentence: A sentence.
  do: Do this.
  why: Because.
  grade: own
  fails: {gender: Other}
  passes: {gender: Male}
"""


def test_ids_are_unique_and_the_fixed_ones_are_there():
    assert len(BY_ID) == len(RULES)
    assert set(BY_ID) >= FIXED


def test_every_group_has_rules():
    assert {rule.group for rule in RULES} == set(GROUPS)


def test_rules_are_read_once():
    assert load_rules(LAYOUT) is load_rules(LAYOUT)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
class TestEveryRule:
    """What must be true of each, whoever wrote it."""

    def test_speaks_in_sentences(self, rule):
        for words in (rule.sentence, rule.do, rule.why):
            assert words.endswith("."), words
            assert len(words) <= 250
        assert not rule.title.endswith(".")
        assert len(rule.title) <= 110

    def test_never_shows_a_value(self, rule):
        assert set(re.findall(r"\{(\w+)\}", rule.sentence + rule.do)) <= {"header"}

    def test_is_found_in_one_way(self, rule):
        assert sum(way is not None for way in (rule.condition, rule.query, rule.found_by)) == 1

    def test_has_an_example_that_fails_and_one_that_passes(self, rule):
        if rule.found_by:
            return
        assert rule.fails
        assert rule.passes
        assert rule.base in CLEAN
        assert all(0 <= place < len(rule.fails) for place in rule.reported)

    def test_is_no_error_where_the_specification_is_silent(self, rule):
        assert rule.grade != "X" or rule.severity is not Severity.ERROR

    def test_knows_the_coded_values_it_speaks_of(self, rule):
        "A value of a list that is misspelt in a condition would never be found."
        sql = f"{rule.condition or ''} {rule.query or ''} {rule.plant_where}"
        for text in re.findall(r"'((?:[^']|'')*)'", sql):
            if re.match(r"[A-Z][a-z]", text):
                starts = [words for words in VALUES if words.startswith(text)]
                assert text in VALUES or (text.endswith(":") and starts) or text in EVENTS or rule.release == 1, text


def test_errors_in_costs_are_none_because_no_measure_uses_them():
    assert not [rule.id for rule in RULES if rule.group == "costs" and rule.severity is Severity.ERROR]


class TestExpanding:
    """From rules to checks."""

    def test_a_family_has_a_check_for_each_of_its_fields(self):
        dates = {check.column for check in CHECKS if check.rule.id == "not-a-date"}
        assert dates == {field.name for field in LAYOUT.fields if field.type == "date"}

    def test_what_reading_finds_is_no_check(self):
        assert not [check for check in CHECKS if check.rule.found_by]

    def test_no_placeholder_is_left(self):
        for check in CHECKS:
            assert not re.search(r"\{[a-z_]+\}", check.condition + check.sentence + check.do), check.rule.id

    def test_the_heading_stands_in_the_sentence(self):
        (check,) = (one for one in CHECKS if one.rule.id == "missing" and one.column == "gender")
        assert check.sentence == "“Gender” is mandatory on this row and is blank."

    def test_a_rule_for_some_events_is_put_to_no_other(self):
        (check,) = (one for one in CHECKS if one.rule.id == "event-without-end")
        assert check.condition.startswith("(event_type IN ('Request', 'Assessment', 'Review') AND (")

    def test_a_field_for_every_event_is_required_whatever_the_event(self):
        (check,) = (one for one in CHECKS if one.rule.id == "missing" and one.column == "gender")
        assert check.condition.startswith("(gender IS NULL AND gender_raw IS NULL AND (TRUE) AND")

    def test_a_field_is_elsewhere_only_where_that_is_certain(self):
        conditions = {one.column: one.condition for one in CHECKS if one.rule.id == "not-for-this-event"}
        assert "COALESCE(event_type IN ('Request', 'Assessment', 'Review'), FALSE)" in conditions["service_type"]
        assert "COALESCE(client_type = 'Service user', FALSE)" in conditions["adult_1_linked_person_id"]
        assert "gender" not in conditions

    def test_a_missing_entry_is_as_bad_as_the_layout_says(self):
        missing = {one.column: one.severity for one in CHECKS if one.rule.id == "missing"}
        assert (missing["gender"], missing["postcode"]) == (Severity.ERROR, Severity.WARNING)

    def test_a_heading_that_nobody_needs_is_a_note(self):
        rule = BY_ID["heading-missing"]
        assert rule.severity_at(LAYOUT.field("first_name")) is Severity.NOTE
        assert rule.severity_at(LAYOUT.field("gender")) is Severity.ERROR
        assert rule.severity_at(None) is Severity.ERROR

    def test_fields_looked_at_are_those_of_the_condition(self):
        assert BY_ID["event-ends-before-it-starts"].fields == ("event_start_date", "event_end_date")

    def test_a_family_may_leave_fields_out(self):
        taken = ForEach("types", ("date",), ("date_of_death",))
        assert taken.takes(LAYOUT.field("date_of_birth"), LAYOUT)
        assert not taken.takes(LAYOUT.field("date_of_death"), LAYOUT)

    def test_a_list_is_open_or_closed(self):
        gender, method = LAYOUT.field("gender"), LAYOUT.field("method_of_review")
        assert ForEach("lists", ("closed",), ()).takes(gender, LAYOUT)
        assert not ForEach("lists", ("closed",), ()).takes(method, LAYOUT)
        assert not ForEach("lists", ("any",), ()).takes(replace(gender, type="text"), LAYOUT)


class TestExampleRows:
    """The clean rows that examples are laid over."""

    def test_there_is_one_of_each_event_type(self):
        assert {row["event_type"] for row in CLEAN.values()} == set(EVENTS)

    def test_each_is_another_person(self):
        assert len({row["la_person_unique_identifier"] for row in CLEAN.values()}) == len(CLEAN)
        assert all(row["nhs_number"].startswith("999") for row in CLEAN.values())


def written(folder: Path, text: str, **others: str) -> Path:
    """A folder of rules in which the first group holds `text`."""
    for group in GROUPS:
        (folder / f"{group}.yaml").write_text(others.get(group, "rules: []\n"), "utf-8")
    (folder / "types.yaml").write_text(text, "utf-8")
    (folder / "example-rows.yaml").write_text("request:\n  gender: Male\n", "utf-8")
    return folder


def words_of(folder: Path) -> list[str]:
    with pytest.raises(FaultyFiles) as caught:
        load_rules(LAYOUT, folder)
    return [str(fault) for fault in caught.value.faults]


class TestFaults:
    """Every fault of a file is told at once, with its line."""

    def test_a_whole_rule_has_none(self, tmp_path):
        (rule,) = load_rules(LAYOUT, written(tmp_path, WHOLE))
        assert (rule.id, rule.group, rule.base, rule.reported) == ("whole", "types", "request", (0,))

    @pytest.mark.parametrize(
        ("old", "new", "fault"),
        [
            ("column: gender", "column: gendr", "line 5: “gendr” is not a field. Did you mean “gender”?"),
            ("condition: gender =", "condition: gendr =", "condition: “gendr” is not a column. Did you mean “gender”?"),
            ("condition: gender =", "condition: gender_was =", "condition: “gender_was” is not a column."),
            ("id: whole", "id: Whole Rule", "should be lower-case words with hyphens between."),
            ("severity: error", "severity: grave", "“grave” is not known here. Write one of: error, warning, note."),
            (
                "sentence: A sentence.",
                "sentence: It is {gender}.",
                "{gender} is not a placeholder here.",
            ),
            ("= 'Other'", "= {field}", "{field} belongs to rules with for_each."),
            ("fails: {gender: Other}", "fails: {gnder: Other}", "“gnder” is not a field. Did you mean “gender”?"),
            ("fails: {gender: Other}", "fails: [{gender: Other}]", "A list is for rules with a query."),
            ("  passes: {gender: Male}\n", "", "A rule needs an example that fails and one that passes."),
            ("condition: gender = 'Other'", "found_by: luck", "“luck” finds nothing. Known: reading, comparison."),
            ("grade: own", "grade: Z", "“Z” is not known here."),
            ("grade: own", "grade: own\n  events: Walk", "“Walk” is not an event type."),
            ("grade: own", "grade: own\n  query: SELECT 1", "A rule has just one of: condition, query, found_by."),
            ("grade: own", "grade: own\n  for_each: {types: date}", "Write either column or for_each, not both."),
            ("column: gender", "for_each: {colours: red}", "“for_each” should name one of:"),
            ("column: gender", "for_each: {fields: gendr}", "“gendr” is not a field. Did you mean “gender”?"),
            ("grade: own", "grade: own\n  plant: {gender: gendr}", "plant: “gendr” is not a column."),
            ("grade: own", "grade: own\n  plant_where: gendr IS NULL", "plant_where: “gendr” is not a column."),
            ("grade: own", "grade: own\n  reported: first", "“first” should be places of rows counted from 0"),
            ("grade: own", "grade: own\n  release: 3", "“3” is not known here. Write one of: 1, 2."),
            ("grade: own", "grade: own\n  colour: red", "“colour” is not known."),
        ],
    )
    def test_one_fault(self, old, new, fault, tmp_path):
        assert old in WHOLE
        (found, *_) = [words for words in words_of(written(tmp_path, WHOLE.replace(old, new))) if fault in words]
        assert found.startswith("rules/types.yaml, line ")

    def test_all_at_once(self, tmp_path):
        text = WHOLE.replace("column: gender", "column: gendr").replace("severity: error", "severity: grave")
        assert len(words_of(written(tmp_path, text))) == 2

    def test_two_rules_of_one_id(self, tmp_path):
        (words,) = words_of(written(tmp_path, WHOLE, lists=WHOLE))
        assert words.startswith("rules/lists.yaml, line 2: “whole” is the id of another rule, in rules/types.yaml")

    def test_a_query_says_which_rows_are_complained_of(self, tmp_path):
        query = 'query: SELECT "row" FROM cells'
        text = WHOLE.replace("condition: gender = 'Other'", query)
        text = text.replace("{gender: Other}", "[{gender: Other}]").replace("{gender: Male}", "[{gender: Male}]")
        (words,) = words_of(written(tmp_path, text))
        assert "Say which rows of “fails” are complained of" in words

    def test_a_file_of_no_group(self, tmp_path):
        (written(tmp_path, WHOLE) / "colours.yaml").write_text("rules: []\n", "utf-8")
        (words,) = words_of(tmp_path)
        assert words.startswith("rules/colours.yaml: No group of rules has this name. Known: structure,")

    def test_a_group_that_is_not_there(self, tmp_path):
        (written(tmp_path, WHOLE) / "dates.yaml").unlink()
        assert words_of(tmp_path) == ["rules/dates.yaml: The file cannot be opened: No such file or directory."]

    def test_example_rows_name_fields(self, tmp_path):
        written(tmp_path, WHOLE).joinpath("example-rows.yaml").write_text("request: {gendr: Male}\n", "utf-8")
        with pytest.raises(FaultyFiles, match="“gendr” is not a field"):
            load_example_rows(LAYOUT, tmp_path)


def test_the_catalogue_lies_beside_its_return():
    assert (FOLDER / "cld" / "rules" / "example-rows.yaml").is_file()
