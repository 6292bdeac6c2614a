"""Files as councils send them: what is read, what is set aside, and what is refused with which sentence."""

import csv
import io
import zipfile
from pathlib import Path

import pytest
import xlsxwriter

from outturn.engines.duck import open_duckdb
from outturn.returns.reading import UnreadableFile, read_return, rows_as_read

NAMES = {"lacode": "la_code", "eventtype": "event_type", "personid": "person", "start": "start", "notes": "notes"}
ESSENTIAL = {"event_type", "person"}
HEAD = "LA Code,Event Type,Person ID,Start,Notes"


def name_of(heading):
    return NAMES.get("".join(letter for letter in heading.lower() if letter.isalnum()))


@pytest.fixture(scope="module")
def connection(tmp_path_factory):
    with open_duckdb(tmp_path_factory.mktemp("spill"), threads=2) as connection:
        yield connection


@pytest.fixture
def read(tmp_path, connection):
    """Reads a file of some content, and gives the reading and the rows."""

    def read(content, name="return.csv", essential=ESSENTIAL):
        file, out = tmp_path / name, tmp_path / "raw.parquet"
        if content is not None:
            file.write_bytes(content if isinstance(content, bytes) else content.encode())
        reading = read_return(file, name_of, connection, out, essential=essential)
        assert [entry.name for entry in tmp_path.iterdir() if entry not in (file, out)] == []
        return reading, connection.execute(f"FROM {rows_as_read(connection, out)}").fetchall()

    return read


@pytest.fixture
def refusal(read):
    """The reasons for which a file is refused."""

    def refusal(content, name="return.csv", **more):
        with pytest.raises(UnreadableFile) as refused:
            read(content, name, **more)
        return refused.value.reasons

    return refusal


# What is read

ROWS = [(2, "950", "Request", "1", "2025-04-01", None), (3, "950", "Review", "2", "01/05/2025", "a, b")]
TEXT = HEAD + '\n950,Request,1,2025-04-01,\n950,Review,2,01/05/2025,"a, b"\n'


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_encodings_and_line_ends(read, encoding, line_end):
    reading, rows = read(TEXT.replace("\n", line_end).encode(encoding))
    assert rows == ROWS
    assert reading.columns == ("la_code", "event_type", "person", "start", "notes")
    assert (reading.kind, reading.rows, reading.padded, reading.set_aside, reading.notes) == ("csv", 2, 0, (), ())


@pytest.mark.parametrize(("separator", "word"), [(",", "comma"), (";", "semicolon"), ("\t", "tab"), ("|", "bar")])
def test_separators(read, separator, word):
    text = io.StringIO()
    csv.writer(text, delimiter=separator).writerows(csv.reader(io.StringIO(TEXT)))
    reading, rows = read(text.getvalue())
    assert rows == ROWS
    assert reading.delimiter == word


def test_old_macintosh_line_ends(read):
    assert read(TEXT.replace("\n", "\r"))[1] == ROWS


def test_headings_in_any_order_and_spelling_and_ones_not_known(read):
    reading, rows = read("notes,PERSON_ID, Event  type ,Shoe Size,Hat\nx,1,Review,9,7\n")
    assert reading.headings == ("notes", "PERSON_ID", "Event  type", "Shoe Size", "Hat")
    assert reading.columns == ("notes", "person", "event_type", "unknown_1", "unknown_2")
    assert reading.unknown == ("Shoe Size", "Hat")
    assert rows == [(2, "x", "1", "Review", "9", "7")]


def test_blank_and_null_are_nothing_and_everything_else_stays_as_it_came(read):
    _, rows = read(HEAD + '\n NULL ,"",NULL,null,"  ""x""  "\n')
    assert rows == [(2, " NULL ", None, None, "null", '  "x"  ')]


def test_a_value_with_line_breaks_is_part_of_one_row(read):
    text = HEAD + '\n950,Request,1,2025-04-01,"one\ntwo\n\nthree"\n950,Review,2,2025-05-01,x\n'
    assert [row[::5] for row in read(text)[1]] == [(2, "one\ntwo\n\nthree"), (3, "x")]
    assert [row[::5] for row in read(text.replace("\n", "\r\n"))[1]] == [(2, "one\r\ntwo\r\n\r\nthree"), (3, "x")]


def test_windows_1252(read):
    reading, rows = read((HEAD + "\n950,Request,1,,Zoë’s café\n").encode("cp1252"))
    assert rows[0][-1] == "Zoë’s café"
    assert reading.encoding == "Windows-1252"
    assert reading.notes == ("The file holds 1 line in the encoding Windows-1252.",)


