"""Looking ahead, against R's forecast package and its negative binomial, and against a year that is over."""

from fractions import Fraction
from typing import Any

from outturn.judgement.projection import by_chance, persisting, usual_share
from outturn.results.result import rounded
from tests.oracles.tally import Folder, Tally, compares

SERIES = "forecast_r/forecast_r_series.csv"
SEASONS = {"naive": 1, "snaive": 12}
FAR = {"80": 1.2815515655446004, "95": 1.959963984540054}


def _series(folder: Folder, name: str, origin: str = "") -> list[int]:
    values = [int(row[name]) for row in folder.rows(SERIES)]
    return values[: int(origin.rpartition("_")[2])] if origin else values


@compares("forecast_r/forecast_r_results.csv", "naive and seasonal naive with limits (drift, mean, ETS are not ours)")
def naive(folder: Folder, file: str, tally: Tally) -> None:
    for row in folder.rows(file):
        if season := SEASONS.get(row["method"]):
            found = persisting(_series(folder, row["series"], row["origin"]), int(row["step"]), season)
            tally.near(row, found.estimate, row["mean"])
            for level, reach in FAR.items():
                tally.near(row, found.estimate - reach * found.error, row[f"lo{level}"])
                tally.near(row, found.estimate + reach * found.error, row[f"hi{level}"])


@compares("forecast_r/forecast_r_sums.csv", "sums of the months that were still to come")
def sums(folder: Folder, file: str, tally: Tally) -> None:
    for row in folder.rows(file):
        values = _series(folder, row["series"], row["origin"])
        for method, season in SEASONS.items():
            found = sum(persisting(values, step, season).estimate for step in range(1, int(row["h"]) + 1))
            tally.near((row, method), found, row[f"{method}_sum"])


@compares("forecast_r/year_end_nbinom_predictive.csv", "year-end counts by chance at 80% and 95%")
def by_counts(folder: Folder, file: str, tally: Tally) -> None:
    for row in folder.rows(file):
        so_far, share = int(row["x"]), Fraction(row["s"]).limit_denominator(1000)
        limits = (*by_chance(so_far, float(share), 0.95), *by_chance(so_far, float(share), 0.8))
        for name, ours in zip(("q0.025", "q0.975", "q0.1", "q0.9"), limits, strict=True):
            tally.same((row, name), ours, int(row[f"year_end_{name}"]))
        tally.near((row, "straight"), float(so_far / share), row["straight_line"])


@compares("forecast_r/year_end_backtest_*.csv", "year ends straight on, and by the usual share, with their errors")
def backtest(folder: Folder, file: str, tally: Tally) -> None:
    for row in folder.rows(file):
        values, gone = _series(folder, row["series"]), int(row["months_elapsed"])
        *past, year = [values[at : at + 12] for at in range(0, len(values), 12)]
        so_far, whole = sum(year[:gone]), sum(year)
        share = usual_share([_course(one) for one in past], gone)
        tally.same((row, "actual"), whole, int(row["actual_year_end_2018_19"]))
        for name, estimate in (("straight_line", Fraction(12 * so_far, gone)), ("seasonal_share", so_far / share)):
            tally.near((row, name), float(estimate), row[name])
            error = rounded(Fraction(row[f"{name}_error_pct"]), 2)
            tally.same((row, name), rounded(100 * (estimate / whole - 1), 2), error)


def _course(months: list[int]) -> dict[float, Fraction]:
    return {float(gone): Fraction(sum(months[:gone])) for gone in range(1, 13)}


@compares("forecast_r/leeds_*.json", "the year-end that Leeds printed, from bed days not yet rounded to weeks")
def leeds(folder: Folder, file: str, tally: Tally) -> None:
    found: dict[str, Any] = folder.json(file)
    weeks = Fraction(224_820, 7)
    tally.same("quarter", rounded(weeks, 0), found["q1_published"])
    tally.same("year", rounded(4 * weeks, 0), found["estimated_year_end_published"])
    tally.near("days", found["q1_published"] * 365 / 91, str(found["checks"]["by_days_365_over_91"]))
