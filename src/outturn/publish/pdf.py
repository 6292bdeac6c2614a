"""Tagged PDF (PDF/UA-1) of a plan or a scorecard, from a document that is plain data.

Words reach Typst only as JSON, never as source, so nothing a council types can become code.
"""

import json
import re
import shutil
import unicodedata
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from importlib import resources
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

TEMPLATES = Path(__file__).parent
FACES = ("Regular", "Semibold", "Bold")

LONGEST_WORD = 20
"""Letters in the longest word a table column can take; longer ones may be broken anywhere."""
ZERO_WIDTH_SPACE = "\u200b"
CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")

NO_GLYPH = re.compile(r"the text `\"(.+?)\"` could not be displayed")
ESCAPED = re.compile(r"\\u\{([0-9a-f]+)\}")
ATTEMPTS = 8
"""Typst names every character it cannot show at once, so a second attempt is nearly always the last."""


class CannotPublish(RuntimeError):
    """A PDF that could not be made. The message says what, where and what to do."""


def plan_pdf(document: dict[str, Any]) -> bytes:
    """A service plan: front sheet, contents, sections and tables."""
    return _compile("plan", document)


def scorecard_pdf(document: dict[str, Any]) -> bytes:
    """A scorecard for one quarter, on landscape pages."""
    return _compile("scorecard", document)


def _compile(template: str, document: dict[str, Any]) -> bytes:
    """The PDF. A character that no font of ours has is replaced by its name, because PDF/UA forbids an empty box."""
    import typst  # lazily: only publishing needs it

    made_at = _made_at(template, document)
    document = {**_each_text(document, _fit), "made_at": made_at.date().isoformat()}
    for _ in range(ATTEMPTS):
        try:
            return _typeset(template, document, made_at)
        except typst.TypstError as error:
            unshown = _unshown(str(error.diagnostic))
            if not unshown:
                raise _refusal(template, document, error.message, error.diagnostic) from error
            document = _each_text(document, partial(_named, unshown))
    raise _refusal(template, document, "too many characters that no font here can show", "")


def _typeset(template: str, document: dict[str, Any], made_at: datetime) -> bytes:
    import typst

    with TemporaryDirectory(prefix="outturn-fonts-") as fonts:
        _copy_fonts(Path(fonts))
        return typst.compile(
            str(TEMPLATES / f"{template}.typ"),
            root=str(TEMPLATES),
            font_paths=[fonts],
            ignore_system_fonts=True,
            sys_inputs={"document": json.dumps(document)},
            pdf_standards="ua-1",
            timestamp=made_at,
        )


def _copy_fonts(folder: Path) -> None:
    """Only the faces used, and only as TTF: the package also holds each as OTF, and Typst might take either."""
    source = resources.files("font_source_sans_pro") / "files"
    for face in FACES:
        with resources.as_file(source / f"SourceSansPro-{face}.ttf") as font:
            shutil.copy(font, folder)


def _made_at(template: str, document: dict[str, Any]) -> datetime:
    """When the document was made. It stamps the file, so the same document is the same bytes."""
    text = str(document.get("made_at", ""))
    try:
        made = datetime.fromisoformat(text)
    except ValueError:
        raise CannotPublish(
            f"The {template} was not made into a PDF: its made_at is “{text}”, which is not a date and time. "
            "Write it like 2018-07-11T09:30:00+00:00."
        ) from None
    return made if made.tzinfo else made.replace(tzinfo=UTC)


def _refusal(template: str, document: dict[str, Any], message: str, diagnostic: str) -> CannotPublish:
    found = next((line for line in diagnostic.splitlines() if "┌─" in line), f"{template}.typ")
    where = re.split(r"[\\/ ]", found.strip())[-1]
    return CannotPublish(
        f"The {template} “{document.get('title', '')}” was not made into a PDF. Typst stopped at {where}: {message}. "
        "Nothing was published. Check that the document has every part docs/reference names; if it has, "
        "please report this message, because the template should have coped."
    )


# --- text that fonts and columns can take


def _each_text(part: Any, change: Callable[[str], str], key: str = "") -> Any:
    """The same document with every text changed, except drawings and the time stamp."""
    if isinstance(part, dict):
        return {name: _each_text(value, change, name) for name, value in part.items()}
    if isinstance(part, list | tuple):
        return [_each_text(value, change, key) for value in part]
    if isinstance(part, str) and not key.endswith("_svg") and key != "made_at":
        return change(part)
    return part


def _fit(text: str) -> str:
    """Without control characters, and with places to break inside words too long for any column."""
    clean = CONTROLS.sub("", text)
    if len(clean) <= LONGEST_WORD:
        return clean
    return re.sub(rf"\S{{{LONGEST_WORD + 1},}}", lambda word: ZERO_WIDTH_SPACE.join(word[0]), clean)


def _unshown(diagnostic: str) -> list[str]:
    """The characters Typst says it has no glyph for, longest first so that a joined emoji is replaced whole."""
    found = {ESCAPED.sub(lambda code: chr(int(code[1], 16)), text) for text in NO_GLYPH.findall(diagnostic)}
    return sorted(found, key=lambda text: (-len(text), text))


def _named(unshown: list[str], text: str) -> str:
    for characters in unshown:
        if characters in text:
            text = text.replace(characters, f"[{_names(characters)}]")
    return text


def _names(characters: str) -> str:
    """grinning face; for a joined emoji, the names of what it is joined from."""
    visible = [each for each in characters if unicodedata.category(each) not in ("Cf", "Mn", "Sk")] or characters
    return ", ".join(unicodedata.name(each, f"U+{ord(each):04X}").lower() for each in visible)
