"""A published value: a figure with its flags, or a typed absence. Never a bare None, never a zero that means "nothing".

`read_value` reads what councils print (`£-201`, `1,762`, `32117 (est year end 128469)`, `NC`) and `Value.printed`
gives back the same text but for its capitals, because a page must show a published figure as it was printed. Text
that would not come back the same is refused, with what to write.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from functools import cache


class Absence(StrEnum):
    """Why there is no figure. The value is the wording used in files and on pages."""

    NOT_COLLECTED = "not collected"
    NOT_APPLICABLE = "not applicable"
    NOT_YET_DUE = "not yet due"
    AWAITED = "awaited"
    SUPPRESSED = "suppressed"
    NOT_COMPARABLE = "not comparable"
    SEE_ELSEWHERE = "see elsewhere"


class Flag(StrEnum):
    """What a reader must know before relying on a figure."""

    ESTIMATED = "estimated"
    PROVISIONAL = "provisional"
    REVISED = "revised"
    FORECAST = "forecast"


FLAG_LETTERS = {flag.value[0]: flag for flag in Flag}

STANDARD_TOKENS: Mapping[str, Absence] = {
    "not collected": Absence.NOT_COLLECTED,
    "N/A": Absence.NOT_APPLICABLE,
    "not applicable": Absence.NOT_APPLICABLE,
    "not yet due": Absence.NOT_YET_DUE,
    "awaited": Absence.AWAITED,
    "[c]": Absence.SUPPRESSED,
    "suppressed": Absence.SUPPRESSED,
    "not comparable": Absence.NOT_COMPARABLE,
    "see elsewhere": Absence.SEE_ELSEWHERE,
    "See report card": Absence.SEE_ELSEWHERE,
}
"""Tokens with one meaning everywhere. `NC`, `-` and `*` differ between councils, so a council's own file says."""

SCALES = {"": Decimal(1), "k": Decimal(1_000), "m": Decimal(1_000_000)}


class UnreadableValue(ValueError):
    """Text that is neither a figure nor a known token. The message says what to write instead."""


@cache
def _last_place(decimals: int) -> Decimal:
    """What one more in the last of so many decimals is worth."""
    return Decimal(1).scaleb(-decimals)