def test_two_files_of_different_encodings_put_together(read):
    reading, rows = read(HEAD.encode() + b"\n950,Request,1,,caf\xe9\n950,Request,2,,caf\xc3\xa9\n950,Request,3,,\x81\n")
    assert [row[-1] for row in rows] == ["café", "café"]
    assert [(row.row, row.why) for row in reading.set_aside] == [
        (
            4,
            "This row holds bytes that are neither UTF-8 nor Windows-1252 text. Export the file again as “CSV UTF-8”.",
        )
    ]


def test_titles_above_the_headings(read):
    reading, rows = read(f"Client Level Data\nPrinted on 1 May\n\n{HEAD}\n950,Request,1,,x\n")
    assert rows == [(5, "950", "Request", "1", None, "x")]
    assert reading.header_row == 4
    assert reading.notes == ("The headings stand in row 4; what stands above them was passed over.",)


def test_blank_rows_keep_the_numbering(read):
    reading, rows = read(f"{HEAD}\n950,Request,1,,\n\n,,,,\n950,Request,4,,\n\n\n,,,,\n")
    assert [(row[0], row[3]) for row in rows] == [(2, "1"), (5, "4")]
    assert reading.notes == ("2 blank rows between other rows were left out.",)


def test_rows_of_separators_at_the_end(read):
    reading, rows = read(f"{HEAD}\n950,Request,1,,\n" + ",,,,\n" * 5 + "\n\n")
    assert [row[0] for row in rows] == [2]
    assert (reading.rows, reading.notes) == (1, ())


def test_blank_columns_at_the_end(read):
    reading, rows = read(f"{HEAD},,\n950,Request,1,,,,\n950,Request,2,,x,,\n")
    assert [row[-1] for row in rows] == [None, "x"]
    assert len(reading.headings) == 5


def test_rows_whose_blanks_at_the_end_were_cut(read):
    reading, rows = read(f"{HEAD}\n950,Request,1\n950,Request,2,,x\n950,Request,3,,x,,,\n")
    assert [row[3:] for row in rows] == [("1", None, None), ("2", None, "x"), ("3", None, "x")]
    assert reading.padded == 1
    assert reading.notes == ("1 row had fewer values than headings and was read as ending in blanks.",)


# What is set aside


def test_a_comma_without_quotation_marks(read):
    reading, rows = read(f"{HEAD}\n950,Request,1,,a, b\n950,Request,2,,x\n")
    assert [row[0] for row in rows] == [3]
    assert [(row.row, row.why, row.text) for row in reading.set_aside] == [
        (
            2,
            "This row has 6 values under 5 headings: a value that holds the separator may lack its quotation marks, or "
            "a column its heading.",
            "950,Request,1,,a, b",
        )
    ]


def test_a_value_under_no_heading(read):
    reading, rows = read("Event Type,,Person ID\nReview,stray,1\nReview,,2\n")
    assert rows == [(3, "Review", "2")]
    assert [row.why for row in reading.set_aside] == [
        "This row has a value in column 2, which has no heading. Give the column a heading."
    ]


@pytest.mark.parametrize("after", ["950,Request,3,,y\n", '950,"Request",3,,"y"\n'])
def test_a_quotation_mark_never_closed_costs_one_row(read, after):
    reading, rows = read(f'{HEAD}\n950,Request,1,,x\n950,Request,2,,"oops\n' + 2000 * after)
    assert [row[0] for row in rows] == [2, *range(4, 2004)]
    assert [(row.row, row.text) for row in reading.set_aside] == [(3, '950,Request,2,,"oops')]
    assert reading.set_aside[0].why.startswith("A quotation mark in this row is never closed")


def test_quotation_marks_not_doubled_are_read_where_the_values_still_fit(read):
    reading, rows = read(f'{HEAD}\n950,Request,1,,"he said "no" twice"\n950,Request,2,,"a "b", c"\n')
    assert [row[-1] for row in rows] == ['he said no" twice"']
    assert [row.row for row in reading.set_aside] == [3]
    assert reading.notes[0].startswith("In 1 row quotation marks inside a value are not doubled")


@pytest.mark.parametrize("end", ["950,Req", '950,Request,3,,"x'])
def test_a_file_cut_off_in_a_row(read, end):
    reading, rows = read(f"{HEAD}\n950,Request,1,,x\n{end}")
    assert [row[0] for row in rows] == [2]
    assert [(row.row, row.text) for row in reading.set_aside] == [(3, end)]
    assert reading.set_aside[0].why.startswith("The file ends in the middle of this row")
    assert reading.notes[-1].startswith("The file ends in the middle of a row, so more rows may be missing.")


