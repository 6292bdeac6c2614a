"""Rules on how one indicator is listed: its code, polarity, owner, tokens and units."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace

from ..judgement.rag import write
from ..plans.service_plan import IndicatorRow
from ..terms.period import Period
from ..terms.polarity import Better, Polarity
from ..terms.unit import Unit
from ..terms.value import STANDARD_TOKENS, Absence, Figure, Missing
from .finding import Finding, Severity, Subject
from .links import links
from .listings import Row, codes_of, documents, figures, of_plan, of_row, on_rows
from .picture import Picture
from .rule import also, rule
from .wording import listed

COULD_HAVE_SPACE = re.compile(r"(?P<before>[A-Z]+[0-9][A-Z]) ?[0-9][a-z]?")  # ASCOF1C 1a, ASCOF2C1
NUMBERED = re.compile(r"([A-Za-z]+)([0-9]+)")


@rule(
    "I1", "One code, one spelling, one meaning", Severity.WARNING,
    "A code that is printed in two ways, or that stands for two definitions, cannot be joined to its other years.",
    found="ASCOF2C1 and ASCOF2C 1 in one table.", passed="ASCOF2A1 twice, on two time bases.",
)  # fmt: skip
def codes(picture: Picture) -> Iterator[Finding]:
    for document, rows in documents(picture):
        yield from _spacing(picture, document, [row for row in rows if isinstance(row, IndicatorRow)])
        by_code = defaultdict(list)
        for row in rows:
            by_code[row.code].append(row)
        for code, same in by_code.items():
            frameworks = sorted({row.framework for row in same})
            if len(frameworks) > 1:
                words = f"{code} stands here for what {listed(frameworks)} mean by it. Print whose it is beside each."
                yield on_rows(picture, document, "I1", Severity.WARNING, words, same)


def _spacing(picture: Picture, document: Subject, rows: list[IndicatorRow]) -> Iterator[Finding]:
    """Codes of one framework that could all have a space, where only some have one."""
    by_framework = defaultdict(list)
    for row in rows:
        if COULD_HAVE_SPACE.fullmatch(row.printed_code):
            by_framework[row.framework].append(row)
    for like in by_framework.values():
        spaced = [row for row in like if " " in row.printed_code]
        if spaced and len(spaced) < len(like):
            plain = [row for row in like if row not in spaced]
            both = sorted({row.code for row in spaced} & {row.code for row in plain})
            words = (
                f"{listed(row.printed_code for row in spaced)} have a space in the code, and "
                f"{listed(row.printed_code for row in plain)} have none"
                + (f"; {listed(both)} is printed both ways. " if both else ". ")
                + "Print them all without, so that a search or a join finds every row."
            )
            yield Finding("I1", Severity.WARNING, document, words, also=tuple(of_row(picture, row) for row in spaced))


@rule(
    "I3", "Gaps in a numbered series", Severity.QUERY,
    "Numbers that are skipped may be rows that were lost, or that were left out without a word.",
    found="PVP01, PVP02, PVP04, PVP05, PVP06.", passed="STF08, STF90, STF100: not a series.",
)  # fmt: skip
def gaps(picture: Picture) -> Iterator[Finding]:
    for plan in picture.plans:
        for skipped in skipped_numbers([row.code for row in plan.indicators]):
            words = (
                f"The indicators have no {listed(skipped)}, though the numbers around are there. Say whether "
                f"{'it was' if len(skipped) == 1 else 'they were'} dropped, or put back what was lost."
            )
            yield Finding("I3", Severity.QUERY, of_plan(plan), words)


def skipped_numbers(references: Iterable[str]) -> Iterator[list[str]]:
    """What is skipped in each series of references, such as ASCP01 to ASCP23, of which two thirds or more are there.

    Only numbers of one length, and at least four of them, make a series: STF08, STF90 and STF100 do not.
    """
    series = defaultdict(set)
    for reference in references:
        if match := NUMBERED.fullmatch(reference):
            series[match[1], len(match[2])].add(int(match[2]))
    for (letters, digits), numbers in series.items():
        every = range(min(numbers), max(numbers) + 1)
        skipped = [f"{letters}{number:0{digits}}" for number in every if number not in numbers]
        if skipped and len(numbers) >= 4 and 3 * len(numbers) >= 2 * len(every):
            yield skipped


@rule(
    "M1", "Words for no figure", Severity.QUERY,
    "What is printed where there is no figure should be in the council's list, in one spelling.",
    found="N/A in one cell and N/a in another.", passed="NC where the list says NC: not collected.",
)  # fmt: skip
def tokens(picture: Picture) -> Iterator[Finding]:
    known = {*STANDARD_TOKENS, *picture.council.absences}
    for document, rows in documents(picture):
        odd: dict[str, list[Row]] = defaultdict(list)
        for row in rows:
            for token in {value.token for value in row.results.values() if isinstance(value, Missing)}:
                if token and token not in known:
                    odd[token].append(row)
        for token, where in sorted(odd.items()):
            near = [one for one in picture.council.absences or STANDARD_TOKENS if one.casefold() == token.casefold()]
            words = (
                f"“{token}” is printed where “{near[0]}” is meant. Print “{near[0]}”." if near
                else f"“{token}” is not among the council's words for no figure. Add it with its meaning, or use one "
                f"of those: {listed(picture.council.absences)}."
            )  # fmt: skip
            periods = {period for row in where for period, value in row.results.items()
                       if isinstance(value, Missing) and value.token == token}  # fmt: skip
            yield on_rows(picture, document, "M1", Severity.QUERY, words, where, periods)


@rule(
    "O1", "Who answers for it", Severity.QUERY,
    "Every indicator needs an owner, and the owner is a post. A heading that slipped into the column is not.",
    found="“Organisational Health Check” as owner, and blanks in the rows below.",
    passed="Head of Adult Safeguarding and Mental Health.",
)  # fmt: skip
def owners(picture: Picture) -> Iterator[Finding]:
    for plan in picture.plans:
        rows = [row for row in plan.indicators if row.include]
        blank = [row for row in rows if not row.owner.strip()]
        if blank:
            has = "has" if len(blank) == 1 else "have"
            words = f"{codes_of(blank)} {has} no responsible officer. Write the post that answers for each."
            yield on_rows(picture, of_plan(plan), "O1", Severity.QUERY, words, blank)
        others: dict[str, list[IndicatorRow]] = defaultdict(list)
        for row in rows:
            if row.owner.strip() and not is_post(row.owner):
                others[row.owner].append(row)
        for label, labelled in others.items():
            words = f"“{label}”, the responsible officer of {codes_of(labelled)}, is not a post. Write the post."
            yield on_rows(picture, of_plan(plan), "O1", Severity.QUERY, words, labelled)


def is_post(owner: str) -> bool:
    """Whether an owner's name has a word that posts have: head, director, manager."""
    return any(re.search(rf"\b{re.escape(word)}", owner, re.IGNORECASE) for word in links().posts)


