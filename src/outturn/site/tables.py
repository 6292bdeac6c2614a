"""Tables that a reader filters and sorts by links and GET forms, several to a page.

Each table reads the parameters that begin with its own name (`actions-owner`, `actions-sort`) and carries the others
along, so that filtering one table leaves the rest of the page as it was.

    table = Table(rows, request, "actions", filters=[Filter("owner", "Officer", "owners")], sorts={"due": by_due})

    {{ p.filters(table.action, table.groups, table.hidden) }}
    {{ p.th_sort("Due", table.key("due"), table.sort, table.sort_href) }}
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from operator import attrgetter
from typing import Any, Generic, TypeVar
from urllib.parse import urlencode

from django.http import HttpRequest

Row = TypeVar("Row")

NONE = "none"  # in an address: the rows with nothing in that column


@dataclass(frozen=True, slots=True)
class Filter:
    """A column to choose rows by. `attribute` holds a text, or several of which any may match.

    Choices stand in alphabetical order, or in that of `order`. `words` are for choices that read otherwise on the page.
    """

    name: str
    label: str
    attribute: str
    everything: str = "All"
    order: Sequence[str] = ()
    words: Mapping[str, str] = field(default_factory=dict)
    none: str = "None given"

    def values(self, row: Any) -> tuple[str, ...]:
        """What a row can be chosen by."""
        value = attrgetter(self.attribute)(row)
        return tuple(value) or (NONE,) if isinstance(value, tuple) else (value or NONE,)

    def options(self, rows: Iterable[Any], chosen: str) -> list[tuple[str, str]]:
        """Every value there is with its words. An unknown one that was asked for stays in sight, to be taken back."""
        found = {value for row in rows for value in self.values(row)} | ({chosen} if chosen else set())
        known = sorted(found, key=self._place)
        return [("", self.everything), *((value, self._words(value)) for value in known)]

    def _place(self, value: str) -> tuple[bool, int, str]:
        place = self.order.index(value) if value in self.order else len(self.order)
        return value == NONE, place, value.casefold()

    def _words(self, value: str) -> str:
        return self.none if value == NONE else self.words.get(value, value)


class Table(Generic[Row]):
    """The rows a reader asked for. A value or sort key that does not exist is no error.

    An unknown value matches no row, and an unknown key leaves the rows in their own order.
    """

    def __init__(
        self,
        rows: Sequence[Row],
        request: HttpRequest,
        name: str = "",
        *,
        filters: Sequence[Filter] = (),
        sorts: Mapping[str, Callable[[Row], Any]] | None = None,
        anchor: str = "",
    ) -> None:
        self.every = rows
        self.filters = filters
        self.sorts = sorts or {}
        self.prefix = f"{name}-" if name else ""
        self.path = request.path
        self.fragment = f"#{anchor or name}" if anchor or name else ""
        self.parameters = {key: value for key, value in request.GET.items() if value}
        self.chosen = {each.name: self.parameters.get(self.prefix + each.name, "") for each in filters}

    @cached_property
    def rows(self) -> list[Row]:
        """What is left, in the order asked for."""
        wanted = [(each, self.chosen[each.name]) for each in self.filters if self.chosen[each.name]]
        rows = [row for row in self.every if all(value in each.values(row) for each, value in wanted)]
        return sort_rows(rows, self.sorts[self._key], self._descending) if self.is_sorted else rows

    @property
    def total(self) -> int:
        """How many rows there are without a filter."""
        return len(self.every)

    @property
    def is_filtered(self) -> bool:
        """Whether any filter is applied."""
        return any(self.chosen.values())

    @property
    def is_sorted(self) -> bool:
        """Whether the rows stand in an order the reader asked for."""
        return self._key in self.sorts

    @property
    def groups(self) -> list[dict[str, Any]]:
        """For the `filters` macro."""
        return [self._group(each) for each in self.filters]

    def _group(self, each: Filter) -> dict[str, Any]:
        chosen = self.chosen[each.name]
        options = each.options(self.every, chosen)
        return {"name": self.prefix + each.name, "label": each.label, "chosen": chosen, "options": options}

    @cached_property
    def _others(self) -> dict[str, str]:
        """Parameters of the page's other tables."""
        own = {self.prefix + name for name in (*self.chosen, "sort")}
        return {key: value for key, value in self.parameters.items() if key not in own}

    @property
    def action(self) -> str:
        """The page without this table's filters: where its form goes, and where "Clear filters" leads."""
        return self.path + _query(self._others | self._sort_parameter) + self.fragment

    @property
    def hidden(self) -> list[tuple[str, str]]:
        """What the form must carry along, since a form's address loses its query."""
        return list((self._others | self._sort_parameter).items())

    @property
    def _sort_parameter(self) -> dict[str, str]:
        return {f"{self.prefix}sort": self._asked} if self.is_sorted else {}

    @property
    def _asked(self) -> str:
        return self.parameters.get(f"{self.prefix}sort", "")

    @property
    def _key(self) -> str:
        return self._asked.removeprefix("-")

    @property
    def _descending(self) -> bool:
        return self._asked.startswith("-")

    @property
    def sort(self) -> str:
        """The order now in force, for the `th_sort` macro."""
        return self._asked + self.fragment if self.is_sorted else ""

    def key(self, name: str) -> str:
        """A sort key for the `th_sort` macro. The key ends the address, so the fragment goes with it."""
        return name + self.fragment

    @property
    def sort_href(self) -> str:
        """All of the address of a sort link but its key."""
        chosen = {self.prefix + name: value for name, value in self.chosen.items() if value}
        return self.path + _query(self._others | chosen, f"{self.prefix}sort=")


def sort_rows(rows: Iterable[Row], key: Callable[[Row], Any], descending: bool = False) -> list[Row]:
    """Sorted by a key; rows for which it is None come last either way, since nothing is known of them."""
    keyed = [(key(row), row) for row in rows]
    known = sorted((pair for pair in keyed if pair[0] is not None), key=lambda pair: pair[0], reverse=descending)
    return [row for _, row in known] + [row for value, row in keyed if value is None]


def natural(text: str) -> tuple[tuple[bool, int, str], ...]:
    """A key that puts ASCP9 before ASCP10, and case aside."""
    parts = re.split(r"([0-9]+)", text.casefold())
    return tuple((part.isdecimal(), int(part) if part.isdecimal() else 0, part) for part in parts if part)


def filtered(path: str, name: str, column: str, value: str) -> str:
    """The address of a table filtered by one value."""
    return f"{path}{_query({f'{name}-{column}' if name else column: value})}{f'#{name}' if name else ''}"


def _query(parameters: Mapping[str, str], rest: str = "") -> str:
    text = "&".join(part for part in (urlencode(parameters), rest) if part)
    return f"?{text}" if text else ""
