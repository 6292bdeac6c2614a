"""Pieces of SVG, as text. Whatever comes in as words goes out escaped.

Presentation attributes only, never `style=`, so that a strict content security policy lets the charts through.
"""

import hashlib
import re
import textwrap
from collections.abc import Iterable, Sequence
from html import escape

FONT = "&quot;Source Sans Pro&quot;, &quot;Segoe UI&quot;, Arial"
INK, MUTED, RULE, LINE = "#1f2a36", "#55616d", "#d5dbe1", "#1f4e79"
"""One quiet blue for figures; everything else is a grey. All of it survives a black-and-white printer."""

ROW = 16
"""The height of a row of text."""
WRAP = 28
"""Letters in a row of words at a point."""
NOT_IN_XML = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def frame(width: float, height: float, title: str, description: str, body: str, key: str) -> str:
    """The frame. Its ids come from what it holds, so the same chart is the same bytes and two charts do not clash."""
    name = identity("chart", title, description, body, key)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="chart" role="img" viewBox="0 0 {width} {height}" '
        f'width="{width}" height="{height}" font-family="{FONT}" font-size="13" '
        f'aria-labelledby="{name}-title {name}-desc">'
        f'<title id="{name}-title">{safe(title)}</title><desc id="{name}-desc">{safe(description)}</desc>{body}</svg>'
    )


def identity(kind: str, *parts: str) -> str:
    digest = hashlib.sha256("\0".join(parts).encode("utf-8", "replace")).hexdigest()
    return f"{kind}-{digest[:12]}"


def safe(text: str) -> str:
    """Escaped for XML, without the control characters XML cannot hold even escaped."""
    return escape(NOT_IN_XML.sub("", text))


def rows(text: str, wrap: int = WRAP) -> list[str]:
    return textwrap.wrap(text, wrap) or [""]


def most_rows(texts: Iterable[str]) -> int:
    return max((len(rows(text)) for text in texts), default=1)


def text(
    x: float, y: float, text: str, *, fill: str, anchor: str = "start", weight: str = "400", rise: bool = False,
    halo: bool = False, wrap: int = WRAP,
) -> str:  # fmt: skip
    """Words at a place; long ones in rows, going down from it or (`rise`) ending at it."""
    lines = rows(text, wrap)
    start = y - ROW * (len(lines) - 1) if rise else y
    edge = ' stroke="#fff" stroke-width="3" stroke-linejoin="round" paint-order="stroke"' if halo else ""
    return "".join(
        f'<text x="{x:.1f}" y="{start + ROW * number:.1f}" text-anchor="{anchor}" fill="{fill}" '
        f'font-weight="{weight}"{edge}>{safe(row)}</text>'
        for number, row in enumerate(lines)
    )


def rule(x1: float, y1: float, x2: float, y2: float, stroke: str, dashes: str = "") -> str:
    dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{stroke}"{dashed}/>'


def path(places: Sequence[tuple[float, float]], *, width: str) -> str:
    steps = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
    return (
        f'<polyline points="{steps}" fill="none" stroke="{LINE}" stroke-width="{width}" '
        'stroke-linejoin="round" stroke-linecap="round"/>'
    )


def dot(x: float, y: float, radius: float) -> str:
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius}" fill="{LINE}"/>'