@rule(
    "O2", "Included without figures", Severity.QUERY,
    "An indicator that is to be reported but has no figure in any year, or has had none for some, tells nothing.",
    found="Include: Y, and N/A in all three years.",
    passed="A survey of every second year with figures in the years it ran.",
)  # fmt: skip
def empty_rows(picture: Picture) -> Iterator[Finding]:
    for plan in picture.plans:
        rows = [row for row in plan.indicators if row.include and len(row.results) > 1]  # with one period it is new
        empty = [row for row in rows if not figures(row.results)]
        stopped = [row for row in rows if row not in empty and _was_stopped(picture, row)]
        if empty:
            is_ = "is" if len(empty) == 1 else "are"
            words = (
                f"{codes_of(empty)} {is_} included without a figure in any of the years shown. Leave "
                f"{'it' if len(empty) == 1 else 'them'} out, or find the figures."
            )
            yield on_rows(picture, of_plan(plan), "O2", Severity.QUERY, words, empty)
        if stopped:
            last = listed(f"{row.code} ({figures(row.results)[-1][0].words})" for row in stopped)
            words = (
                f"Nothing was collected after the years given here, and yet they are included: {last}. Leave them out, "
                "or say when they come back."
            )
            yield on_rows(picture, of_plan(plan), "O2", Severity.QUERY, words, stopped)


