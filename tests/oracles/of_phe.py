"""Intervals, funnels and fifths against PHEindicatormethods, the R package of the Office for Health Improvement."""

from outturn.judgement import funnel, standing
from outturn.judgement.comparison import Kind
from outturn.judgement.uncertainty import Band, Interval, directly_standardised, mean, proportion, rate
from outturn.terms.polarity import Polarity
from tests.oracles.tally import Folder, Row, Tally, compares, groups

LEVELS = {0.95: "95_0", 0.998: "99_8"}
NEUTRAL = Polarity.read("neutral")


@compares("phe/phe_wilson_grid.csv", "Wilson's limits of proportions at four levels")
def wilson(folder: Folder, file: str, tally: Tally) -> None:
    for row in folder.rows(file):
        for level in (0.9, 0.95, 0.99, 0.998):
            found = proportion(int(row["x"]), int(row["n"]), per=1, level=level)
            tally.near(row, found.low, row[f"lower_{level}"])
            tally.near(row, found.high, row[f"upper_{level}"])


@compares("phe/phe_rate_grid_95_998.csv", "rates, and their limits: exact below 10 events, else Byar's")
def rates(folder: Folder, file: str, tally: Tally) -> None:
    for row in folder.rows(file):
        _limits(row, tally, lambda level, row=row: rate(int(row["x"]), float(row["n"]), level=level))


@compares("phe/phe_mean_output.csv", "means, and Student's limits")
def means(folder: Folder, file: str, tally: Tally) -> None:
    values = {area: [float(row["v"]) for row in rows] for (area,), rows in groups(_input(folder, file), "area")}
    for row in folder.rows(file):
        _limits(row, tally, lambda level, row=row: mean(values[row["area"]], level))


@compares("phe/phe_dsr_output.csv", "directly standardised rates, and Dobson's limits")
def standardised(folder: Folder, file: str, tally: Tally) -> None:
    bands = {
        area: [Band(int(row["obs"]), int(row["pop"]), int(row["stdpop"])) for row in rows]
        for (area,), rows in groups(_input(folder, file), "area")
    }
    for row in folder.rows(file):
        _limits(row, tally, lambda level, row=row: directly_standardised(bands[row["area"]], level=level))


def _input(folder: Folder, file: str) -> list[Row]:
    return folder.rows(file.replace("_output", "_input"))


def _limits(row: Row, tally: Tally, judge) -> None:
    for level, name in LEVELS.items():
        found: Interval = judge(level)
        for side, ours in (("value", found.value), (f"lower{name}cl", found.low), (f"upper{name}cl", found.high)):
            if row[side] in ("", "NA"):
                tally.same((row["area"], side), ours, None)
            elif side != "value" or level == min(LEVELS):
                tally.near((row, side), ours, row[side])


@compares("phe/phe_funnel_limits_*.csv", "limits of a funnel by chance alone, by number of people")
def funnel_limits(folder: Folder, file: str, tally: Tally) -> None:
    """An area of each size is put beside others that keep the baseline what it is."""
    areas = _areas(folder.rows(file.replace("limits", "significance")))
    count, people = sum(area.count for area in areas), sum(area.out_of for area in areas)
    for row in folder.rows(file):
        size = int(row["Population"])
        around = [("", count, people), ("", count, people - size), ("", 0, size)]
        found = funnel.of_shares([funnel.Area(*one) for one in around], NEUTRAL, adjusted=False)
        place = found.places[-1]
        tally.near((size, "baseline"), found.baseline, row["baseline"])
        names = ("lower_2s_limit", "upper_2s_limit", "lower_3s_limit", "upper_3s_limit")
        for name, ours in zip(names, (*place.inner, *place.outer), strict=True):
            tally.near((size, name), ours, row[name])


@compares("phe/phe_funnel_significance_*.csv", "which councils stand out by chance alone, and how far")
def funnel_significance(folder: Folder, file: str, tally: Tally) -> None:
    rows = folder.rows(file)
    sides = {Kind.HIGHER: "High", Kind.LOWER: "Low"}
    for row, place in zip(rows, funnel.of_shares(_areas(rows), NEUTRAL, adjusted=False).places, strict=True):
        beyond = {0.95: "0.025", 0.998: "0.001", None: ""}[place.beyond]
        tally.same(row["area"], f"{sides[place.kind]} ({beyond})" if beyond else "Not significant", row["significance"])


def _areas(rows: list[Row]) -> list[funnel.Area]:
    return [funnel.Area(row["area"], int(row["x"]), int(row["n"])) for row in rows]


@compares("phe/phe_qui*tiles_*lowest_first.csv", "the fifth that every council is in")
def fifths(folder: Folder, file: str, tally: Tally) -> None:
    for _, rows in groups(folder.rows(file), "measure"):
        areas = [standing.Area(row["area"], float(row["outcome"]), code=row["code"]) for row in rows]
        for row, own in zip(rows, areas, strict=True):
            others = [area for area in areas if area is not own]
            tally.same(row["area"], standing.part(own, others, NEUTRAL).number, int(row["quantile"]))
