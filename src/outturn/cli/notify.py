"""`outturn notify`: the day's digests, for a scheduler. A server that runs sends them by itself."""

import argparse

from .database import open_workspace, telling_database
from .report import Report


def run(chosen: argparse.Namespace, report: Report) -> int:
    """Send what is due today and nobody has sent, or say what would be. 1 where any could not be sent."""
    open_workspace(chosen.workspace)
    from django.utils import timezone

    from outturn.site.notices import sending
    from outturn.site.notices.digest import posts_of

    today = timezone.localdate()
    with telling_database():
        if chosen.dry_run:
            due = list(sending.due_today(today))
            for one in due:
                report.say(f"{one.user.username} ({'; '.join(posts_of(one.person))}): {one.digest.subject}")
            report.say(f"{_count(len(due))} would be sent. Nothing was.")
            report.give({"due": [{"account": one.user.username, "items": one.digest.items} for one in due]})
            return 0
        outcome = sending.send_all(today)
    report.say(f"{_count(outcome.sent)} sent.")
    for posts in outcome.unaddressed:
        report.say(f"Not sent, for want of an e-mail address: {posts}.")
    for reason in sorted(set(outcome.failed)):
        report.say(f"{_count(outcome.failed.count(reason))} not sent: {reason}")
    report.give({"sent": outcome.sent, "failed": outcome.failed, "unaddressed": outcome.unaddressed})
    return 1 if outcome.failed else 0


def _count(number: int) -> str:
    return "1 digest" if number == 1 else f"{number} digests"
