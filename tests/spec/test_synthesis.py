"""A made-up council: what its files hold, how they change from quarter to quarter, and what is planted in them."""

import csv
import json
from collections import defaultdict
from datetime import date, datetime
from itertools import pairwise

import pytest

from outturn.returns.layout import load_layout
from outturn.synthesis.council import synthesise
from outturn.synthesis.faults import read_key
from outturn.synthesis.quarters import LATEST_END, quarters_to
from outturn.workspace import Refusal

PEOPLE, QUARTERS = 1500, 8


@pytest.fixture(scope="module")
def council(tmp_path_factory):
    return synthesise(tmp_path_factory.mktemp("made") / "exampleshire", people=PEOPLE, seed=1, quarters=QUARTERS)


@pytest.fixture(scope="module")
def quarters(council):
    """Each file with its quarter and its rows, dates read."""
    return [
        (quarter, [_dated(row, quarter) for row in _rows(council.folder / file.file)])
        for quarter, file in zip(quarters_to(LATEST_END, QUARTERS), council.files, strict=True)
    ]


def _rows(file):
    with file.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def _dated(row, quarter):
    form = "%d/%m/%Y" if quarter.uk_dates else "%Y-%m-%d"
    dates = [field.header for field in load_layout().fields if field.type == "date"]
    return row | {name: row[name] and datetime.strptime(row[name], form).date() for name in dates}  # noqa: DTZ007


def _bytes(folder):
    return {file.name: file.read_bytes() for file in sorted(folder.iterdir())}


def test_as_many_people_as_asked(quarters):
    "Ask for 1,500 people and 1,500 have at least one row in one of the files."
    assert len({row["LA Person Unique Identifier"] for _, rows in quarters for row in rows}) == PEOPLE


def test_the_files_have_the_headings_of_the_specification(council):
    for file in council.files:
        with (council.folder / file.file).open(encoding="utf-8") as stream:
            assert next(csv.reader(stream)) == [field.header for field in load_layout().fields]


def test_files_are_named_after_their_twelve_months_and_come_three_weeks_after(council):
    assert council.files[0].file == "cld_950_20240101_20241231.csv"
    assert council.files[-1].file == "cld_950_20251001_20260930.csv"
    assert council.files[-1].received == date(2026, 10, 21)
    listed = _rows(council.folder / "submissions.csv")
    assert [(line["file"], line["received"], int(line["rows"])) for line in listed] == [
        (file.file, str(file.received), file.rows) for file in council.files
    ]
    assert [file.rows for file in council.files] == [len(_rows(council.folder / file.file)) for file in council.files]


def test_nobody_real(quarters):
    "Every NHS number is of the range kept for tests, its check digit right, one person's alone; some people have none."
    holders = defaultdict(set)
    for _, rows in quarters:
        for row in rows:
            holders[row["NHS Number"]].add(row["LA Person Unique Identifier"])
    without = holders.pop("")
    assert 0.05 * PEOPLE < len(without) < 0.15 * PEOPLE
    for number, people in holders.items():
        assert number.startswith("999")
        weighed = sum(int(digit) * weight for digit, weight in zip(number, range(10, 1, -1), strict=False))
        assert (11 - weighed % 11) % 11 == int(number[9])
        assert len(people) == 1


def test_events_belong_to_the_twelve_months_of_their_file(quarters):
    "Services touch the 12 months; requests, assessments and reviews ended in them."
    for quarter, rows in quarters:
        for row in rows:
            start, end = row["Event Start Date"], row["Event End Date"]
            assert start <= quarter.end
            if row["Event Type"] == "Service":
                assert not end or quarter.start <= end <= quarter.end
            else:
                assert quarter.start <= end <= quarter.end


def test_every_kind_of_event_and_service_occurs(quarters):
    rows = quarters[-1][1]
    assert {row["Event Type"] for row in rows} == {"Request", "Assessment", "Service", "Review"}
    services = set(load_layout().lists["service-type"].submittable())
    assert services - {row["Service Type"] for row in rows} <= {"Long term support: Prison"}
    assert {row["Client Type"] for row in rows} == {"Service user", "Unpaid carer"}


def test_a_late_event_is_missing_from_one_file_and_stands_in_the_next(quarters):
    "It ended well within the 12 months of the earlier file, but was written down after that was made."
    (earlier, before), (_, after) = quarters[4], quarters[5]
    known = {row["Event Reference"] for row in before}
    late = [
        row for row in after
        if row["Event Type"] != "Service" and row["Event Reference"] not in known
        and earlier.start <= row["Event End Date"] <= earlier.end
    ]  # fmt: skip
    assert late
    assert len(late) < 0.1 * len(after)


def test_later_files_correct_earlier_ones(quarters):
    "End dates, outcomes and components that were wrong in one file are put right in a later one."
    changed = defaultdict(int)
    for (_, before), (_, after) in pairwise(quarters[3:]):
        known = {row["Event Reference"]: row for row in before}
        for row in after:
            was = known.get(row["Event Reference"])
            for column in ("Event End Date", "Event Outcome", "Service Component"):
                changed[column] += bool(was and was[column] and row[column] != was[column])
    assert all(changed[column] > 0 for column in ("Event End Date", "Event Outcome", "Service Component"))


def test_a_death_ends_all_services_that_day_and_is_on_every_row(quarters):
    for _, rows in quarters:
        deaths = defaultdict(set)
        for row in rows:
            deaths[row["LA Person Unique Identifier"]].add(row["Date of Death"])
            if row["Date of Death"]:
                assert row["Event End Date"]
                assert row["Event End Date"] <= row["Date of Death"]
        assert all(len(dates) == 1 for dates in deaths.values())
        assert any(dates != {""} for dates in deaths.values())


