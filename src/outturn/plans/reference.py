"""What things are called in addresses: references of actions and risks, and slugs of councils and indicators."""

import re
import unicodedata

from ..catalogue.indicator import Indicator
from ..terms.basis import TimeBasis

REFERENCE = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._-]{0,29}")


def read_reference(text: str) -> str:
    """A reference as written, `0544` with its nought. Raises ValueError saying what it may hold."""
    if not REFERENCE.fullmatch(text):
        raise ValueError(
            f"“{text[:40]}” cannot be a reference. Begin with a letter or digit, and use at most 30 letters, digits, "
            "spaces, dots, dashes and underscores: ASCP01."
        )
    return text


def slug_of(words: str) -> str:
    """Lower-case letters, digits and dashes, for addresses."""
    plain = unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.casefold()).strip("-")


def indicator_slug(indicator: Indicator, basis: TimeBasis) -> str:
    """The address of an indicator on one basis: the basis is named only where the definition has several."""
    code = slug_of(indicator.key.code)
    return code if len(indicator.bases) == 1 else f"{code}-{slug_of(basis.wording)}"
