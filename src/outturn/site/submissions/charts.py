"""Charts of a quality report as SVG text. Every one stands on a page beside the table of its figures.

Parts of a bar differ by pattern as well as by shade, so that they can be told apart on paper and by anybody.
"""

from collections.abc import Sequence

from outturn.publish import svg
from outturn.publish.svg import INK, LINE, MUTED, RULE

from .findings import PARTS, FieldLine, Months

LABELS = {
    "valid": "Valid", "release_1": "Release 1 wording", "blank": "Blank, allowed", "missing": "Missing",
    "invalid": "Invalid",
}  # fmt: skip
FILLS = {"valid": "#c9d8e6", "release_1": "#e7edf3", "blank": "#ffffff", "missing": INK, "invalid": "#9a3412"}
PATTERNS = {
    "release_1": ('<path d="M0 6 6 0" stroke="#1f4e79" stroke-width="1"/>', "#e7edf3"),
    "invalid": ('<path d="M0 0 6 6M-1 5 1 7M5 -1 7 1" stroke="#fff" stroke-width="1.5"/>', "#9a3412"),
}
WIDTH, NAMES, BAR, ROW, HEAD = 760, 236, 380, 30, 34
LEAST = 2.0  # width of a part that is there, however small
SMALL_WIDTH, SMALL_HEIGHT = 120, 12
MOST_BARS = 12


def worst_fields(lines: Sequence[FieldLine], most: int = MOST_BARS) -> list[FieldLine]:
    """The fields with the greatest share missing or invalid."""
    return sorted((line for line in lines if line.wrong), key=lambda line: -line.share_wrong)[:most]


def field_bars(lines: Sequence[FieldLine], *, title: str) -> str:
    """A bar for each field, from what is well to what is not, with the share missing or invalid in words beside it."""
    words = "; ".join(f"{line.heading}: {share_words(line.share_wrong)} missing or invalid" for line in lines)
    name = svg.identity("fields", title, words)
    body = [_patterns(name), *_legend(name)]
    for place, line in enumerate(lines):
        y = HEAD + place * ROW
        body.append(svg.text(NAMES - 10, y + 16, _short(line.heading), anchor="end", fill=INK, wrap=60))
        body.append(_parts(line, name, NAMES, y + 3, BAR, 18))
        body.append(svg.text(NAMES + BAR + 10, y + 16, share_words(line.share_wrong), fill=INK, weight="600"))
    return svg.frame(WIDTH, HEAD + ROW * len(lines) + 6, title, f"{words}.", "".join(body), "")


def small_bar(line: FieldLine) -> str:
    """A wordless bar for a table that shows the figures."""
    if not line.applies:
        return ""
    name = svg.identity("bar", line.field, repr(line))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="small-bar" viewBox="0 0 {SMALL_WIDTH} {SMALL_HEIGHT}" '
        f'width="{SMALL_WIDTH}" height="{SMALL_HEIGHT}" aria-hidden="true" focusable="false">'
        f"{_patterns(name)}{_parts(line, name, 0.5, 0.5, SMALL_WIDTH - 1, SMALL_HEIGHT - 1)}</svg>"
    )


def share_words(share: float) -> str:
    """12.3%, and never 0% of something or 100% of less than all."""
    if 0 < share < 0.05:
        return "under 0.1%"
    if 99.95 <= share < 100:
        return "over 99.9%"
    return f"{share:.1f}%"


def _parts(line: FieldLine, name: str, x: float, y: float, width: float, height: float) -> str:
    counts = [(part, getattr(line, part)) for part in PARTS]
    widths = {part: max(LEAST, width * count / line.applies) for part, count in counts if count}
    excess = sum(widths.values()) - width
    widest = max(widths, key=lambda part: widths[part])
    widths[widest] -= excess
    drawn = []
    for part, wide in widths.items():
        fill = f"url(#{name}-{part})" if part in PATTERNS else FILLS[part]
        drawn.append(f'<rect x="{x:.1f}" y="{y:.1f}" width="{wide:.1f}" height="{height}" fill="{fill}"/>')
        x += wide
    left = x - width
    drawn.append(
        f'<rect x="{left:.1f}" y="{y:.1f}" width="{width}" height="{height}" fill="none" stroke="{MUTED}"/>'
    )
    return "".join(drawn)


