"""Who sent, withdrew or looked at what. A row holds counts and names of rules, never a value."""

from typing import Any

from django.utils import timezone

from outturn.site.trail.actions import note_change
from outturn.site.trail.models import Change
from outturn.terms.period import write_date

from .reading import Submission
from .worker import RETURN

COUNCIL = f"return:{RETURN}"  # no council's own address can have a colon, so no council's page shows these
SHOWN = 20
WORDS = {
    "sent": "sent the file", "withdrawn": "withdrew the submission", "seen": "looked at the list of rows",
    "downloaded": "downloaded the list of rows",
}  # fmt: skip


def note_sent(*, by: str, sending: str, files: list[str]) -> None:
    """Files came in. What they became is not known yet."""
    note_change(
        by=by, verb="sent", council=COUNCIL, kind="sending", subject=sending, title=", ".join(files)[:300],
        after={"files": len(files)},
    )


def note(submission: Submission, *, by: str, verb: str, reason: str = "", **facts: Any) -> None:
    """Something was done with a submission. `facts`: counts and choices."""
    note_change(
        by=by, verb=verb, council=COUNCIL, kind="submission", subject=submission.id, title=submission.file,
        after={name: value for name, value in facts.items() if value not in ("", None)}, reason=reason,
    )


def history(submission: Submission) -> list[dict[str, str]]:
    """The newest entries, as a page says them."""
    return _history("submission", submission.id)


def note_cases(place: str, title: str, *, by: str, verb: str, **facts: Any) -> None:
    """Somebody was shown the cases behind a figure. `place`: whose it is, as COUNCIL/INDICATOR."""
    note_change(
        by=by, verb=verb, council=COUNCIL, kind="cases", subject=place, title=title,
        after={name: value for name, value in facts.items() if value not in ("", None)},
    )  # fmt: skip


def history_of_cases(place: str) -> list[dict[str, str]]:
    """The newest looks at the cases behind an indicator, as a page says them."""
    return _history("cases", place)


def _history(kind: str, subject: str) -> list[dict[str, str]]:
    rows = Change.objects.filter(council=COUNCIL, kind=kind, subject=subject)[:SHOWN]
    return [_entry(row) for row in rows]


def _entry(change: Change) -> dict[str, str]:
    at = timezone.localtime(change.at)
    rows = change.after.get("rows")
    what = WORDS.get(change.verb, change.verb)
    return {
        "when": f"{write_date(at)} at {at:%H:%M}", "who": change.by,
        "what": what.replace("rows", "cases") if change.kind == "cases" else what,
        "rows": "" if rows is None else f"{rows:,}", "reason": change.reason,
    }  # fmt: skip
