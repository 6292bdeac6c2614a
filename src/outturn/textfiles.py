"""Text files people write (YAML), read with every fault found at once: file, line, and what to write instead.

Every scalar is text as written: `0544` keeps its nought and `no` is not "false". A caller opens one with `read_file`,
takes what it expects from the `Record`s, and calls `Faults.raise_any` once at the end.
"""

import difflib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar, cast

import yaml
from yaml.composer import Composer
from yaml.reader import Reader, ReaderError

T = TypeVar("T")
LARGEST = 5_000_000  # bytes; a plan of a thousand indicators is a tenth of this
DEEPEST = 20  # levels of nesting; our deepest file has eight


class _Plain(Composer):
    """YAML without anchors, aliases and tags, which drop words silently and can make a small file huge.

    Escapes are held to what a file may hold plainly: a database takes no NUL and no half of a surrogate pair.
    """

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        event = self.peek_event()  # type: ignore[attr-defined]
        problem = ""
        if isinstance(event, yaml.AliasEvent) or event.anchor or getattr(event, "tag", None):
            problem = "something here begins with *, & or !"
        elif isinstance(event, yaml.ScalarEvent) and Reader.NON_PRINTABLE.search(event.value):
            problem = "an escape here stands for no text"
        if problem:
            raise yaml.MarkedYAMLError(None, None, problem, event.start_mark)
        return super().compose_node(parent, index)


class _PlainLoader(_Plain, yaml.BaseLoader):
    """The parser that says well what is wrong, and where."""


class _FastLoader(_Plain, getattr(yaml, "CBaseLoader", yaml.BaseLoader)):  # type: ignore[misc]
    """The parser that takes a twentieth of the time; where there is none in C, the other."""

    def __init__(self, stream: str) -> None:
        super(Composer, self).__init__(stream)
        Composer.__init__(self)


def _composed(text: str) -> yaml.Node | None:
    """The text's YAML. Whatever the fast parser refuses, the other one explains."""
    try:
        return yaml.compose(text, Loader=_FastLoader)
    except Exception:
        return yaml.compose(text, Loader=_PlainLoader)


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong: where it stands, and what is wrong with what to write instead."""

    file: str
    line: int | None
    words: str

    def __str__(self) -> str:
        where = f"{self.file}, line {self.line}" if self.line else self.file
        return f"{where}: {self.words}"


class FaultyFiles(ValueError):
    """Files that cannot be used, with every fault found in them."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = sorted(faults, key=lambda fault: (fault.file, fault.line or 0))
        super().__init__("\n".join(map(str, self.faults)))


@dataclass(slots=True)
class Faults:
    """The faults found so far."""

    found: list[Fault] = field(default_factory=list)

    def add(self, file: str, line: int | None, words: str) -> None:
        """Note a fault and go on reading."""
        self.found.append(Fault(file, line, words))

    def raise_any(self) -> None:
        """Raise FaultyFiles if anything was found."""
        if self.found:
            raise FaultyFiles(self.found)


@dataclass(frozen=True, slots=True)
class Text:
    """A scalar as written, with its place."""

    words: str
    file: str
    line: int


