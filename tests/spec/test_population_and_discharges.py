"""Population and hospital discharge files: what is accepted, what is refused, and what measures get of them."""

from datetime import date

import openpyxl
import pytest

from outturn.engines.sql import literal
from outturn.records.areas import AreaCodes
from outturn.records.discharges import COLUMNS, discharges_files
from outturn.records.population import Absent, Populations, population_year
from outturn.records.store import Records
from outturn.returns.population import TABLE as POPULATION
from outturn.terms.period import Period
from tests.spec.discharge_stories import keep_discharges, keep_table

MID_2025 = date(2025, 12, 31)


def written(path, *lines, encoding="utf-8"):
    path.write_text("\n".join(lines) + "\n", encoding)
    return path


# Population


def test_a_population_file_is_stored_and_its_bands_are_known_by_any_spelling(outturn, workspace, tmp_path):
    file = written(
        tmp_path / "mid-2024.csv", "Area Code;Age Group;Population;Year;Source",
        "219;18–64;120,345;Mid-2024;ONS", "219;Aged 65 and over;40 100;2024;ONS", "219;90+;1900;2024;ONS",
    )  # fmt: skip
    code, said = outturn("submit", "population", file, "--received", "2025-07-20")
    assert (code, said["accepted"], said["complaints"], said["faults"]) == (0, 3, [], [])
    found = Populations(Records(workspace.records), MID_2025)
    assert [found.of("219", band, 2024).people for band in ("18 to 64", "65 and above", "90+")] == [
        120_345, 40_100, 1900,
    ]  # fmt: skip
    assert found.of("219", "18 to 64", 2024).source == "ONS"
    assert outturn("submit", "population", file)[1]["submissions"][0]["status"] == "already stored"
    assert [one["return"] for one in outturn("submissions")[1]["submissions"]] == ["population"]


def test_a_workbook_is_read_like_text(outturn, workspace, tmp_path):
    book = openpyxl.Workbook()
    for row in (["LA Code", "Age Band", "Population", "Year"], [219, "18-64", 120345, 2024]):
        book.active.append(row)
    book.save(tmp_path / "mid-2024.xlsx")
    assert outturn("submit", "population", tmp_path / "mid-2024.xlsx")[0] == 0
    assert Populations(Records(workspace.records), date(2100, 1, 1)).of("219", "18 to 64", 2024).people == 120_345


def test_a_population_file_with_faults_is_refused_with_every_one_of_them(outturn, tmp_path):
    code, said = outturn("submit", "population", written(
        tmp_path / "mid-2024.csv", "LA Code,Age Band,Population,Year",
        "219,18 to 64,0,2024", "219,65+,40000.5,24", ",65+,1,2024", "219,65+,many,2023", "950,18-64,7,2024",
        "950,18 to 64,8,2024", "950,65+,9,2024,10",
    ))  # fmt: skip
    number = "Population is not a whole number above 0. Correct it."
    twice = "Another row is for the same council, age band and year. Keep the right one of them."
    assert code == 1
    assert [fault["words"] for fault in said["faults"]] == [
        "Row 8: This row has 5 values under 4 headings: a value that holds the separator may lack its quotation marks, "
        "or a column its heading.",
        f"Row 2: {number}",
        f"Row 3: {number}",
        "Row 3: Year is not a year, such as 2024 (for the middle of 2024). Correct it, or leave it blank.",
        "Row 4: LA Code is blank. Give the council’s code, as in Client Level Data.",
        f"Row 5: {number}",
        f"Row 6: {twice}",
        f"Row 7: {twice}",
    ]
    assert outturn("submissions")[1]["submissions"] == []


def test_a_file_without_the_headings_says_which_it_needs(outturn, tmp_path):
    file = written(tmp_path / "p.csv", "LA Code,Age Band,Persons", "219,18-64,5")
    code, said = outturn("submit", "population", file)
    assert code == 1
    assert "no column is headed “Population”" in said["faults"][0]["words"]


@pytest.mark.parametrize(
    ("period", "year"),
    [
        ("2024-25", 2024), ("Q1 2024-25", 2024), ("May 2024", 2023), ("June 2024", 2024),
        ("12 months to 31 March 2026", 2025), ("31 December 2025", 2025), ("29 June 2025", 2024),
    ],
)  # fmt: skip
def test_the_year_of_a_population_is_the_last_whose_middle_the_period_has_seen(period, year):
    assert population_year(Period.read(period)) == year