@dataclass(frozen=True, slots=True)
class Notation:
    """How a figure is written, so that it can be written again: nothing here changes its amount."""

    decimals: int = 0
    grouped: bool = False  # 1,762 rather than 1762
    pound: bool = False
    percent: bool = False
    scale: str = ""  # k or m, as in £49k and £7.2m
    sign: str = "before"  # for negatives: before (-£5), after (£-5) or brackets ((£5))
    plus: bool = False  # a positive figure printed with its plus sign
    clock: bool = False  # minutes and seconds, as in 1:35
    yes_no: bool = False
    words: str = ""  # people per week, days
    lettered: bool = False  # flags printed as letters: (p) rather than (provisional)

    def write(self, amount: Decimal) -> str:
        """The amount in this notation, rounded once, half away from zero."""
        if self.yes_no:
            return "Yes" if amount else "No"
        size = abs(amount) / SCALES[self.scale] if self.scale else abs(amount)
        size = size.quantize(_last_place(self.decimals), ROUND_HALF_UP)
        digits = f"{size:,f}" if self.grouped else f"{size:f}"
        if self.clock:
            digits = f"{int(size) // 60}:{int(size) % 60:02}"
        pound = "£" if self.pound else ""
        tail = self.scale + ("%" if self.percent else "") + (f" {self.words}" if self.words else "")
        rounds_to_nothing = amount and not size  # and so loses its sign, which a published -0.0% keeps
        if rounds_to_nothing or not amount.is_signed():
            return ("+" if self.plus else "") + pound + digits + tail
        if self.sign == "brackets":
            return f"({pound}{digits}{tail})"
        return (f"{pound}-" if self.sign == "after" else f"-{pound}") + digits + tail


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with how it is printed and what must be known about it.

    `amount` has the scale applied (£49k is 49000) and the percent sign not (42% is 42).
    `year_end` is a forecast printed in the same cell; `equivalent` is the same quantity in other words.
    """

    amount: Decimal
    notation: Notation = field(default_factory=Notation)
    flags: frozenset[Flag] = frozenset()
    year_end: "Figure | None" = None
    equivalent: "Figure | None" = None

    is_missing = False

    @property
    def printed(self) -> str:
        """The text as published."""
        text = self.notation.write(self.amount)
        if self.year_end:
            text += f" (est year end {self.year_end.printed})"
        if self.equivalent:
            text += f" ({self.equivalent.printed})"
        if self.flags:
            names = [flag for flag in Flag if flag in self.flags]
            text += f" ({', '.join(name[0] if self.notation.lettered else name for name in names)})"
        return text

    @property
    def words(self) -> str:
        """The flags in words, empty for a plain figure."""
        return ", ".join(flag for flag in Flag if flag in self.flags)


@dataclass(frozen=True, slots=True)
class Missing:
    """There is no figure, for a named reason. `token` is what was printed in its place."""

    absence: Absence
    token: str = ""

    is_missing = True

    @property
    def printed(self) -> str:
        """The text as published, which may be blank."""
        return self.token

    @property
    def words(self) -> str:
        """The reason in words."""
        return self.absence.value


Value = Figure | Missing

def token_key(values: Iterable[Value]) -> list[tuple[str, str]]:
    """What is printed in place of figures, with its meaning, for the key below a table."""
    return sorted({(value.printed or "blank", value.words) for value in values if value.is_missing})


NUMBER = re.compile(
    r"(?P<open>\()?(?P<lead>[+-])?(?P<pound>£)?(?P<after>-)?"
    r"(?P<digits>[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.(?P<fraction>[0-9]+))?"
    r"(?P<scale>[km])?(?P<percent>%)?(?P<words>(?: [A-Za-z]+)+)?(?P<close>\))?"
)
LOOSE_SCALE = re.compile(r" (?:k|m|bn|thousand|million|billion)\b", re.IGNORECASE)  # £7.2 million is not £7.2
CLOCK = re.compile(r"([0-9]{1,4}):([0-5][0-9])")
ASIDE = re.compile(r"(?P<main>.+?) \((?P<aside>[^()]+)\)")
YEAR_END = "est year end "
LONGEST = 200  # characters; longer text is not a figure
MOST_DIGITS = 18  # so that no arithmetic on an amount is ever rounded behind our back


def read_value(text: str, tokens: Mapping[str, Absence] = STANDARD_TOKENS) -> Value:
    """Read a cell. `tokens` is the council's own list of what it prints when there is no figure.

    Raises UnreadableValue for text that is neither, and for a blank cell unless `tokens` says what a blank means.
    """
    text = " ".join(text.split())
    absence = _absence(text, tokens)
    if absence:
        return Missing(absence, text)
    if not text:
        raise UnreadableValue("The cell is blank. Write a figure, or why there is none: " + _known(tokens) + ".")
    if len(text) > LONGEST:
        raise UnreadableValue(f"This has {len(text):,} characters. Write a figure of at most {LONGEST}.")
    figure = _figure(text, tokens)
    if figure.printed.casefold() != text.casefold():
        raise UnreadableValue(f"“{text}” reads as “{figure.printed}”. Write that, if it is what you mean.")
    return figure


def _absence(text: str, tokens: Mapping[str, Absence]) -> Absence | None:
    """A token as it stands in the list, or but for its capitals: councils print N/A and N/a in one table."""
    if text in tokens:
        return tokens[text]
    folded = {token.casefold(): absence for token, absence in {**STANDARD_TOKENS, **tokens}.items()}
    return folded.get(text.casefold()) if text else None


def _known(tokens: Mapping[str, Absence]) -> str:
    return ", ".join(dict.fromkeys(token for token in (*tokens, *STANDARD_TOKENS) if token))


def _figure(text: str, tokens: Mapping[str, Absence]) -> Figure:
    if text.casefold() in ("yes", "no"):
        return Figure(Decimal(text.casefold() == "yes"), Notation(yes_no=True))
    if clock := CLOCK.fullmatch(text):
        return Figure(Decimal(int(clock[1]) * 60 + int(clock[2])), Notation(clock=True))
    number = NUMBER.fullmatch(text)
    if number and bool(number["open"]) == bool(number["close"]) and not LOOSE_SCALE.match(number["words"] or ""):
        return _number(number)
    if with_aside := ASIDE.fullmatch(text):
        return _with_aside(_figure(with_aside["main"], tokens), with_aside["aside"], tokens)
    raise UnreadableValue(
        f"“{text}” is neither a figure nor one of the words for no figure. Write a figure such as 1,762, 93.88%, "
        f"£-201 or £7.2m, or one of: {_known(tokens)}."
    )


def _number(match: re.Match[str]) -> Figure:
    negative = match["open"] or match["lead"] == "-" or match["after"]
    fraction = match["fraction"] or ""
    count = len(match["digits"].replace(",", "")) + len(fraction)
    if count > MOST_DIGITS:
        raise UnreadableValue(f"This has {count} digits. Write a figure of at most {MOST_DIGITS}.")
    size = Decimal(match["digits"].replace(",", "") + ("." + fraction if fraction else ""))
    scale = match["scale"] or ""
    notation = Notation(
        decimals=len(fraction),
        grouped="," in match["digits"],
        pound=bool(match["pound"]),
        percent=bool(match["percent"]),
        scale=scale,
        sign="brackets" if match["open"] else "after" if match["after"] else "before",
        plus=match["lead"] == "+",
        words=(match["words"] or "").strip(),
    )
    amount = size * SCALES[scale]
    return Figure(amount.copy_negate() if negative else amount, notation)


def _with_aside(figure: Figure, aside: str, tokens: Mapping[str, Absence]) -> Figure:
    """What stands in brackets behind a figure: its flags, a year-end estimate, or the same in other words."""
    if figure.year_end or figure.equivalent or figure.flags:
        raise UnreadableValue(f"“({aside})” is a second remark in brackets. Keep one, and put the rest in the note.")
    names = [name.strip().casefold() for name in aside.split(",")]
    spelt = {flag.value: flag for flag in Flag}
    for known, lettered in ((spelt, False), (FLAG_LETTERS, True)):
        if all(name in known for name in names):
            notation = replace(figure.notation, lettered=lettered)
            return replace(figure, notation=notation, flags=frozenset(known[name] for name in names))
    if aside.casefold().startswith(YEAR_END):
        return replace(figure, year_end=_figure(aside[len(YEAR_END) :], tokens))
    return replace(figure, equivalent=_figure(aside, tokens))