def test_release_1_until_june_2025_and_release_2_after(quarters):
    for quarter, rows in quarters:
        is_first = quarter.end <= date(2025, 6, 30)
        words = {"Service User", "Carer"} if is_first else {"Service user", "Unpaid carer"}
        assert {row["Client Type"] for row in rows} == words


def test_one_file_has_british_dates(council):
    slashes = [file.file for file in council.files if "/" in _rows(council.folder / file.file)[0]["Event Start Date"]]
    assert slashes == ["cld_950_20250101_20251231.csv"]


def test_carers_are_linked_to_people_of_the_same_file(quarters):
    for _, rows in quarters:
        everyone = {row["LA Person Unique Identifier"] for row in rows}
        linked = {row["Adult 1 Linked Person_ID"] for row in rows} - {""}
        assert linked
        assert linked <= everyone


def test_the_population_fits_the_people(council):
    "By band and year, so that admissions to care homes come out near those of a real council."
    lines = _rows(council.folder / "population.csv")
    assert list(lines[0]) == ["LA Code", "Age Band", "Population", "Year", "Source"]
    assert {line["Age Band"] for line in lines} == {"18 to 64", "65 and above"}
    assert {line["Year"] for line in lines} == {"2024", "2025", "2026"}
    assert all(int(line["Population"]) > PEOPLE for line in lines)


def test_the_same_seed_gives_the_same_bytes(council, tmp_path, monkeypatch):
    "On one thread as on two, in another folder, and with people taken in smaller batches."
    monkeypatch.setattr("outturn.synthesis.council.BATCH", 800)
    for threads in (1, 2):
        again = synthesise(tmp_path / str(threads), people=PEOPLE, seed=1, quarters=QUARTERS, threads=threads)
        assert _bytes(again.folder) == _bytes(council.folder)


def test_another_seed_gives_other_people(council, tmp_path):
    other = synthesise(tmp_path / "other", people=PEOPLE, seed=2, quarters=1)
    name = other.files[0].file
    assert (other.folder / name).read_bytes() != (council.folder / name).read_bytes()


def test_more_people_leave_the_others_as_they_are(tmp_path):
    few = synthesise(tmp_path / "few", people=100, seed=1, quarters=1)
    more = synthesise(tmp_path / "more", people=150, seed=1, quarters=1)
    lines = (more.folder / more.files[0].file).read_text("utf-8")
    assert lines.startswith((few.folder / few.files[0].file).read_text("utf-8"))


def test_every_fault_of_the_key_is_where_it_says(tmp_path):
    "Just the rows of the key differ from those of the council without faults, one a person; copies stand at the end."
    clean = synthesise(tmp_path / "clean", people=600, seed=3, quarters=2)
    faulty = synthesise(tmp_path / "faulty", people=600, seed=3, quarters=2, faults=0.1)
    key = list(read_key(faulty.folder / "faults.csv"))
    assert len(key) == faulty.faults > 0.05 * faulty.rows
    for file in clean.files:
        before, after = _rows(clean.folder / file.file), _rows(faulty.folder / file.file)
        named = {row for name, row, *_ in key if name == file.file}
        assert {number for number, (was, now) in enumerate(zip(before, after, strict=False), 2) if was != now} | set(
            range(len(before) + 2, len(after) + 2)
        ) == named
        people = [before[row - 2]["LA Person Unique Identifier"] for row in named if row < len(before) + 2]
        assert len(people) == len(set(people))


def test_a_folder_of_somebody_else_is_left_alone(tmp_path):
    (tmp_path / "ours.txt").write_text("minutes")
    with pytest.raises(Refusal, match="holds something that “outturn synthesise” did not make"):
        synthesise(tmp_path, people=10, seed=1, quarters=1)
    assert [file.name for file in tmp_path.iterdir()] == ["ours.txt"]


def test_an_earlier_council_is_replaced(tmp_path):
    synthesise(tmp_path / "made", people=10, seed=1, quarters=2)
    made = synthesise(tmp_path / "made", people=10, seed=1, quarters=1)
    assert len(list(made.folder.glob("cld_*.csv"))) == 1
    assert json.loads((made.folder / "made-up.json").read_text("utf-8"))["people"] == 10


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"people": 0}, "0 people cannot be made up. Ask for 1 to 8,000,000 with --people."),
        ({"seed": -1}, "-1 cannot be a seed."),
        ({"quarters": 15}, "15 quarterly submissions cannot be made. Ask for 1 to 14 with --quarters"),
        ({"faults": 0.9}, "0.9 of all rows cannot be faulty. Give a share from 0 to 0.5 with --faults."),
        ({"area": "York"}, "“York” is not a council’s code. Give three digits with --area, such as 950."),
    ],
)
def test_what_cannot_be_made_is_refused(tmp_path, asked, words):
    with pytest.raises(Refusal) as refused:
        synthesise(tmp_path / "made", **({"people": 10, "seed": 1, "quarters": 1} | asked))
    assert words in str(refused.value)
    assert list(tmp_path.iterdir()) == []


def test_a_failure_leaves_nothing_half(tmp_path, monkeypatch):
    def fail(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("outturn.synthesis.council._write_lists", fail)
    with pytest.raises(Refusal, match="cannot be written: no space left on device"):
        synthesise(tmp_path / "made", people=10, seed=1, quarters=1)
    assert list(tmp_path.iterdir()) == []
