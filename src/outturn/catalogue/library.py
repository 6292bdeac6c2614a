"""The catalogue: every definition from the package and from a council's own folder, loaded with all faults at once."""

import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from ..terms.basis import TimeBasis
from ..terms.period import Period, SurveyCalendar
from ..terms.polarity import Polarity
from ..terms.unit import Unit
from ..textfiles import Faults, Record, read_file
from .indicator import Break, Framework, Indicator, Key, Standing, normal_code

NATIONAL = Path(__file__).parent  # one folder per national framework
FREQUENCIES = ("monthly", "quarterly", "annual", "biennial", "irregular")


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All definitions by key."""

    indicators: Mapping[Key, Indicator]

    def find(self, framework: str, printed_code: str) -> Indicator:
        """The definition of a code as printed. Raises ValueError naming the nearest code."""
        key = Key(framework, normal_code(printed_code))
        if key in self.indicators:
            return self.indicators[key]
        near = difflib.get_close_matches(key.code, [known.code for known in self.indicators], 3)
        homes = [str(known) for known in self.indicators if known.code in near]
        advice = f"Did you mean {' or '.join(homes)}?" if homes else "Write a definition for it first."
        raise ValueError(f"There is no definition of {key}. {advice}")

    def frameworks(self) -> list[Framework]:
        """Every framework, by title."""
        found = {indicator.framework.id: indicator.framework for indicator in self.indicators.values()}
        return sorted(found.values(), key=lambda framework: framework.title)

    def within(self, framework: str) -> list[Indicator]:
        """The definitions of one framework, by code."""
        return [self.indicators[key] for key in sorted(self.indicators) if key.framework == framework]

    def published_as(self, indicator: Indicator) -> Key:
        """The key by which figures of all councils are published: its own, or that of the same measure nationally."""
        national = {folder.name for folder in national_folders()}
        if indicator.key.framework in national or not indicator.computed_by:
            return indicator.key
        same = (key for key, one in self.indicators.items()
                if key.framework in national and one.computed_by == indicator.computed_by)  # fmt: skip
        return next(same, indicator.key)


def national_folders() -> list[Path]:
    """The folders of the frameworks that come with the package."""
    return sorted(path.parent for path in NATIONAL.glob("*/framework.yaml"))


def load_catalogue(own: Iterable[tuple[str, Path]] = ()) -> Catalogue:
    """The package's frameworks and `own` ones, each a framework id with its folder. Raises FaultyFiles."""
    faults = Faults()
    indicators: dict[Key, Indicator] = {}
    for framework_id, folder in [*((path.name, path) for path in national_folders()), *own]:
        if any(key.framework == framework_id for key in indicators):
            faults.add(framework_id, None, "Another folder of definitions has this name. Rename this one.")
        indicators |= _read_framework(framework_id, folder, faults)
    faults.raise_any()
    return Catalogue(indicators)


def _read_framework(framework_id: str, folder: Path, faults: Faults) -> dict[Key, Indicator]:
    head = read_file(folder / "framework.yaml", faults, f"{framework_id}/framework.yaml")
    framework = Framework(framework_id, "", "", "", "")
    if head:
        framework = Framework(
            framework_id,
            title=head.text("title"),
            publisher=head.text("publisher"),
            editions=head.text("editions", example="2018/19"),
            notes=head.optional("notes"),
        )
        head.close()
    found: dict[Key, Indicator] = {}
    for path in sorted(folder.glob("*.yaml")):
        if path.name == "framework.yaml":
            continue
        record = read_file(path, faults, f"{framework_id}/{path.name}")
        if record:
            _add(found, record, framework)
    return found


def _add(found: dict[Key, Indicator], record: Record, framework: Framework) -> None:
    indicator = read_indicator(record, framework)
    if indicator and indicator.key in found:
        record.fault(f"{indicator.key} is defined in another file too. Keep one.", "code")
    elif indicator:
        found[indicator.key] = indicator


def read_indicator(record: Record, framework: Framework) -> Indicator | None:
    """A definition from its file, or None after noting every fault in it."""
    code = normal_code(record.text("code", example="ASCOF1A"))
    title = record.text("title")
    meaning = record.text("meaning")
    numerator = record.text("numerator")
    denominator = record.text("denominator", example="none")
    unit = record.read("unit", Unit.read, example="%")
    decimals = record.read_optional("decimals", _decimals)
    bases = _bases(record)
    polarity = record.read("polarity", Polarity.read, example="higher")
    source = record.text("source")
    frequency = record.read("frequency", _frequency, example="annual")
    survey = _survey(record, frequency)
    standing = record.read("standing", _standing, example="established")
    breaks = tuple(_breaks(record))
    came_from = record.text("came_from")
    notes = record.optional("notes")
    computed_by = record.optional("computed_by")
    record.close()
    if not (code and unit and bases and polarity and frequency and standing):
        return None
    key = Key(framework.id, code)
    return Indicator(
        key, framework, title, meaning, numerator, denominator, unit, decimals, bases, polarity, source, frequency,
        survey, standing, breaks, came_from, notes, computed_by,
    )  # fmt: skip


def _bases(record: Record) -> tuple[TimeBasis, ...]:
    bases = []
    faults_before = len(record.faults.found)
    for words in record.texts("bases"):
        try:
            bases.append(TimeBasis.read(words))
        except ValueError as error:
            record.fault(str(error), "bases")
    if not bases and len(record.faults.found) == faults_before:
        record.fault("“bases” is missing or blank. Write bases: [annual], or another time basis.", "bases")
    return tuple(dict.fromkeys(bases))


def _breaks(record: Record) -> Iterable[Break]:
    for entry in record.records("breaks"):
        period = entry.read("from", Period.read, example="2017/18")
        because = entry.text("because")
        if period:
            yield Break(period, because)


def _survey(record: Record, frequency: str | None) -> SurveyCalendar | None:
    first = record.read_optional("first_survey_year", Period.read)
    words = record.optional("first_survey_year")
    if frequency == "biennial" and not words:
        record.fault("A biennial survey needs first_survey_year, the first financial year it ran, as 2012/13.")
    if frequency and frequency != "biennial" and words:
        record.fault("Only a biennial survey has a first_survey_year. Leave it out.", "first_survey_year")
    return SurveyCalendar(first.first_year, every=2) if first else None


def _decimals(text: str) -> int:
    if not re.fullmatch("[0-4]", text):
        raise ValueError(f"“{text}” should be a whole number from 0 to 4.")
    return int(text)


def _frequency(text: str) -> str:
    if text not in FREQUENCIES:
        raise ValueError(f"“{text}” is not a frequency. Write one of: {', '.join(FREQUENCIES)}.")
    return text


def _standing(text: str) -> Standing:
    try:
        return Standing(text)
    except ValueError:
        raise ValueError(f"“{text}” should be established or likely.") from None