def test_a_whole_last_row_needs_no_line_end(read):
    reading, rows = read(f"{HEAD}\n950,Request,1,,x")
    assert (len(rows), reading.notes) == (1, ())


@pytest.mark.parametrize("long", ["x" * 9_000_000, '"' + "x" * 9_000_000, '"' + "x,y\n" * 400_000 + '"'])
def test_an_enormous_value_costs_one_row(read, long):
    reading, rows = read(f"{HEAD}\n950,Request,1,,{long}\n950,Request,2,,x\n950,Request,3,,x\n")
    assert [(row[0], row[3]) for row in rows] == [(3, "2"), (4, "3")]
    assert len(reading.set_aside[0].text) <= 2000


def test_a_note_under_the_table(read):
    reading, rows = read(f"{HEAD}\n950,Request,1,,x\n\n(1 rows affected)\n")
    assert len(rows) == 1
    assert [row.row for row in reading.set_aside] == [4]


# What is refused


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (b"\xef\xbb\xbf\r\n \r\n", "is empty"),
        (HEAD, "holds headings and no rows"),
        (HEAD + "\n,,,,\n", "holds headings and no rows"),
        (b"%PDF-1.7 ...", "is a PDF, not a table"),
        (b"\x1f\x8b\x08...", "is compressed (gzip)"),
        (b"7z\xbc\xaf\x27\x1c", "is a 7-Zip archive"),
        (b"PAR1....", "is a Parquet file"),
        (b"\x89PNG....", "is a picture"),
        (b"PK\x03\x04 and then nothing", "is damaged or cut off"),
        (b"\xd0\xcf\x11\xe0 old", "is an old Excel workbook (.xls)"),
        (b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"), "is protected with a password"),
        (b"<html><table><tr><td>LA Code", "is a web page (HTML)"),
        (b'<?xml version="1.0"?><a/>', "is XML"),
        (b'[{"LA Code": 950}]', "is JSON"),
        (HEAD + "\n950,Request,1,,\0\n", "holds NUL bytes"),
        (b"\xff\xfe" + HEAD.encode("utf-16-le") + b"x", "is damaged or cut off further down"),
        (",".join(f"Heading {number}" for number in range(10_000)) + "\n", "has 10,000 columns; at most 2,000"),
        (f"{HEAD}\n1,2,3,4,5,6\n1,2,3,4,5,6\n", "none of its rows can be read"),
    ],
)  # fmt: skip
def test_files_that_hold_no_table_for_us(refusal, content, words):
    first, *_ = refusal(content)
    assert words in first
    assert first.startswith("return.csv")


def test_a_zip_archive_and_what_else_is_one(refusal, tmp_path):
    def packed(*names):
        made = io.BytesIO()
        with zipfile.ZipFile(made, "w") as archive:
            for name in names:
                archive.writestr(name, "x")
        return made.getvalue()

    assert refusal(packed("return.csv"), "return.zip") == [
        "return.zip is a zip archive of 1 file. Unpack it and submit the file inside."
    ]
    assert "is a Word document" in refusal(packed("word/document.xml"))[0]
    assert "OpenDocument" in refusal(packed("content.xml"))[0]
    assert "is damaged" in refusal(packed("xl/workbook.xml"), "return.xlsx")[0]


def test_files_that_cannot_be_opened(refusal, tmp_path):
    assert refusal(None, "none.csv") == [f"{tmp_path / 'none.csv'} does not exist. Check its name and folder."]
    (tmp_path / "folder.csv").mkdir()
    assert refusal(None, "folder.csv") == [f"{tmp_path / 'folder.csv'} is a folder. Name the file in it."]


def test_a_file_that_may_not_be_read(refusal, tmp_path, monkeypatch):
    def refuse(path, *arguments, **names):
        raise PermissionError(13, "Permission denied", str(path))

    (tmp_path / "closed.csv").write_text(TEXT)
    monkeypatch.setattr(Path, "open", refuse)  # an administrator, as in CI, may read everything
    assert "may not be read" in refusal(None, "closed.csv")[0]


def test_the_wrong_return(refusal):
    assert refusal("Case,Date\nC1,2025-04-01\n") == [
        "return.csv: none of the first 2 rows has the headings of this return (expected among others: “event_type”, "
        "“person”). Row 1 has “Case”, “Date”. Check that this is the right file and that its row of headings was "
        "exported with it."
    ]


