"""Text files: what is taken, and that hostile files end in faults and nothing else."""

import textwrap
import time
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from outturn.textfiles import DEEPEST, LARGEST, Fault, Faults, FaultyFiles, Record, Text, read_file


@pytest.fixture
def faults() -> Faults:
    return Faults()


@pytest.fixture
def read(tmp_path: Path, faults: Faults):
    def read_text(text: str | bytes, name: str = "a.yaml") -> Record | None:
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else textwrap.dedent(text).encode("utf-8"))
        return read_file(path, faults)

    return read_text


def told(faults: Faults) -> list[str]:
    return [str(fault) for fault in faults.found]


def test_everything_is_text_as_written(read, faults):
    record = read("""\
        reference: 0544
        include: no
        date: 2018-07-11
        figure: 1_000
        none: ~
        null: null
        quoted: "N/A: \\u00a3"
        folded: >-
          one
          two
        ünïcode: £-201
    """)
    assert {key: record.text(key) for key in record.entries} == {
        "reference": "0544", "include": "no", "date": "2018-07-11", "figure": "1_000", "none": "~", "null": "null",
        "quoted": "N/A: £", "folded": "one two", "ünïcode": "£-201",
    }  # fmt: skip
    record.close()
    faults.raise_any()


def test_a_byte_order_mark_and_windows_line_ends_do_no_harm(read, faults):
    record = read(b"\xef\xbb\xbftitle: One\r\nnotes: Two\r\n")
    assert (record.text("title"), record.text("notes")) == ("One", "Two")
    assert not faults.found


def test_texts_may_be_a_list_or_one_text(read, faults):
    record = read("many: [one, ' two ']\none: three\nnone: []\nblank:\n")
    assert [record.texts(key) for key in ("many", "one", "none", "blank", "absent")] == [
        ["one", "two"], ["three"], [], [], [],
    ]  # fmt: skip
    assert not faults.found


def test_records_pairs_and_readers(read, faults):
    record = read("""\
        plan:
          year: 2018/19
        rows:
          - code: A
          - code: B
            results: {2015/16: 1, 2016/17: " 2 "}
        count: 12
    """)
    assert record.record("plan").text("year") == "2018/19"
    assert record.record("absent") is None
    found = [(row.text("code"), list(row.pairs("results"))) for row in record.records("rows")]
    assert found == [("A", []), ("B", [("2015/16", Text("1", "a.yaml", 6)), ("2016/17", Text("2", "a.yaml", 6))])]
    assert record.read("count", int) == record.read_optional("count", int) == 12
    assert record.read_optional("absent", int) is None
    record.close()
    assert not faults.found


def test_wrong_shapes_are_faults_with_their_lines(read, faults):
    record = read("""\
        text: [a]
        group: {a: b}
        record: words
        rows: {a: b}
        mixed:
          - code: A
            extra: B
          - words
        texts: [a, [b], ""]
        pairs: {a: b, c: [d]}
        number: twelve
        blank: ""
        "": nameless
        ? [a, b]
        : list as a name
    """)
    assert (record.text("text"), record.optional("group"), record.record("record")) == ("", "", None)
    assert list(record.records("rows")) == []
    assert [row.text("code") for row in record.records("mixed")] == ["A"]
    assert record.texts("texts") == ["a"]
    assert [name for name, _ in record.pairs("pairs")] == ["a"]
    assert record.read("number", int) is None
    assert record.read("blank", int, example="12") is None
    record.fault("About the whole.")
    record.close()
    assert told(faults) == [
        "a.yaml, line 13: The name before the colon should be a word.",
        "a.yaml, line 14: The name before the colon should be a word.",
        "a.yaml, line 1: “text” should be one piece of text, and is a list.",
        "a.yaml, line 2: “group” should be one piece of text, and is a group of lines.",
        "a.yaml, line 3: “record” should hold lines of the form name: text.",
        "a.yaml, line 4: “rows” should be a list, each entry on a line of its own that begins with a dash.",
        "a.yaml, line 7: “extra” is not known. Known here: code.",
        "a.yaml, line 8: “mixed” should hold lines of the form name: text.",
        "a.yaml, line 9: An entry of “texts” should be a piece of text.",
        "a.yaml, line 9: An entry of “texts” should be a piece of text.",
        "a.yaml, line 10: “c” should be a piece of text, and is a list.",
        "a.yaml, line 11: number: invalid literal for int() with base 10: 'twelve'",
        "a.yaml, line 12: “blank” is missing or blank. Write blank: 12",
        "a.yaml, line 1: About the whole.",
    ]


