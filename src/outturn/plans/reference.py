"""References of actions and risks: they stand in addresses, so a few characters are left out."""

import re

REFERENCE = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._-]{0,29}")


def read_reference(text: str) -> str:
    """A reference as written, `0544` with its nought. Raises ValueError saying what it may hold."""
    if not REFERENCE.fullmatch(text):
        raise ValueError(
            f"“{text[:40]}” cannot be a reference. Begin with a letter or digit, and use at most 30 letters, digits, "
            "spaces, dots, dashes and underscores: ASCP01."
        )
    return text