@pytest.fixture
def populated(tmp_path):
    """Keep a population file of rows (area, band, people, year), received on a day."""
    records = Records(tmp_path / "records")

    def keep(file, received, *rows):
        cells = [dict(zip(("LA Code", "Age Band", "Population", "Year"), row, strict=True)) for row in rows]
        return keep_table(POPULATION, records, tmp_path / file, cells, received=f"{received}T09:00:00")

    keep.records = records
    return keep


def test_the_file_received_last_by_the_day_asked_about_gives_the_figure(populated):
    populated("first.csv", "2025-01-10", ("219", "18 to 64", 100, 2024), ("219", "18 to 64", 90, 2023))
    populated("second.csv", "2025-03-10", ("219", "18 to 64", 101, 2024))
    third = populated("third.csv", "2025-05-10", ("219", "18 to 64", 102, 2024))

    def people(year, as_of):
        return Populations(populated.records, date.fromisoformat(as_of)).of("219", "18 to 64", year).people

    assert [people(2024, day) for day in ("2025-01-10", "2025-04-01", "2025-05-10")] == [100, 101, 102]
    assert people(2023, "2025-12-31") == 90
    populated.records.withdraw(third, by="An analyst", because="wrong", at=third.received)
    assert people(2024, "2025-12-31") == 101


def test_a_file_that_states_no_year_serves_any_and_says_so(populated):
    populated("p.csv", "2025-01-10", ("219", "65+", 100, ""), ("950", "65+", 7, ""), ("950", "65+", 8, 2023))
    asked = Populations(populated.records, MID_2025)
    found = [asked.of(area, "65 and above", year) for area, year in (("219", 1999), ("950", 2023), ("950", 2024))]
    any_year = ("The population file states no year",)
    assert [(one.people, one.flags) for one in found] == [(100, any_year), (8, ()), (7, any_year)]


def test_what_is_absent_is_said_in_a_sentence_with_what_to_do(populated):
    def words(area="219", band="18 to 64", year=2024, as_of=MID_2025, **codes):
        found = Populations(populated.records, as_of, **codes).of(area, band, year)
        assert isinstance(found, Absent)
        return found.words

    submit = "Submit one with “outturn submit population FILE”."
    assert words() == f"There is no population file. {submit}"
    populated(
        "mid.csv",
        "2025-01-10",
        ("219", "18 to 64", 100, 2023),
        ("219", "18 to 64", 99, 2022),
        ("E06000065", "65+", 9, 2024),
    )
    assert words(as_of=date(2025, 1, 9)) == f"There is no population file. {submit}"
    assert words() == (
        "The population files have people aged 18 to 64 of the council 219 for 2022, 2023, not for the middle of 2024. "
        f"{submit}"
    )
    assert words(band="65 and above") == (
        "No population file has people aged 65 and above of the council 219; they have 18 to 64. " + submit
    )
    told = words(area="821", band="65 and above")
    assert told.startswith("No population file has a row for the council 821; they have 219, E06000065.")
    assert "lists/area-codes.csv" in told
    codes = AreaCodes({"E06000065": "821"})
    assert Populations(populated.records, MID_2025, codes).of("821", "65 and above", 2024).people == 9


# Discharges


DISCHARGE = {
    "NHS Number": "400 000 0004", "Spell Id": "S1", "Admission Date": "01/10/2024", "Discharge Date": "2024-10-10",
    "Birth Month": "Jun 1940", "Sex": "2", "Admission Method": "2a", "Discharge Method": "1",
    "Discharge Destination": "19", "Treatment Function Code": "430", "Management Type": "EM",
    "LA Code of Residence": "219",
}  # fmt: skip


@pytest.fixture
def spells(tmp_path, connection):
    """Keep files of discharges, and read what measures would."""
    records = Records(tmp_path / "records")

    def keep(file, *rows, received="2025-01-10T09:00:00"):
        return keep_discharges(records, tmp_path / file, [{**DISCHARGE, **row} for row in rows], received=received)

    def read(columns, as_of=MID_2025, **codes):
        files = discharges_files(records, as_of, **codes)
        listed = ", ".join(map(literal, files))
        return connection.execute(f"SELECT {columns} FROM read_parquet([{listed}]) ORDER BY ALL").fetchall()

    keep.records, keep.read = records, read
    return keep