@pytest.mark.parametrize("content", ["Ann,Lee\nBen,Roe\n", "Ann,1950-01-01\nBen,1951-01-01\n", "Ann\n"])
def test_a_file_without_headings_is_refused_without_its_values(refusal, content):
    assert not any(name in reason for reason in refusal(content) for name in ("Ann", "Lee", "Ben", "1950"))


def test_everything_wrong_with_the_headings_at_once(refusal):
    essential = {*ESSENTIAL, "start", "la_code"}
    assert refusal(
        "LA Code,LA_CODE,Event,Person ID,Notes,Start on\n950,950,Request,1,,2025-04-01\n", essential=essential
    ) == [
        "return.csv, row 1: “LA Code” (column 1) and “LA_CODE” (column 2) are headings of one and the same field. "
        "Delete or rename the one that does not hold it.",
        "return.csv, row 1: no column is headed “event_type”, without which rows cannot be used. The nearest heading "
        "is “Event”: if that is it, rename it.",
        "return.csv, row 1: no column is headed “start”, without which rows cannot be used. The nearest heading is "
        "“Start on”: if that is it, rename it.",
    ]


# Workbooks


@pytest.fixture
def workbook(tmp_path):
    """Writes a workbook: `fill(workbook, sheet)` fills its first sheet below the headings."""

    def workbook(fill, name="return.xlsx", **options):
        made = io.BytesIO()
        with xlsxwriter.Workbook(made, options) as book:
            sheet = book.add_worksheet("CLD")
            sheet.write_row(0, 0, HEAD.split(","))
            fill(book, sheet)
        return made.getvalue()

    return workbook


@pytest.fixture
def altered():
    """A workbook with the content of one part changed by a function."""

    def altered(whole, part, change):
        made = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(whole)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
            for name in old.namelist():
                content = old.read(name)
                new.writestr(name, change(content) if name.rpartition("/")[2] == part else content)
        return made.getvalue()

    return altered


def values(book, sheet):
    day, padded = book.add_format({"num_format": "dd/mm/yyyy"}), book.add_format({"num_format": "0000"})
    for row, (value, style) in enumerate(
        [(45748, day), (45748.5, day), (0.1 + 0.2, None), (9434765919, None), (1e-7, None), (95, padded), (True, None)],
        1,
    ):
        sheet.write_row(row, 1, ["Review", "1"])
        sheet.write(row, 4, value, style)
    sheet.write_row(9, 1, ["Review", "1", "", "Zoë <& “co”\nnext_x000D_"])
    sheet.write_row(10, 1, ["NULL", "1"])
    sheet.write_formula(10, 4, "=NA()", None, "#N/A")
    sheet.write_formula(11, 4, '="a"&"b"', None, "ab")
    sheet.write_rich_string(12, 4, "plain ", book.add_format({"bold": True}), "bold")
    sheet.write_blank(5000, 3, None, day)


EXPECTED = ["2025-04-01", "2025-04-01 12:00:00", "0.3", "9434765919", "0.0000001", "0095", "TRUE"]


@pytest.mark.parametrize("options", [{}, {"in_memory": True, "constant_memory": True}])
def test_what_cells_hold_becomes_text(read, workbook, options):
    reading, rows = read(workbook(values, **options), "return.xlsx")
    assert [row[-1] for row in rows[:7]] == EXPECTED
    assert [row[0] for row in rows] == [2, 3, 4, 5, 6, 7, 8, 10, 11, 12, 13]
    assert rows[7][-1] in ("Zoë <& “co”\nnext_x000D_", "Zoë <& “co”\nnext\r")
    assert rows[8][1:] == (None, None, "1", None, "#N/A")
    assert [row[-1] for row in rows[9:]] == ["ab", "plain bold"]
    assert (reading.kind, reading.encoding, reading.padded) == ("xlsx", "", 0)


def test_a_workbook_that_counts_days_from_1904(read, workbook):
    def fill(book, sheet):
        sheet.write_row(1, 1, ["Review", "1"])
        sheet.write(1, 3, 44286, book.add_format({"num_format": "d mmm yy"}))

    assert read(workbook(fill, date_1904=True), "return.xlsx")[1][0][4] == "2025-04-01"