@dataclass(slots=True)
class Record:
    """A mapping in a file. Taking a key marks it known; `close` complains of any other."""

    entries: dict[str, yaml.Node]
    file: str
    line: int
    faults: Faults
    known: set[str] = field(default_factory=set)

    def fault(self, words: str, key: str | None = None) -> None:
        """Note a fault at this record, or at one of its keys."""
        node = self.entries.get(key) if key else None
        self.faults.add(self.file, _line(node) if node else self.line, words)

    def text(self, key: str, *, example: str = "") -> str:
        """The text of a key that must be there and say something."""
        words = self.optional(key)
        if words:
            return words
        if key not in self.entries or isinstance(self.entries[key], yaml.ScalarNode):
            self.fault(f"“{key}” is missing or blank. Write {key}: {example or '…'}", key)
        return ""

    def optional(self, key: str) -> str:
        """The text of a key, or empty."""
        self.known.add(key)
        node = self.entries.get(key)
        if node is None:
            return ""
        if not isinstance(node, yaml.ScalarNode):
            self.fault(f"“{key}” should be one piece of text, and is a {_shape(node)}.", key)
            return ""
        return str(node.value).strip()

    def read(self, key: str, reader: Callable[[str], T], *, example: str = "") -> T | None:
        """A key that must be there, read by `reader`, whose ValueError becomes a fault. None after a fault."""
        words = self.text(key, example=example)
        return self._read(key, words, reader) if words else None

    def read_optional(self, key: str, reader: Callable[[str], T]) -> T | None:
        """As `read`, for a key that may be left out."""
        words = self.optional(key)
        return self._read(key, words, reader) if words else None

    def _read(self, key: str, words: str, reader: Callable[[str], T]) -> T | None:
        try:
            return reader(words)
        except ValueError as error:
            self.fault(f"{key}: {error}", key)
            return None

    def record(self, key: str) -> "Record | None":
        """The mapping under a key, or None where the key is left out."""
        self.known.add(key)
        node = self.entries.get(key)
        return self._as_record(key, node) if node is not None else None

    def records(self, key: str) -> Iterator["Record"]:
        """The mappings in a list under a key, each closed after the caller has taken what it knows."""
        for node in self._list(key):
            record = self._as_record(key, node)
            if record is not None:
                yield record
                record.close()

    def texts(self, key: str) -> list[str]:
        """The texts in a list under a key; one text on its own counts as a list of one."""
        node = self.entries.get(key)
        if isinstance(node, yaml.ScalarNode):
            self.known.add(key)
            return [str(node.value).strip()] if str(node.value).strip() else []
        found = []
        for item in self._list(key):
            if isinstance(item, yaml.ScalarNode) and str(item.value).strip():
                found.append(str(item.value).strip())
            else:
                self.faults.add(self.file, _line(item), f"An entry of “{key}” should be a piece of text.")
        return found

    def pairs(self, key: str) -> Iterator[tuple[str, Text]]:
        """The keys and texts of a free mapping, such as results by period."""
        record = self.record(key)
        for name, node in record.entries.items() if record else ():
            if isinstance(node, yaml.ScalarNode):
                yield name, Text(str(node.value).strip(), self.file, _line(node))
            else:
                self.faults.add(self.file, _line(node), f"“{name}” should be a piece of text, and is a {_shape(node)}.")

    def is_group(self, key: str) -> bool:
        """Whether a key holds a mapping, where one text would do as well."""
        return isinstance(self.entries.get(key), yaml.MappingNode)

    def plain(self, key: str) -> Any:
        """What stands under a key as it is written: text, lists and mappings of text; None where it is left out."""
        node = self.entries.get(key)
        return None if node is None else _plain(node)

    def close(self) -> None:
        """Complain of every key nobody asked for, with the nearest key that would have worked."""
        for key, node in self.entries.items():
            if key not in self.known:
                near = difflib.get_close_matches(key, self.known, 1)
                advice = f"Did you mean “{near[0]}”?" if near else f"Known here: {', '.join(sorted(self.known))}."
                self.faults.add(self.file, _line(node), f"“{key}” is not known. {advice}")

    def _list(self, key: str) -> list[yaml.Node]:
        self.known.add(key)
        node = self.entries.get(key)
        if node is None or (isinstance(node, yaml.ScalarNode) and not node.value):
            return []
        if isinstance(node, yaml.SequenceNode):
            return list(node.value)
        self.fault(f"“{key}” should be a list, each entry on a line of its own that begins with a dash.", key)
        return []

    def _as_record(self, key: str, node: yaml.Node) -> "Record | None":
        if isinstance(node, yaml.MappingNode):
            return _record(node, self.file, self.faults)
        self.faults.add(self.file, _line(node), f"“{key}” should hold lines of the form name: text.")
        return None