def test_a_spell_is_stored_as_measures_read_it(spells):
    spells("one.csv", {})
    assert spells.read(", ".join(COLUMNS)) == [(
        "219", "4000000004", "S1", date(2024, 10, 1), date(2024, 10, 10), date(1940, 6, 1), "Female", "2A", "1", "19",
        "430", "EM", 1,
    )]  # fmt: skip


@pytest.mark.parametrize("age", [0, 64, 65, 74, 75, 84, 85, 101])
def test_an_age_stands_for_a_month_of_birth_that_gives_it(spells, age):
    spells("one.csv", {"Birth Month": "", "Age": str(age)})
    [(days,)] = spells.read("discharge_date - birth_month")
    assert days * 4 // 1461 == age


def test_without_a_column_for_the_last_episode_every_row_is_one(spells):
    spells("one.csv", {}, {"Spell Id": "S2"})
    spells("two.csv", {"Spell Id": "S3", "Last Episode": "2"}, {"Spell Id": "S3", "Last Episode": "1"})
    assert spells.read("spell, last_episode") == [("S1", 1), ("S2", 1), ("S3", 1)]


def test_a_spell_is_taken_from_the_file_received_last(spells):
    spells("one.csv", {"Discharge Method": "4"}, {"Spell Id": "S2"})
    two = spells("two.csv", {"Discharge Method": "1"}, received="2025-02-10T09:00:00")
    assert spells.read("spell, discharge_method") == [("S1", "1"), ("S2", "1")]
    assert spells.read("spell, discharge_method", date(2025, 1, 31)) == [("S1", "4"), ("S2", "1")]
    spells.records.withdraw(two, by="An analyst", because="wrong", at=two.received)
    assert spells.read("spell, discharge_method") == [("S1", "4"), ("S2", "1")]


def test_without_a_file_there_is_no_relation(spells):
    assert discharges_files(spells.records, MID_2025) == []


def test_an_old_code_of_residence_counts_as_the_present_one(spells):
    spells("one.csv", {"LA Code of Residence": "e10000023"})
    assert spells.read("la_of_residence", codes=AreaCodes({"E10000023": "218", "218": "821"})) == [("821",)]


def test_a_discharge_file_is_stored_with_every_fault_by_row_and_column(outturn, tmp_path):
    plain = ",".join(DISCHARGE.values())
    file = written(
        tmp_path / "d.csv", ",".join(DISCHARGE), plain, plain.replace("S1", "S2").replace("2024-10-10", "2024-09-30"),
        plain.replace("S1", "").replace("0004", "0005").replace("2a", "emergency").replace("Jun 1940", ""),
    )  # fmt: skip
    code, said = outturn("submit", "discharges", file)
    assert (code, said["accepted"]) == (0, 3)
    assert [(one["row"], one["column"], one["words"]) for one in said["complaints"]] == [
        (3, "Discharge Date", "The discharge is before the admission."),
        (4, "Spell Id", "Spell Id is blank."),
        (4, "NHS Number", "The NHS number’s check digit is wrong, so a digit of it was mistyped."),
        (4, "Birth Month", "Neither a birth month nor an age is given."),
        (4, "Admission Method", "Admission Method is not a code of two characters, such as 21 or 2A."),
    ]
    identity = said["submissions"][0]["id"]
    assert outturn("worklist", identity)[1]["total"] == 5
    assert outturn("withdraw", identity, "--because", "wrong hospital")[0] == 0


def test_a_file_without_birth_month_or_age_is_refused(outturn, tmp_path):
    row = {name: cell for name, cell in DISCHARGE.items() if name != "Birth Month"}
    code, said = outturn("submit", "discharges", written(tmp_path / "d.csv", ",".join(row), ",".join(row.values())))
    assert code == 1
    assert said["faults"][0]["words"] == (
        "No column is headed “Birth Month” or “Age”, and one of them is needed. Add it and submit again."
    )


def test_discharges_fall_due_by_the_retention_rule_as_other_records_of_people_do(outturn, tmp_path):
    file = written(tmp_path / "d.csv", ",".join(DISCHARGE), ",".join(DISCHARGE.values()))
    outturn("submit", "discharges", file, "--received", "2019-01-01")
    code, said = outturn("retention", "--keep-months", "24", "--purge")
    assert (code, len(said["purged"])) == (0, 1)
    assert outturn("submissions")[1]["submissions"] == []