def _was_stopped(picture: Picture, row: IndicatorRow) -> bool:
    """Whether the figures end with “not collected”. A survey's off years do not count."""
    series = picture.series.get(row.slug)
    if series and series.definition.survey:
        return False
    last = figures(row.results)[-1][0]
    after = [value for period, value in row.results.items() if period.end > last.end]
    return any(isinstance(value, Missing) and value.absence is Absence.NOT_COLLECTED for value in after)


@rule(
    "P1", "Which way is better", Severity.WARNING,
    "The polarity should be that of the definition, and fit what the title says.",
    found="PDR completion with “Up is Bad”.", passed="Days lost to sickness with “Up is Bad”.",
)  # fmt: skip
def polarities(picture: Picture) -> Iterator[Finding]:
    for document, rows in documents(picture):
        for row in rows:
            series = picture.series.get(row.slug)
            printed = f"“{row.printed_polarity}”" if isinstance(row, IndicatorRow) else f"“{row.polarity.wording}”"
            if series and series.definition.polarity != row.polarity:
                words = (
                    f"{printed} is printed, but by the definition {_wanted(series.definition.polarity)}. Correct "
                    "whichever is wrong: until then better reads as worse."
                )
                yield on_rows(picture, document, "P1", Severity.WARNING, words, [row])
            elif words := _against_title(row, printed):
                yield on_rows(picture, document, "P1", Severity.QUERY, words, [row])


def _wanted(polarity: Polarity) -> str:
    said = polarity.sentence.rstrip(".")
    return said[0].lower() + said[1:]


def _against_title(row: Row, printed: str) -> str:
    """What speaks against the polarity in the title, by the first pattern that fits. Neutral is never doubted."""
    if row.polarity.better not in (Better.HIGHER, Better.LOWER):
        return ""
    for better, said, pattern in links().title_words:
        if re.search(pattern, row.title, re.IGNORECASE):
            fits = row.polarity.better is better
            return "" if fits else f"The polarity is {printed}, but {said}. Ask whether {_question(better)}."
    return ""


def _question(better: Better) -> str:
    return {
        Better.HIGHER: "higher is better",
        Better.LOWER: "lower is better",
        Better.NEUTRAL: "any direction is better in itself",
        Better.WITHIN: "a figure within a range is what is wanted, such as “within 0 to 0”",
    }[better]


@also("U1")
def units(picture: Picture) -> Iterator[Finding]:
    for document, rows in documents(picture):
        for row in rows:
            points = [(period, figure) for period, figure, _ in figures(row.results)]
            for words in _units(row, points):
                yield on_rows(picture, document, "U1", Severity.QUERY, words, [row], [period for period, _ in points])


def _units(row: Row, points: list[tuple[Period, Figure]]) -> Iterator[str]:
    bare = [(period, figure) for period, figure in points if figure.notation.pound and not figure.notation.scale]
    if bare and (row.unit is Unit.POUNDS_000 or "£000s" in row.title):
        period, figure = bare[-1]
        meant = replace(figure.notation, scale="k").write(figure.amount * 1000)
        yield (
            f"{write(figure)} in {period.words} reads as pounds, but the measure is in thousands of pounds. Print "
            f"{meant}."
        )
    marked = [figure.notation.percent for _, figure in points]
    if any(marked) and row.unit is not Unit.PERCENT:
        yield f"A % sign is printed, but the measure is in {row.unit.words}. Take it out, or correct the unit."
    elif any(marked) and not all(marked):
        yield "Some of its figures have a % sign and some have none. Print it with all of them."
