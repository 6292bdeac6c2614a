"""How far off year-end estimates are, and how often their intervals hold: each made as it would have been at the time.

    python benchmarks/backtest.py FOLDER           prints error and coverage by kind, way, years of past and months gone
    python benchmarks/backtest.py FOLDER --write   and writes the table that Outturn prints beside its estimates

FOLDER holds spc/nhsr_ae_attendances.csv (NHSRdatasets, CC0; NHS England, OGL v3): attendances, waits of over four hours
and admissions at 140 trusts' A&E departments in 36 months, the only series of ours with months. Each is taken as a sum
since 1 April, waits as a share of attendances, attendances as positions and as rolling years. A series with nothing in
its past, or nothing yet, has nothing to foretell and is left out, and so is an estimate without interval from coverage.

Each interval is made of its own series' past. The few weights in judgement/projection.py were chosen on these same
figures, though, and ranges for want of a past are as wide as errors were here: on others they may hold less often.
"""

import argparse
import csv
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from math import log
from pathlib import Path
from statistics import fmean, median

from outturn.judgement import forecast
from outturn.judgement.forecast import Forecast, year_end
from outturn.judgement.past_error import SHARE, size_of
from outturn.judgement.projection import YEAR, persisting, usual_share
from outturn.terms.basis import TimeBasis
from outturn.terms.period import Period
from outturn.terms.unit import Unit
from outturn.terms.value import Figure

FIRST, YEARS = 2016, 3
MONTHS = range(2, 12)
ENOUGH = 1200  # a year, for shares, positions and rolling years to say anything
HEAD = """\
# How far off year-end estimates were; written by benchmarks/backtest.py from NHS England's A&E figures (OGL v3).
# middle: the median in % of the figure, in points for shares.
# reach80, reach95: |log(estimate / figure)| that so many in 100 did not exceed.
"""
FURTHEST = 3.0  # of a logarithm; an estimate of nothing is infinitely far off
TABLE = Path(forecast.__file__).parent / "backtest.csv"
COLUMNS = ("kind", "rule", "years", "size", "months", "tried", "middle", "reach80", "reach95")


@dataclass(frozen=True)
class Trial:
    """One estimate, and what came."""

    kind: str
    rule: str
    years: int
    size: str
    months: int
    estimate: float
    actual: float
    held80: bool | None = None
    held95: bool | None = None

    @property
    def off(self) -> float:
        """As a share of what came."""
        return (self.estimate - self.actual) / self.actual

    @property
    def points(self) -> float:
        return abs(self.estimate - self.actual)

    @property
    def reach(self) -> float:
        return min(abs(log(self.estimate / self.actual)), FURTHEST) if self.estimate > 0 else FURTHEST


def read(path: Path) -> dict[tuple[str, str, str], list[int]]:
    """Series of all 36 months by trust, type of department and what was counted."""
    found: dict[tuple[str, str, str], dict[str, int]] = defaultdict(dict)
    with path.open(newline="") as file:
        for row in csv.DictReader(file):
            for counted in ("attendances", "breaches", "admissions"):
                found[row["org_code"], row["type"], counted][row["period"]] = int(row[counted])
    return {key: [months[at] for at in sorted(months)] for key, months in found.items() if len(months) == 12 * YEARS}