def _patterns(name: str) -> str:
    return "<defs>" + "".join(
        f'<pattern id="{name}-{part}" width="6" height="6" patternUnits="userSpaceOnUse">'
        f'<rect width="6" height="6" fill="{ground}"/>{marks}</pattern>'
        for part, (marks, ground) in PATTERNS.items()
    ) + "</defs>"  # fmt: skip


def _legend(name: str) -> list[str]:
    drawn, x = [], 8.0
    for part in PARTS:
        fill = f"url(#{name}-{part})" if part in PATTERNS else FILLS[part]
        drawn.append(f'<rect x="{x:.1f}" y="4" width="14" height="14" fill="{fill}" stroke="{MUTED}"/>')
        drawn.append(svg.text(x + 20, 16, LABELS[part], fill=INK))
        x += 42 + len(LABELS[part]) * 7.2
    return drawn


def _short(heading: str, most: int = 33) -> str:
    return heading if len(heading) <= most else f"{heading[: most - 1].rstrip()}…"


# Months

PLOT, LEFT, SLOT, TOP = 120, 52, 22, 12


def month_columns(months: Months, event: str) -> str:
    """Started (solid) and ended (hollow) in each month, for one event type."""
    pairs = [(line.month, line.started.get(event, 0), line.ended.get(event, 0)) for line in months.lines]
    highest = max((max(started, ended) for _, started, ended in pairs), default=0)
    top = _round_up(highest)
    width = LEFT + max(SLOT * len(pairs), 300) + 12
    words = "; ".join(f"{month_words(month)}: {started:,} started, {ended:,} ended" for month, started, ended in pairs)
    body = [*_grid(top, width)]
    for place, (month, started, ended) in enumerate(pairs):
        x = LEFT + place * SLOT + 4
        body += [_column(x, started, top, True), _column(x + 8, ended, top, False)]
        if place % 3 == 0:
            body.append(svg.text(x, TOP + PLOT + 17, short_month(month), fill=MUTED, wrap=12))
    return svg.frame(width, TOP + PLOT + 26, f"{event}: started and ended by month", f"{words}.", "".join(body), event)


def _grid(top: int, width: float) -> list[str]:
    drawn = []
    for share in (0, 0.5, 1):
        y = TOP + PLOT * (1 - share)
        drawn.append(svg.rule(LEFT, y, width - 12, y, MUTED if not share else RULE))
        drawn.append(svg.text(LEFT - 8, y + 4, f"{top * share:,.0f}", anchor="end", fill=MUTED))
    return drawn


def _column(x: float, count: int, top: int, solid: bool) -> str:
    if not count:
        return ""
    height = max(LEAST, PLOT * count / top)
    fill = LINE if solid else "#ffffff"
    return (
        f'<rect x="{x:.1f}" y="{TOP + PLOT - height:.1f}" width="7" height="{height:.1f}" fill="{fill}" '
        f'stroke="{LINE}" stroke-width="1.25"/>'
    )


def _round_up(amount: int) -> int:
    """A round number at least as high, that can be halved."""
    power = 10 ** max(0, len(str(amount)) - 1)
    return next((power * times for times in (2, 4, 6, 8, 10) if power * times >= amount), power * 10)


MONTH_NAMES = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip


def month_words(month: str) -> str:
    """April 2025."""
    year, number = month.split("-")
    return f"{MONTH_NAMES[int(number) - 1]} {year}"


def short_month(month: str) -> str:
    """Apr 25."""
    year, number = month.split("-")
    return f"{MONTH_NAMES[int(number) - 1][:3]} {year[2:]}"
