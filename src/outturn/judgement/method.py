"""What the page of a verdict's method holds, and how all of them read as one document."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Example:
    """What was put in, and what the verdict says of it."""

    given: str
    said: str


Examples = Callable[[], Iterator[Example]]


@dataclass(frozen=True, slots=True)
class Method:
    """One kind of verdict. `formula` has a line for each step, in plain signs."""

    slug: str
    title: str
    answers: str
    how: tuple[str, ...]
    formula: tuple[str, ...]
    source: str
    examples: Examples


METHODS: dict[str, Method] = {}


def method(
    slug: str, title: str, answers: str, how: str, formula: str, source: str
) -> Callable[[Examples], Examples]:
    """Keep a method under its slug, with the function below it for its examples."""

    def keep(examples: Examples) -> Examples:
        paragraphs = tuple(" ".join(each.split()) for each in how.strip().split("\n\n"))
        lines = tuple(line.strip() for line in formula.strip().splitlines())
        METHODS[slug] = Method(slug, title, answers, paragraphs, lines, " ".join(source.split()), examples)
        return examples

    return keep


def document(methods: Iterable[Method]) -> str:
    """Every method as one Markdown page."""
    lines = ["# How figures are judged", "", "Made by `python -m outturn.judgement.methods`, with every example."]
    for one in methods:
        lines += ["", f"## {one.title}", "", f"*{one.answers}*"]
        lines += [line for paragraph in one.how for line in ("", paragraph)]
        lines += ["", "```", *one.formula, "```", "", f"Source: {one.source}", "", "| given | verdict |", "|---|---|"]
        lines += [f"| {example.given} | {example.said} |" for example in one.examples()]
    return "\n".join(lines) + "\n"