def test_an_unknown_key_is_a_fault_with_the_nearest_that_would_work(read, faults):
    record = read("titel: A\nzzz: B\n")
    record.optional("title")
    record.optional("notes")
    record.close()
    assert told(faults) == [
        "a.yaml, line 1: “titel” is not known. Did you mean “title”?",
        "a.yaml, line 2: “zzz” is not known. Known here: notes, title.",
    ]


def test_faults_are_told_by_file_and_line(faults):
    faults.add("b.yaml", 2, "Two.")
    faults.add("b.yaml", None, "Whole file.")
    faults.add("a.yaml", 10, "Ten.")
    faults.add("a.yaml", 9, "Nine.")
    with pytest.raises(FaultyFiles) as refused:
        faults.raise_any()
    assert str(refused.value).splitlines() == [
        "a.yaml, line 9: Nine.", "a.yaml, line 10: Ten.", "b.yaml: Whole file.", "b.yaml, line 2: Two.",
    ]  # fmt: skip
    assert refused.value.faults[0] == Fault("a.yaml", 9, "Nine.")


NOT_YAML = "a.yaml, line {}: This line cannot be read as YAML: {}. "
ADVICE = "Put text that holds a colon, or begins with a dash or a sign, in double quotes."
NO_LINES = "a.yaml: The file should hold lines of the form name: text, and holds none that we can use."
NOT_UTF8 = "a.yaml: The file is not text in UTF-8. Save it again as “UTF-8”."
SIGN = "something here begins with *, & or !"
LAUGHS = "a: &a [lol, lol]\n" + "".join(
    f"{name}: &{name} [{', '.join([f'*{before}'] * 9)}]\n" for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)
