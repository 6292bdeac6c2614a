"""`outturn reconcile`: somebody else's list of cases or published figures beside ours, and why they differ."""

import argparse
from collections import Counter
from typing import TYPE_CHECKING

from .asking import question
from .cohort import write_rows
from .looking import note_look
from .report import Report
from .submit import account_name

if TYPE_CHECKING:
    from outturn.measures.reconciliation import Compared
    from outturn.results.reconciliation import Beside


def run(chosen: argparse.Namespace, report: Report) -> None:
    """Compare a file with our records, and name the reason of every difference."""
    from outturn.reconciling import reconciled

    chosen.workspace.about()
    asked = question(chosen, [], needs_period=False)
    by = chosen.by or account_name()
    found = reconciled(
        chosen.workspace, chosen.file, asked, by=by, progress=lambda words: report.say(f"{words} …")
    )  # fmt: skip
    for note in found.notes:
        report.say(note)
    for one in found.cases:
        facts = {"period": one.period, "area": one.area, "rows": len(one.differences)}
        note_look(chosen, "cases", one.measure, f"Cases behind {one.measure}, compared", **facts)
    for compared in found.cases:
        _say_cases(compared, chosen.count, report)
    for figure in found.figures:
        _say_figure(figure, report)
    if found.figures:
        verdicts = Counter(one.verdict for one in found.figures)
        report.say(f"\n{', '.join(f'{number:,} {verdict}' for verdict, number in verdicts.items())}.")
    if chosen.out:
        rows = [
            {"measure": one.measure, "period": one.period, "area": one.area, **difference}
            for one in found.cases for difference in one.as_data()["differences"]
        ]  # fmt: skip
        write_rows(chosen.out, rows or [one.as_data() for one in found.figures])
        report.say(f"All of them are in {chosen.out}.{' It names people: keep it safe.' if found.cases else ''}")
    report.give(found.as_data())


def _say_cases(compared: "Compared", shown: int, report: Report) -> None:
    report.say(
        f"\n{compared.measure}  {compared.area}  {compared.period}: theirs {_of(compared.theirs)}, "
        f"ours {_of(compared.ours)}, {compared.agreed:,} alike"
    )
    kinds = Counter(one.kind for one in compared.differences)
    report.say(f"  {', '.join(f'{number:,} {kind}' for kind, number in kinds.items()) or 'No difference'}")
    for one in compared.differences[:shown]:
        row = f" (row {one.row})" if one.row else ""
        report.say(f"  {one.kind}: {one.person}{f' {one.part}' if one.part else ''}{row}. {one.reason}")
    if len(compared.differences) > shown:
        report.say(f"  … and {len(compared.differences) - shown:,} more; --out FILE.csv writes all of them.")


def _of(numbers: tuple[int, int]) -> str:
    return f"{numbers[0]:,} of {numbers[1]:,}"


def _say_figure(figure: "Beside", report: Report) -> None:
    whom = ", ".join(figure.breakdown.values()) or "total"
    name = f"{figure.measure}{f' {figure.part}' if figure.part else ''}"
    report.say(f"{name}  {figure.area}  {figure.period}  {whom}: {figure.verdict}")
    for reason in figure.reasons:
        report.say(f"  {reason}{'' if reason.endswith('.') else '.'}")
