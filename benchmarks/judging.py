"""A thousand indicators of forty quarters, judged: the status, direction and interval of every figure, and each series.

    python benchmarks/judging.py [INDICATORS ...]

Each of the figures gets the target due, a status, a direction of travel and an interval; each series a chart with
limits (its variation and assurance), the change since last year and a year-end estimate. One process, one core. Half as
many and twice as many show whether the time is linear.
"""

import random
import sys
import time
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

from outturn.catalogue.indicator import Framework, Indicator
from outturn.catalogue.library import read_indicator
from outturn.judgement import uncertainty
from outturn.judgement.direction import direction
from outturn.judgement.judging import Known, ahead, charted, judged, target_for
from outturn.judgement.rag import status
from outturn.judgement.settings import Chosen
from outturn.terms.period import Period
from outturn.terms.unit import Unit
from outturn.terms.value import read_value
from outturn.textfiles import Faults, read_file

QUARTERS = 40
DEFINITION = """\
code: X1
title: A measure
meaning: What it means.
numerator: Those counted
denominator: {denominator}
unit: "{unit}"
bases: [{basis}]
polarity: {polarity}
source: Case system
frequency: quarterly
standing: likely
came_from: a benchmark
"""
KINDS = (("%", "in period", "higher"), ("count", "year-to-date sum", "lower"), ("per 100,000", "in period", "lower"),
         ("count", "snapshot", "within 40 to 60"))  # fmt: skip


def main() -> None:
    """Measure and print."""
    sizes = [int(words) for words in sys.argv[1:]] or [500, 1000, 2000]
    for size in sizes:
        series = list(made_up(size))
        start = time.perf_counter()
        for known in series:
            judge(known, Chosen())
        seconds = time.perf_counter() - start
        each = 1e6 * seconds / size
        print(f"{size:,} indicators by {QUARTERS} quarters: {seconds:.2f} s, {each:,.0f} µs an indicator")


def judge(known: Known, chosen: Chosen) -> None:
    """Everything of a series, and of each of its figures what stands beside it in a table."""
    so_far = {}
    for period, value in known.results.items():
        so_far[period] = value
        due = target_for(known, chosen, period)
        status(value, due.amount, known.polarity, chosen.status, known.results.get(period.same_last_year()))
        window = {each: so_far[each] for each in (period.previous(), period) if each in so_far}
        direction(window, known.polarity, chosen.direction, known.breaks, known.basis)
        pair = known.counts.get(period)
        if pair and known.unit is Unit.PERCENT:
            uncertainty.proportion(*pair)
        elif pair:
            uncertainty.rate(*pair)
    judged(known, chosen)
    charted(known, chosen)
    ahead(known, chosen)


def made_up(size: int) -> Iterator[Known]:
    """Series of four kinds that wander by chance."""
    draw = random.Random(1)
    definitions = [definition(*kind) for kind in KINDS]
    periods = [Period.quarter(2016 + place // 4, place % 4 + 1) for place in range(QUARTERS)]
    targets = {period.financial_year: read_value("50") for period in periods}
    for place in range(size):
        found = definitions[place % len(definitions)]
        counts = {period: (Decimal(draw.randint(80, 120)), Decimal(200)) for period in periods}
        basis = found.bases[0]
        results, total = {}, 0
        for period in periods:
            total = (0 if period.quarter_number == 1 else total) + draw.randint(10, 16)
            share = counts[period][0] / 2
            text = f"{share:.1f}%" if found.unit is Unit.PERCENT else str(total)
            results[period] = read_value(text)
        yield Known(found, basis, results, targets, counts if found.unit is not Unit.COUNT else {})


def definition(unit: str, basis: str, polarity: str) -> Indicator:
    """A definition as a council's file words it."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "X1.yaml"
        counted = "none" if unit == "count" else "Everybody"
        path.write_text(DEFINITION.format(unit=unit, basis=basis, polarity=polarity, denominator=counted), "utf-8")
        record = read_file(path, Faults())
        assert record
        return read_indicator(record, Framework("benchmark", "Benchmark", "", "", ""))


if __name__ == "__main__":
    main()
