"""Reading drawn tables gives what Python's csv module reads from them, on either road."""

import csv
import io
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from outturn.engines.duck import open_duckdb
from outturn.returns import reading as module
from outturn.returns.reading import read_return, rows_as_read
from outturn.returns.records import Records, byte_lines
from outturn.returns.sniffing import Sniffed, sniff
from outturn.returns.workbooks import date_text, plain_number, unescaped

BLANKS = " \t\r\n\u00a0"
CELLS = st.one_of(
    st.sampled_from(
        ["", "NULL", " ", 'say "hi"', '"', '""', "a,b;c\td|e", "x\ny", "x\r\ny\n\nz", "é’ £", " x ", "\\", "'", "\\N",
         "1\n2,3,4,5", '"a","b"\n"c","d"', "-", "=1", "#", "\u00a0", "a\u2028b"]
    ),
    st.text('ab", ;\t\n|é', max_size=6),
)  # fmt: skip


@st.composite
def files(draw):
    width = draw(st.integers(3, 5))
    rows = draw(st.lists(st.lists(CELLS, min_size=width, max_size=width), min_size=1, max_size=6))
    encoding = draw(st.sampled_from(["utf-8", "utf-8-sig", "cp1252", "utf-16"]))
    if encoding == "cp1252":
        rows = [[cell.replace("\u2028", " ") for cell in row] for row in rows]
    text = io.StringIO(newline="")
    writer = csv.writer(
        text,
        delimiter=draw(st.sampled_from(",;\t|")),
        lineterminator=draw(st.sampled_from(["\n", "\r\n"])),
        quoting=draw(st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL])),
    )
    writer.writerow(f"h{place}" for place in range(width))
    writer.writerows(rows)
    expected = [
        (number, *(None if cell in ("", "NULL") else cell for cell in row))
        for number, row in enumerate(rows, 2)
        if any(cell.strip(BLANKS) and cell != "NULL" for cell in row)
    ]
    return text.getvalue().encode(encoding), expected


@pytest.fixture(scope="module")
def reader(tmp_path_factory):
    folder = tmp_path_factory.mktemp("reading")
    with open_duckdb(folder, threads=2) as connection:

        def read(content):
            (folder / "t.csv").write_bytes(content)
            out = folder / "raw.parquet"
            names = {f"h{place}" for place in range(5)}
            reading = read_return(
                folder / "t.csv", lambda text: text if text in names else None, connection, out, essential={"h0", "h1"}
            )
            rows = connection.execute(f"FROM {rows_as_read(connection, out)}").fetchall()
            assert len(rows) == reading.rows
            assert reading.set_aside == ()
            return rows

        yield read


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(files(), st.booleans())
def test_what_is_read_is_what_python_reads(reader, file, slowly):
    content, expected = file
    if not expected:
        return
    with pytest.MonkeyPatch.context() as patch:
        if slowly:
            patch.setattr(module, "load_text", lambda *args: None)
        assert reader(content) == expected


def sniffed(tmp_path, content, width=2):
    (tmp_path / "s.csv").write_bytes(content)
    return sniff(tmp_path / "s.csv", ",", width, 1_000_000, lambda share: None)


def test_what_the_bytes_show(tmp_path):
    assert sniffed(tmp_path, b"a,b\n1,2\n\n\n") == Sniffed(True, b"\n", True, 2, False)
    assert sniffed(tmp_path, b"a,b\r\n1,2") == Sniffed(True, b"\n", True, 2, False)
    assert sniffed(tmp_path, b'a,b\n1,"2\n""\n"\n3,\xc3\xa9\n') == Sniffed(True, b"\n", True, 3, True)
    assert not sniffed(tmp_path, b"a,b\n1,\xc3\n").is_utf8
    assert not sniffed(tmp_path, b"a,b\n1,\xc3").is_utf8
    assert not sniffed(tmp_path, b'a,b\n1,"2\n').is_even
    assert not sniffed(tmp_path, b"a,b\n1\n").is_even
    assert not sniffed(tmp_path, b"a,b\r\n1,2\n").is_even
    assert not sniffed(tmp_path, b"a,b\n1," + b"x" * 2_000_000 + b"\n").is_even


@settings(max_examples=80, deadline=None)
@given(st.lists(st.text('a,"\n', max_size=5), min_size=1, max_size=12), st.integers(1, 4))
def test_whatever_a_file_holds_no_row_of_it_is_lost(pieces, width):
    """Lines that begin rows of the right width come through, whatever stands between them."""
    good = ",".join("g" * width)
    lines = [line for piece in pieces for line in (piece.replace("\n", "") + "\n", good + "\n")]
    records = Records(iter([line.encode() for line in lines]), ",", width)
    rows = list(records)
    assert [row for row, _, _ in rows] == list(range(1, len(rows) + 1))
    if '"' not in "".join(lines):
        assert len(rows) == len(lines)
    elif width > 1:
        kept = sum(values == good.split(",") for _, values, why in rows if not why)
        held = sum(",".join(values).count(good) for _, values, why in rows if len(values) == width)
        assert max(kept, held) >= len(pieces)


def test_lines_whatever_the_pieces_they_come_in():
    text = b"one\ntwo\n\nthree"
    for size in range(1, 9):
        pieces = [text[place : place + size] for place in range(0, len(text), size)]
        assert list(byte_lines(pieces, b"\n")) == [b"one\n", b"two\n", b"\n", b"three"]


@pytest.mark.parametrize(
    ("number", "plain"),
    [(12.0, "12"), (1.5e-2, "0.015"), (1e20, "100000000000000000000"), (-0.10, "-0.1"), (0.0, "0"),
     (0.1 + 0.2, "0.3"), (9434765919, "9434765919")],
)  # fmt: skip
def test_numbers_are_plain(number, plain):
    assert plain_number(number) == plain


@pytest.mark.parametrize(
    ("moment", "text"),
    [(datetime(2025, 4, 1), "2025-04-01"), (date(2025, 4, 1), "2025-04-01"),
     (datetime(2025, 4, 1, 6, 0, 0, 1000), "2025-04-01 06:00:00"), (time(11, 59, 59, 999_000), "12:00:00"),
     (datetime(2025, 3, 31, 23, 59, 59, 999_000), "2025-04-01"), (timedelta(days=1, hours=12), "36:00:00")],
)  # fmt: skip
def test_dates_and_times_are_text(moment, text):
    assert date_text(moment) == text


def test_characters_that_xml_cannot_hold():
    assert unescaped("a_x000D_b") == "a\rb"
    assert unescaped("a_x0000_") == "a"
    assert unescaped("plain_x") == "plain_x"
