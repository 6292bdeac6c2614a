"""What the checks hold against one another, from relations.yaml, which says what each entry means."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from ..catalogue.indicator import Key
from ..terms.period import Period, read_year
from ..terms.polarity import Better

FILE = Path(__file__).with_name("relations.yaml")


@dataclass(frozen=True, slots=True)
class Rate:
    """For every 100,000 people of these ages; `adds_up` counts a year make the numerator, which is whole `until`."""

    ages: str
    adds_up: int
    until: Period | None


@dataclass(frozen=True, slots=True)
class Edition:
    """A measure of a framework: its title where it has no definition here, and its first and last years."""

    code: str
    title: str
    since: Period | None
    until: Period | None


@dataclass(frozen=True, slots=True)
class Links:
    """All of relations.yaml."""

    rates: Mapping[Key, Rate]
    parts: tuple[tuple[Key, Key], ...]  # part, whole
    sums: tuple[tuple[Key, tuple[Key, ...]], ...]  # whole, parts
    counts: tuple[tuple[Key, Key, str], ...]  # count, rate, what is counted
    alike: tuple[tuple[Key, Key, Decimal, str], ...]  # how far apart is worth a question, and why they are alike
    same_denominator: tuple[tuple[Key, Key], ...]
    plan_facts: tuple[tuple[Key, str, str], ...]  # resource, risks or actions, and which
    not_published: Mapping[Key, Mapping[Period, str]]
    scores: Mapping[Key, tuple[Decimal, Decimal]]
    editions: Mapping[str, tuple[Edition, ...]]
    title_words: tuple[tuple[Better, str, str], ...]  # what is said of the title, pattern
    posts: tuple[str, ...]


@lru_cache(1)
def links() -> Links:
    """The package's links. Raises ValueError or KeyError where the file is not as it should be."""
    told: dict[str, Any] = yaml.load(FILE.read_text("utf-8"), yaml.BaseLoader)  # noqa: S506  text only
    return Links(
        rates={read_key(code): Rate(one["ages"], int(one.get("adds_up", 1)), _year(one, "until"))
               for code, one in told["rates"].items()},
        parts=tuple((read_key(one["part"]), read_key(one["whole"])) for one in told["parts"]),
        sums=tuple((read_key(one["whole"]), tuple(map(read_key, one["parts"]))) for one in told["sums"]),
        counts=tuple((read_key(one["count"]), read_key(one["rate"]), one["things"]) for one in told["counts"]),
        alike=tuple((*_pair(one["codes"]), Decimal(one["apart"]), one["because"]) for one in told["alike"]),
        same_denominator=tuple(map(_pair, told["same_denominator"])),
        plan_facts=tuple((read_key(one.pop("indicator")), *one.popitem()) for one in told["plan_facts"]),
        not_published={read_key(code): {read_year(year): because for year, because in years.items()}
                       for code, years in told["not_published"].items()},
        scores={read_key(code): (Decimal(low), Decimal(high)) for code, (low, high) in told["scores"].items()},
        editions={framework: tuple(Edition(code, one.get("title", ""), _year(one, "since"), _year(one, "until"))
                                   for code, one in measures.items())
                  for framework, measures in told["editions"].items()},
        title_words=tuple((Better(one["better"]), one["said"], one["pattern"]) for one in told["title_words"]),
        posts=tuple(told["posts"]),
    )  # fmt: skip


def read_key(text: str) -> Key:
    """york/PVP02. Raises ValueError."""
    framework, slash, code = text.partition("/")
    if not (framework and slash and code):
        raise ValueError(f"“{text}” names no indicator. Write its framework and its code: york/PVP02.")
    return Key(framework, code)


def _pair(codes: list[str]) -> tuple[Key, Key]:
    one, other = map(read_key, codes)
    return one, other


def _year(told: Mapping[str, str], name: str) -> Period | None:
    return read_year(told[name]) if name in told else None
