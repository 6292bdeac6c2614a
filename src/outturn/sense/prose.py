"""What a text says that can be held against figures: words that are looked for, from prose.yaml, and its numbers."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

FILE = Path(__file__).with_name("prose.yaml")
Pattern = re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Topic:
    """What is spoken of, and the titles that speak of the same."""

    said: Pattern
    titled: Pattern


@dataclass(frozen=True, slots=True)
class Prose:
    """All of prose.yaml."""

    rose: Pattern
    fell: Pattern
    better: Pattern
    worse: Pattern
    hoped: Pattern
    year_ago: Pattern
    aside: Pattern
    topics: tuple[Topic, ...]
    admits: Pattern
    praises: Pattern
    promises: Pattern
    dated: Pattern
    rest: Pattern
    refers: Pattern
    statutory: Pattern
    unfinished: Pattern
    common: frozenset[str]


@lru_cache(1)
def prose() -> Prose:
    """The package's words."""
    told: dict[str, Any] = yaml.load(FILE.read_text("utf-8"), yaml.BaseLoader)  # noqa: S506  text only
    topics = tuple(Topic(_any([one["said"]]), _any([one["titled"]], whole=False)) for one in told.pop("topics"))
    common = frozenset(" ".join(told.pop("common")).split())
    whole = {"unfinished": False, "refers": False}
    patterns = {
        name: _any([words] if isinstance(words, str) else words, whole=whole.get(name, True))
        for name, words in told.items()
    }
    return Prose(topics=topics, common=common, **patterns)


def _any(patterns: list[str], whole: bool = True) -> Pattern:
    """Any of these, as whole words."""
    either = "|".join(f"(?:{pattern})" for pattern in patterns)
    return re.compile(rf"\b(?:{either})\b" if whole else either, re.IGNORECASE)


SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z“‘'\"£0-9])|\n+(?:- )?")
CLAUSE = re.compile(r"; |: |,? (?:but|while|whilst|whereas|although|though) (?!\w+ing\b)")


@lru_cache(4096)
def sentences(text: str) -> tuple[str, ...]:
    """A text's sentences and list items, each on one line."""
    joined = re.sub(r"(?<!\n)\n(?!\n|- )", " ", text.strip())
    split = (" ".join(one.split()).removeprefix("- ") for one in SENTENCE.split(joined))
    return tuple(filter(None, split))


def clauses(text: str) -> Iterator[str]:
    """The parts of its sentences that can say different things."""
    for one in sentences(text):
        yield from CLAUSE.split(one)


def unfinished(text: str) -> bool:
    """Whether it breaks off."""
    return bool(prose().unfinished.search(text.strip()))


def topics(words: str) -> list[Topic]:
    """What is spoken of."""
    return [topic for topic in prose().topics if topic.said.search(words)]


def fits(title: str, spoken: list[Topic]) -> bool:
    """Whether a title speaks of all of it."""
    return all(topic.titled.search(title) for topic in spoken)


def stems(words: str) -> set[str]:
    """The beginnings of its words that tie it to something, so that reviewed and reviews are one."""
    found = re.findall(r"[a-z][a-z'-]{3,}", words.casefold())
    return {word[:5] for word in found if word not in prose().common}


@dataclass(frozen=True, slots=True)
class Said:
    """A number in a text: how large, how it is printed, and the worth of its last digit."""

    amount: Decimal
    printed: str
    percent: bool
    pound: bool
    step: Decimal

    def is_about(self, amount: Decimal) -> bool:
        """Whether it can be that amount, rounded."""
        return abs(self.amount - amount) <= self.step / 2


SCALES = {"": 1, "k": 1_000, "m": 1_000_000, "million": 1_000_000, "thousand": 1_000}
NUMBER = re.compile(
    r"(?<![\w./-])(?P<pound>£)?(?P<digits>[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,12})(?:\.(?P<places>[0-9]{1,6}))?"
    r"(?: ?(?P<scale>k|m|million|thousand)\b)?(?P<percent>%| per cent\b)?(?![\w/-]|\.[0-9])",
    re.IGNORECASE,
)
DAY_OR_YEAR = re.compile(
    r"[0-9]{1,2}(?:st|nd|rd|th)? (?:January|February|March|April|May|June|July|August|September|October|November|"
    r"December)(?: [0-9]{4})?|\b(?:19|20)[0-9]{2}(?:[/–-][0-9]{2,4})?\b(?!%)|"
    r"\b(?:quarter|q|phase|section|aged|over) ?[0-9.]+",
    re.IGNORECASE,
)


FINANCIAL_YEAR = re.compile(r"\b(?P<first>(?:19|20)[0-9]{2})[/–-][0-9]{2}(?:[0-9]{2})?\b")


@lru_cache(4096)
def numbers(words: str) -> tuple[Said, ...]:
    """Its numbers, without days, years and ages."""
    found = []
    for match in NUMBER.finditer(DAY_OR_YEAR.sub(" ", words)):
        places, scale = match["places"] or "", SCALES[(match["scale"] or "").casefold()]
        amount = Decimal(match["digits"].replace(",", "") + (f".{places}" if places else "")) * scale
        step = Decimal(1).scaleb(-len(places)) * scale
        found.append(Said(amount, match[0], bool(match["percent"]), bool(match["pound"]), step))
    return tuple(found)