def test_the_sheet_whose_headings_fit_is_read(read):
    made = io.BytesIO()
    with xlsxwriter.Workbook(made) as book:
        book.add_worksheet("Notes").write_row(0, 0, ["How to fill this in"])
        book.add_worksheet("Lists").hide()
        sheet = book.add_worksheet("Data")
        sheet.write(0, 0, "Client Level Data")
        sheet.write_row(2, 2, ["Event Type", "Person ID"])
        sheet.write_row(3, 2, ["Review", "1"])
        book.add_worksheet("Old").write_row(0, 0, ["Event Type", "Person ID"])
    reading, rows = read(made.getvalue(), "return.xlsx")
    assert rows == [(4, "Review", "1")]
    assert reading.notes == (
        "The workbook has 4 sheets; “Data” was read.",
        "Rows under the headings of this return stand in other sheets too and were not read: “Old”.",
        "Hidden sheets were not read: “Lists”.",
        "The headings stand in row 3; what stands above them was passed over.",
    )


def test_a_workbook_damaged_inside(refusal, workbook, altered):
    whole = workbook(values)
    for part in ("sheet1.xml", "sharedStrings.xml", "styles.xml", "workbook.xml", "[Content_Types].xml"):
        halved = altered(whole, part, lambda content: content[: len(content) // 2])
        assert "return.xlsx is damaged" in refusal(halved, "return.xlsx")[0]
    unnamed = altered(whole, "[Content_Types].xml", lambda content: content.replace(b"sheet.main", b"other"))
    early = whole[:-6] + (int.from_bytes(whole[-6:-2], "little") + 9).to_bytes(4, "little") + whole[-2:]
    for damaged in (whole[:-200], unnamed, early):
        assert "return.xlsx is damaged" in refusal(damaged, "return.xlsx")[0]


def test_a_workbook_that_unpacks_without_end(refusal, workbook, altered):
    bomb = altered(workbook(values), "sheet1.xml", lambda content: b" " * 60_000_000)
    assert "unpacks to far more than a return can hold" in refusal(bomb, "return.xlsx")[0]


@pytest.mark.parametrize("part", ["sheet1.xml", "workbook.xml", "sharedStrings.xml", "styles.xml", "workbook.xml.rels"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_workbook_whose_parts_refer_to_entities(refusal, workbook, altered, part, encoding):
    def declare(content):
        _, root = content.split(b"?>", 1)
        return f'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]>{root.decode()}'.encode(encoding)

    assert "is damaged" in refusal(altered(workbook(values), part, declare), "return.xlsx")[0]


def test_day_numbers_are_dates(read, workbook):
    def fill(book, sheet):
        day = book.add_format({"num_format": "dd/mm/yyyy hh:mm"})
        length = book.add_format({"num_format": "[h]:mm"})
        for row, number in enumerate([45748.25, 0.5, 1, 61, 45747.99999999], 1):
            sheet.write_row(row, 1, ["Review", "1", "", number])
            sheet.write(row, 4, number, day)
        sheet.write_row(6, 1, ["Review", "1"])
        sheet.write(6, 4, 1.5, length)

    assert [row[-1] for row in read(workbook(fill), "return.xlsx")[1]] == [
        "2025-04-01 06:00:00", "12:00:00", "1900-01-01", "1900-03-01", "2025-04-01", "36:00:00",
    ]  # fmt: skip


def test_what_programs_write_beside_the_cells_or_wrongly_does_no_harm(read, workbook, altered):
    """A sheet that claims too few or all cells, or that holds what openpyxl warns of."""
    extension = b'<extLst><ext uri="{CCE6A557-97BC-4b89-ADB6-D9C93CAAB3DF}"/></extLst></worksheet>'
    whole = workbook(values)
    for claimed in (b"A1", b"A1:XFD1048576", b"C7:D8"):
        changed = altered(
            whole,
            "sheet1.xml",
            lambda content, claimed=claimed: content.replace(b"A1:E5001", claimed).replace(b"</worksheet>", extension),
        )
        assert [row[-1] for row in read(changed, "return.xlsx")[1]][:7] == EXPECTED


def test_a_row_further_down_than_excel_goes(refusal, workbook, altered):
    changed = altered(workbook(values), "sheet1.xml", lambda content: content.replace(b'r="5001"', b'r="99999999999"'))
    assert "is damaged" in refusal(changed, "return.xlsx")[0]


def test_a_strict_workbook(refusal, workbook, altered):
    ours, strict = (
        b"http://schemas.openxmlformats.org/officeDocument/2006",
        b"http://purl.oclc.org/ooxml/officeDocument",
    )
    made = workbook(values)
    for part in ("workbook.xml", "workbook.xml.rels", "sheet1.xml"):
        made = altered(made, part, lambda content: content.replace(ours, strict))
    assert "not as “Strict Open XML Spreadsheet”" in refusal(made, "return.xlsx")[0]