def read_file(path: Path, faults: Faults, name: str | None = None) -> Record | None:
    """The mapping a file holds, or None after noting why it holds none. `name` is how messages call the file."""
    name = name or path.name
    text = read_words(path, faults, name)
    return None if text is None else read_text(text, faults, name)


def read_words(path: Path, faults: Faults, name: str) -> str | None:
    """The text of a file, or None after noting why it cannot be one of ours."""
    try:
        if path.stat().st_size > LARGEST:
            faults.add(name, None, f"The file is larger than {LARGEST:,} bytes, so it cannot be one of ours.")
            return None
        return path.read_text("utf-8-sig")
    except UnicodeDecodeError:
        faults.add(name, None, "The file is not text in UTF-8. Save it again as “UTF-8”.")
    except OSError as error:
        faults.add(name, None, f"The file cannot be opened: {error.strerror}.")
    return None


def read_text(text: str, faults: Faults, name: str) -> Record | None:
    """The mapping that a text holds, or None after noting why it holds none."""
    try:
        node = _composed(text)
    except ReaderError as error:
        faults.add(name, text.count("\n", 0, error.position) + 1, "This line holds a character that is not text.")
        return None
    except yaml.MarkedYAMLError as error:
        is_unclosed = error.context == "while scanning a quoted scalar"  # and so is noticed only at the end of the file
        mark = error.context_mark if is_unclosed else error.problem_mark
        line = mark.line + 1 if mark else None
        faults.add(name, line, f"This line cannot be read as YAML: {error.problem}. {QUOTE_ADVICE}")
        return None
    except ValueError:
        faults.add(name, None, "The file holds an escape such as \\U00110000, which stands for no character.")
        return None
    except RecursionError:
        node = None
    if isinstance(node, yaml.MappingNode) and not _too_deep(node):
        return _record(node, name, faults)
    faults.add(name, None, "The file should hold lines of the form name: text, and holds none that we can use.")
    return None


def record_of(plain: Mapping[str, Any], faults: Faults, name: str) -> Record:
    """A record of what `Record.plain` gave, to be read again by the same code."""
    return _record(cast(yaml.MappingNode, _node(plain)), name, faults)


def _plain(node: yaml.Node) -> Any:
    if isinstance(node, yaml.MappingNode):
        return {str(key.value): _plain(value) for key, value in node.value}
    return [_plain(item) for item in node.value] if isinstance(node, yaml.SequenceNode) else str(node.value).strip()


def _node(plain: Any) -> yaml.Node:
    if isinstance(plain, Mapping):
        return yaml.MappingNode("", [(_node(key), _node(value)) for key, value in plain.items()], NOWHERE)
    if isinstance(plain, list):
        return yaml.SequenceNode("", [_node(item) for item in plain], NOWHERE)
    return yaml.ScalarNode("", str(plain), NOWHERE)


NOWHERE = yaml.Mark("", 0, 0, 0, "", 0)
QUOTE_ADVICE = "Put text that holds a colon, or begins with a dash or a sign, in double quotes."


def _record(node: yaml.MappingNode, file: str, faults: Faults) -> Record:
    entries: dict[str, yaml.Node] = {}
    for key, value in node.value:
        word = str(key.value) if isinstance(key, yaml.ScalarNode) else ""
        if not word:
            faults.add(file, _line(key), "The name before the colon should be a word.")
        elif word in entries:
            faults.add(file, _line(key), f"“{word}” stands here twice. Keep one.")
        else:
            entries[word] = value
    return Record(entries, file, _line(node), faults)


def _too_deep(node: yaml.CollectionNode) -> bool:
    level: list[yaml.CollectionNode] = [node]
    for _ in range(DEEPEST):
        level = [child for parent in level for child in _children(parent) if isinstance(child, yaml.CollectionNode)]
        if not level:
            return False
    return True


def _children(node: yaml.CollectionNode) -> Iterator[yaml.Node]:
    for child in node.value:
        yield from child if isinstance(child, tuple) else (child,)


def _line(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1


def _shape(node: yaml.Node) -> str:
    return "list" if isinstance(node, yaml.SequenceNode) else "group of lines"