HOSTILE = {
    "empty": ("", NO_LINES),
    "only a comment": ("# nothing\n", NO_LINES),
    "a list": ("- a\n- b\n", NO_LINES),
    "a word": ("hello", NO_LINES),
    "tab": ("a: b\nc:\n\td: e\n", NOT_YAML.format(3, "found character '\\t' that cannot start any token") + ADVICE),
    "colon": ("a: b\nc: d: e\n", NOT_YAML.format(2, "mapping values are not allowed here") + ADVICE),
    "unclosed quote": ('a: b\nc: "d\ne: f\n', NOT_YAML.format(2, "found unexpected end of stream") + ADVICE),
    "unclosed bracket": ("a: [b\n", NOT_YAML.format(2, "expected ',' or ']', but got '<stream end>'") + ADVICE),
    "two documents": ("a: b\n---\nc: d\n", NOT_YAML.format(2, "but found another document") + ADVICE),
    "alias": ("a: b\nc: *a\n", NOT_YAML.format(2, SIGN) + ADVICE),
    "anchor": ("a: b\nc: &R D\n", NOT_YAML.format(2, SIGN) + ADVICE),
    "tag": ("a: b\nc: !!python/object/apply:os.system [ls]\n", NOT_YAML.format(2, SIGN) + ADVICE),
    "a mapping inside itself": ("a: &a {b: *a}\n", NOT_YAML.format(1, SIGN) + ADVICE),
    "billion laughs": (LAUGHS, NOT_YAML.format(1, SIGN) + ADVICE),
    "escaped NUL": ('a: b\nc: "d\\0e"\n', NOT_YAML.format(2, "an escape here stands for no text") + ADVICE),
    "escaped surrogate": ('"\\ud800": b\n', NOT_YAML.format(1, "an escape here stands for no text") + ADVICE),
    "escape beyond the last character": (
        'a: "\\U00110000"\n',
        "a.yaml: The file holds an escape such as \\U00110000, which stands for no character.",
    ),
    "NUL": ("a: b\nc: d\x00e\n", "a.yaml, line 2: This line holds a character that is not text."),
    "bell": ("a: b\n\nc: \x07\n", "a.yaml, line 3: This line holds a character that is not text."),
    "windows-1252": ("a: £5 – “five”".encode("windows-1252"), NOT_UTF8),
    "utf-16": ("a: £5".encode("utf-16"), NOT_UTF8),
    "a zip file": (b"PK\x03\x04\x14\x00\x06\x00\x08\x00\xff\xfe\x9c", NOT_UTF8),
    "flow depth": ("a: " + "[" * 100_000, NO_LINES),
    "flow mappings": ("a: " + "{b: " * 100_000, NO_LINES),
    "block depth": ("".join(f"{' ' * depth}a:\n" for depth in range(1_200)), NO_LINES),
    "dashes": ("a:\n  " + "- " * 5_000, NO_LINES),
    "too large": (
        b"a: " + b"b" * LARGEST,
        "a.yaml: The file is larger than 5,000,000 bytes, so it cannot be one of ours.",
    ),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_file_ends_in_one_fault_soon(read, faults, kind):
    text, words = HOSTILE[kind]
    started = time.monotonic()
    assert read(text) is None
    assert told(faults) == [words]
    assert time.monotonic() - started < 5


def test_a_file_of_wide_aliases_is_refused_before_it_grows(read, faults):
    "100,000 aliases of a list of 100,000 would be ten thousand million entries."
    assert read("a: &a [" + "1," * 100_000 + "]\nb: [" + "*a," * 100_000 + "]\n") is None
    assert told(faults) == [NOT_YAML.format(1, SIGN) + ADVICE]


@pytest.mark.parametrize(("depth", "taken"), [(1, True), (DEEPEST, True), (DEEPEST + 1, False)])
def test_nesting_is_taken_to_a_depth_no_honest_file_reaches(read, faults, depth, taken):
    assert bool(read("a: " + "[" * (depth - 1) + "x" + "]" * (depth - 1))) is taken
    assert bool(faults.found) is not taken


def test_a_file_that_is_not_there_and_one_that_is_a_folder(tmp_path, faults):
    (tmp_path / "folder.yaml").mkdir()
    assert read_file(tmp_path / "none.yaml", faults) is None
    assert read_file(tmp_path / "folder.yaml", faults, "york/folder.yaml") is None
    assert told(faults) == [
        "none.yaml: The file cannot be opened: No such file or directory.",
        "york/folder.yaml: The file cannot be opened: Is a directory.",
    ]


def test_right_to_left_and_other_scripts_are_text(read, faults):
    record = read("title: \u202eתוכנית\nnotes: 計画 😀\n")
    assert (record.text("title"), record.text("notes")) == ("\u202eתוכנית", "計画 😀")
    assert not faults.found


PIECES = st.sampled_from([
    "a", "title", "code", ": ", ":", "\n", "\n  ", "\n- ", "- ", "\t", "{", "}", "[", "]", ",", "&a ", "*a", "!t ",
    "|\n", ">\n", '"', "'", "#", "%", "---\n", "...", "? ", "<<", "\x00", "\x85", "\u2028", "£", "\ufeff", "@", "`",
    "~", "\\", "\r",
])  # fmt: skip
TEXTS = st.one_of(st.text(), st.lists(PIECES, max_size=30).map("".join))


@given(st.one_of(st.binary(), TEXTS.map(lambda text: text.encode("utf-8", "surrogatepass"))))
@example(b"%YAML 9.9\n---\na: b\n")
@example(b"a: |9\n  b\n")
@example(b'a: "\\U00110000"\n')
@example(b'a: "\\ud800"\n')
def test_any_bytes_end_in_a_record_or_a_fault(tmp_path_factory, content):
    path = tmp_path_factory.getbasetemp() / "any.yaml"
    path.write_bytes(content)
    faults = Faults()
    record = read_file(path, faults)
    assert (record is None) <= bool(faults.found)
    for key in list(record.entries) if record else ():
        for take in (record.text, record.optional, record.texts, record.record):
            take(key)
        for _ in record.records(key), record.pairs(key):
            list(_)
    if record:
        record.close()
    assert str(FaultyFiles(faults.found)).count("any.yaml") >= len(faults.found)
