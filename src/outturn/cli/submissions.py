"""`outturn submissions`: what is stored, and what was withdrawn or purged."""

import argparse
from typing import Any

from .report import Report


def run(chosen: argparse.Namespace, report: Report) -> None:
    """List every submission in the order in which they were received."""
    from outturn import pipeline

    chosen.workspace.about()
    stored = pipeline.submissions(chosen.workspace, pipeline.RETURNS)
    purged = pipeline.purged(chosen.workspace)
    for one in stored:
        claimed = f"{one.claimed[0]} to {one.claimed[1]}" if one.claimed else "states no period"
        about = claimed if one.manifest["return"] == pipeline.CLD else one.manifest["return"]
        about += f" {one.manifest['year']}" if "year" in one.manifest else ""
        ended = f"; withdrawn: {one.withdrawn['because']}" if one.withdrawn else ""
        received = f"received {one.received:%Y-%m-%d %H:%M}"
        report.say(f"{one.id}  {received}  {about:24}  {one.rows:>9,} rows  {one.file}{ended}")
    for row in purged:
        purge = row["purged"]
        report.say(f"{row['id']}  purged {purge['at'][:10]} by {purge['by']}: {purge['because']}")
    if not stored and not purged:
        report.say("Nothing has been submitted yet. Begin with: outturn submit cld FILE")
    report.give({"submissions": [_entry(one) for one in stored], "purged": purged})


def _entry(one: Any) -> dict[str, Any]:
    return {**one.manifest, "withdrawn": one.withdrawn}
