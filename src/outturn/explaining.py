"""A measure's definition as people read it: made from its file and its method, so that it cannot say another thing."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from outturn.measures.definition import Measure, SharedTable, Step
from outturn.measures.library import load_library
from outturn.questions import find_measure, find_method
from outturn.records.methods import DEFAULT, Method


@dataclass(frozen=True, slots=True)
class Explanation:
    """A measure under a method, ready to be shown."""

    measure: Measure
    method: Method
    tables: tuple[SharedTable, ...]

    @property
    def steps(self) -> list[Step]:
        """Every step in the order in which it is made, those of shared tables first."""
        return [*(step for table in self.tables for step in table.steps), *self.measure.steps]

    @property
    def switches(self) -> list[tuple[str, str, str]]:
        """The points on which methods differ that bear on this measure: name, setting here, reason."""
        named = {*self.measure.switches, *(name for table in self.tables for name in table.switches)}
        return [switch for switch in self.method.switches() if switch[0] in named]

    @property
    def sections(self) -> list[tuple[str, list[str]]]:
        """Headings with their lines."""
        measure = self.measure
        found = [
            (f"{measure.code}: {measure.title}", [measure.meaning]),
            ("What is counted", list(self._counted())),
            ("How it is worked out",
             [f"{number}. {step.words}" for number, step in enumerate(self.steps, 1) if step.words]),
            (f"As {self.method.title} ({self.method.reading}) has it",
             [f"{name.replace('_', ' ')}: {setting}. {why}" for name, setting, why in self.switches]),
            ("Counted beside it", [f"{name}: {words}" for name, words in measure.side_counts.items()]),
            ("Serves", list(measure.serves)),
            ("Notes", [measure.notes] if measure.notes else []),
            ("Source", [measure.source, f"Owner: {measure.owner}. Checker: {measure.checker}. "
                        f"To be checked again by {measure.next_check}. Edition: {measure.edition}."]),
        ]  # fmt: skip
        return [(heading, lines) for heading, lines in found if lines]

    def _counted(self) -> Iterator[str]:
        measure = self.measure
        yield f"Numerator: {measure.numerator}"
        if measure.denominator != "none":
            yield f"Denominator: {measure.denominator}"
        yield from (f"Part {name}: {words}" for name, words in measure.parts.items())
        yield f"Given in {measure.unit}, for: {', '.join(measure.periods)}. {measure.polarity.sentence}"

    def as_data(self) -> dict[str, Any]:
        """For programs."""
        measure = self.measure
        return {
            "measure": measure.code, "title": measure.title, "edition": measure.edition, "method": self.method.name,
            "reading": self.method.reading, "meaning": measure.meaning, "numerator": measure.numerator,
            "denominator": measure.denominator, "unit": measure.unit, "parts": dict(measure.parts),
            "periods": list(measure.periods), "side_counts": dict(measure.side_counts),
            "steps": [{"step": step.name, "words": step.words, "sql": step.sql} for step in self.steps],
            "switches": [{"switch": name, "setting": setting, "why": why} for name, setting, why in self.switches],
            "serves": list(measure.serves), "notes": measure.notes, "source": measure.source, "owner": measure.owner,
            "checker": measure.checker, "next_check": measure.next_check,
        }  # fmt: skip


def explanation(code: str, method_name: str = DEFAULT, reading: str = "executed") -> Explanation:
    """The explanation of a measure. Raises Refusal where there is no such measure or method."""
    measure = find_measure(code)
    return Explanation(measure, find_method(method_name, reading), tuple(load_library().tables_for(measure)))
