"""What is typed to settle how results are judged: tolerances, and lists of pairs."""

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from outturn.judgement.rag import Tolerance
from outturn.plans.settings import read_tolerance
from outturn.site.editing import Typed
from outturn.terms.period import Period


class Lines(forms.CharField):
    """Pairs, one on each line: what stands before the colon and what stands behind it, each read by a rule."""

    def __init__(self, key: Callable[[str], str], value: Callable[[str], str] = str, **kwargs: Any) -> None:
        self.key, self.value = key, value
        super().__init__(widget=forms.Textarea, required=False, **kwargs)

    def clean(self, value: Any) -> dict[str, str]:
        found: dict[str, str] = {}
        for number, line in enumerate(super().clean(value).splitlines(), 1):
            if not line.strip():
                continue
            name, colon, words = (part.strip() for part in line.partition(":"))
            try:
                if not (name and colon and words):
                    raise ValueError("Write a colon, with something before and behind it.")
                key = self.key(name)
                if key in found:
                    raise ValueError(f"{name} stands here twice. Keep one.")
                found[key] = self.value(words)
            except ValueError as error:
                raise ValidationError(f"Line {number}: {error}") from None
        return found

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(f"{key}: {words}" for key, words in value.items()) if isinstance(value, Mapping) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        return self.prepare_value(initial or {}) != "\n".join((data or "").strip().splitlines())


def tolerance_field(label: str, **kwargs: Any) -> Typed:
    """How far off is still accepted."""
    return Typed(read_tolerance, write_tolerance, label=label, required=False, **kwargs)


def write_tolerance(limit: Tolerance) -> str:
    """As `read_tolerance` takes it back."""
    return limit.words.replace(",", "")


def period_words(text: str) -> str:
    """A period as a page says it. Raises ValueError."""
    return Period.read(text).words