def month(at: int) -> Period:
    return Period.month(FIRST + (at + 3) // 12, (at + 3) % 12 + 1)


def figure(amount: float) -> Figure:
    return Figure(Decimal(repr(amount)) if isinstance(amount, float) else Decimal(amount))


def running(values: list[int]) -> list[int]:
    """Totals since each 1 April."""
    return [sum(values[at - at % 12 : at + 1]) for at in range(len(values))]


def judged(kind: str, found: Forecast, actual: float, size: str, months: int) -> Trial:
    held = [
        None if low is None or high is None else low <= actual <= high
        for low, high in ((found.low80, found.high80), (found.low95, found.high95))
    ]
    return Trial(kind, found.rule, found.years_used, size, months, found.estimate or 0.0, actual, *held)


def of_a_sum(values: list[int], every: int = 1) -> Iterator[Trial]:
    """Every year by none to all of those before it, at the end of every month or quarter."""
    totals = running(values)
    known = {month(at): figure(total) for at, total in enumerate(totals) if (at + 1) % every == 0}
    for year in range(YEARS):
        for past in range(year + 1):
            since = 12 * (year - past)
            if past and not any(values[since : 12 * year]):
                continue
            for months in MONTHS[every % 2 :: every] if every > 1 else MONTHS:
                so_far = totals[12 * year + months - 1]
                if not past and not so_far:
                    continue
                seen = {period: value for period, value in known.items()
                        if month(since).start <= period.start <= month(12 * year + months - 1).start}  # fmt: skip
                found = year_end(seen, TimeBasis.YTD_SUM, Unit.COUNT)
                actual, size = totals[12 * year + 11], size_of(found.estimate or 0)
                yield judged("sum" if every == 1 else "sum, by quarter", found, actual, size, months)
                if past and every == 1:
                    yield from _not_taken(totals, values, year, past, months, actual)


def _not_taken(
    totals: list[int], values: list[int], year: int, past: int, months: int, actual: int
) -> Iterator[Trial]:
    """What else could have been done with past years there."""
    so_far, last = totals[12 * year + months - 1], values[12 * (year - 1) : 12 * year]
    courses = [
        {float(mark): totals[12 * (year - back) + mark - 1] for mark in range(1, 13)} for back in range(1, past + 1)
    ]
    there = [course for course in courses if course[YEAR]]
    share = float(usual_share(there, float(months)) or 0)
    others = {
        "straight line all the same": so_far * 12 / months,
        "seasonal share, untempered": so_far / share if share else so_far * 12 / months,
        "the rest of last year": so_far + sum(last[months:]),
    }
    size = size_of(actual)
    for rule, estimate in others.items():
        yield Trial("sum", f"({rule})", past, size, months, estimate, actual)
    shares = [course[float(months)] / course[YEAR] for course in there if course[float(months)]]
    if len(shares) > 1:
        held = so_far / max(shares) <= actual <= so_far / min(shares)
        yield Trial("sum", "(range of past shares)", past, size, months, so_far / share, actual, None, held)


def of_a_share(count: list[int], out_of: list[int]) -> Iterator[Trial]:
    shares = [100 * part / whole for part, whole in zip(running(count), running(out_of), strict=True)]
    for year in range(YEARS):
        for past in range(year + 1):
            for months in MONTHS:
                upto, since = 12 * year + months, 12 * (year - past)
                seen = {month(at): figure(shares[at]) for at in range(since, upto)}
                found = year_end(seen, TimeBasis.YTD_SUM, Unit.PERCENT)
                yield judged("share", found, shares[12 * year + 11], "any", months)


def of_a_position(kind: str, basis: TimeBasis, unit: Unit, values: dict[Period, float]) -> Iterator[Trial]:
    """The last March from each month of its year; by all that is known then, and by its own year alone."""
    periods = sorted(values, key=lambda period: period.end)
    last = periods[-1]
    for months in MONTHS:
        for first in (0, len(periods) - 12):
            seen = {period: figure(values[period]) for period in periods[first : len(periods) - 12 + months]}
            found = year_end(seen, basis, unit)
            yield judged(kind, found, values[last], "any", months)
            if not first:
                yield from _stands(kind, [float(value.amount) for value in seen.values()], months, values[last])


def _stands(kind: str, values: list[float], months: int, actual: float) -> Iterator[Trial]:
    """The same without a trend."""
    stands = persisting(values, 12 - months)
    low, high = stands.limits(0.95) or (0.0, 0.0)
    held = low <= actual <= high
    yield Trial(kind, "(as it stands all the same)", 0, "any", months, stands.estimate, actual, None, held)
    if kind == "position":
        seasonal = persisting(values, 12 - months, season=12)
        yield Trial(kind, "(as last year)", 0, "any", months, seasonal.estimate, actual)


def trials(series: dict[tuple[str, str, str], list[int]]) -> Iterator[Trial]:
    for (trust, kind, counted), values in series.items():
        yield from of_a_sum(values)
        yield from of_a_sum(values, every=3)
        if counted != "attendances" or min(values) <= 0 or sum(values[:24]) < 2 * ENOUGH:
            continue
        yield from of_a_share(series[trust, kind, "breaches"], values)
        positions = {Period.snapshot(month(at).end): float(value) for at, value in enumerate(values)}
        yield from of_a_position("position", TimeBasis.SNAPSHOT, Unit.COUNT, positions)
        rolling = {Period.rolling(month(at).end): float(sum(values[at - 11 : at + 1])) for at in range(11, 36)}
        yield from of_a_position("rolling", TimeBasis.ROLLING, Unit.COUNT, rolling)


def quantile(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


def table(tried: list[Trial]) -> Iterator[dict[str, object]]:
    """For the package: how far off each way was, by size of count and months gone."""
    groups: dict[tuple[str, str, int, str, int], list[Trial]] = defaultdict(list)
    for trial in tried:
        if not trial.rule.startswith("(") and trial.kind != "sum, by quarter" and trial.actual:
            groups[trial.kind, trial.rule, trial.years, trial.size, trial.months].append(trial)
    for key, group in sorted(groups.items()):
        reaches = [trial.reach for trial in group]
        points = key[0] == SHARE
        figures = (
            len(group), f"{median(trial.points if points else 100 * abs(trial.off) for trial in group):.1f}",
            f"{quantile(reaches, 0.8):.4f}", f"{quantile(reaches, 0.95):.4f}",
        )  # fmt: skip
        yield dict(zip(COLUMNS, (*key, *figures), strict=True))


def share_held(held: list[bool | None]) -> str:
    known = [each for each in held if each is not None]
    return f"{100 * fmean(known):5.1f}" if known else "    –"


def print_errors(tried: list[Trial]) -> None:
    """Per cent of what came; an estimate more than double or of nothing counts as 100 in the mean."""
    print(f"\n{'':46}{'median / mean error % (median bias %), after months':60}")
    marks = (2, 3, 6, 9, 11)
    groups: dict[tuple[str, str, str, int], list[Trial]] = defaultdict(list)
    for trial in tried:
        groups[trial.kind, trial.size, trial.rule, trial.years].append(trial)
    for (kind, size, rule, years), group in sorted(groups.items()):
        cells = []
        for mark in marks:
            offs = [100 * trial.off for trial in group if trial.months == mark and trial.actual]
            if offs:
                mean = fmean(min(abs(off), 100) for off in offs)
                cells.append(f"{mark:3}: {median(map(abs, offs)):4.1f}/{mean:4.1f} ({median(offs):+5.1f})")
        print(f"{kind}, {size}, {rule}, {years} past: {len(group)}".ljust(72), *cells)


def print_coverage(tried: list[Trial]) -> None:
    print("\nHow often the interval held, in %: 80% interval, 95% interval, and the latter after 2 … 11 months")
    groups: dict[tuple[str, str, str, str], list[Trial]] = defaultdict(list)
    for trial in tried:
        if trial.held95 is not None:
            taken = not trial.rule.startswith("(")
            years = f"{trial.years} past"
            groups[trial.kind, trial.rule, years, ""].append(trial)
            if taken and trial.kind == "sum":
                groups[trial.kind, trial.rule, years, trial.size].append(trial)
            if taken:
                groups[trial.kind, "all", "", ""].append(trial)
                groups["", "all", "", ""].append(trial)
    for key, group in sorted(groups.items()):
        by_month = [share_held([each.held95 for each in group if each.months == mark]) for mark in MONTHS]
        held80, held95 = share_held([each.held80 for each in group]), share_held([each.held95 for each in group])
        print(" ".join(filter(None, key)).ljust(60), f"n {len(group):6}", held80, held95, "|", " ".join(by_month))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--write", action="store_true")
    asked = parser.parse_args()
    tried = list(trials(read(asked.folder / "spc" / "nhsr_ae_attendances.csv")))
    print_errors(tried)
    print_coverage(tried)
    if asked.write:
        with TABLE.open("w", newline="") as file:
            file.write(HEAD)
            writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
            writer.writeheader()
            writer.writerows(table(tried))


if __name__ == "__main__":
    main()
