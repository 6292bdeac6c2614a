"""Benchmarks, trend markers and polarities against the Fingertips service and its unit tests."""

from typing import Any

from outturn.judgement.comparison import with_benchmark
from outturn.judgement.trend import Marker, Measured, Yearly, recent_trend
from outturn.judgement.uncertainty import published
from outturn.terms.period import Period
from outturn.terms.polarity import Better, Polarity
from tests.oracles.tally import Folder, Tally, compares

POLARITIES = {"HighIsGood": "higher", "LowIsGood": "lower", "NoJudgement": "neutral"}
MEASURED = {
    "Proportion": Measured.SHARE, "Crude rate": Measured.RATE, "Directly standardised rate": Measured.STANDARDISED_RATE,
}  # fmt: skip
MARKERS = {
    Marker.INCREASING: "Increasing", Marker.DECREASING: "Decreasing", Marker.NO_CHANGE: "NoChange",
    Marker.CANNOT_BE_CALCULATED: "CannotBeCalculated",
}  # fmt: skip
NO_LIMITS = "there are no limits, without which no trend can be calculated: theirs says that nothing changed"


@compares("fingertips/benchmark_comparison_cases.json", "better, similar or worse than a benchmark")
def cases(folder: Folder, file: str, tally: Tally) -> None:
    found: dict[str, Any] = folder.json(file)
    for case in found["cases"]:
        spread = float(case["limits"].split()[-1])
        for name, polarity in POLARITIES.items():
            for value, fixed, theirs in zip(case["target"], case["benchmark"], case[name], strict=True):
                verdict = with_benchmark(
                    published(value, value - spread, value + spread), fixed, Polarity.read(polarity)
                )
                tally.same((value, fixed, name), verdict.kind.value.capitalize(), theirs)


@compares("fingertips/*-benchmark-rag*_expected-response.json", "comparisons as the service answers them")
def responses(folder: Folder, file: str, tally: Tally) -> None:
    found: dict[str, Any] = folder.json(file)
    polarity = Polarity.read(POLARITIES[found["polarity"]])
    for area in found["areaHealthData"]:
        for segment in area["indicatorSegments"]:
            for year in segment["healthData"]:
                if benchmark := year.get("benchmarkComparison"):
                    figure = published(year["value"], year["lowerCi"], year["upperCi"])
                    verdict = with_benchmark(figure, benchmark["benchmarkValue"], polarity)
                    where = (area["areaName"], segment["sex"]["value"], year["datePeriod"]["from"])
                    tally.same(where, verdict.kind.value.capitalize(), benchmark["outcome"])


@compares("fingertips/trend_marker_cases.json", "recent trends, their slopes and tests")
def trends(folder: Folder, file: str, tally: Tally) -> None:
    found: dict[str, Any] = folder.json(file)
    for case in found["cases"]:
        years = [
            Yearly(Period.year(point["year"]), point["value"], point["lower95"], point["upper95"],
                   point["count"], point["denominator"])
            for point in case["points"]
        ]  # fmt: skip
        polarity = Polarity.read(case["polarity"])
        trend = recent_trend(years, polarity, MEASURED.get(case["value_type"], Measured.OTHER))
        getting = {True: "AndGettingBetter", False: "AndGettingWorse", None: ""}[trend.better]
        reason = NO_LIMITS if all(year.low is None for year in years) else ""
        tally.same(case["name"], MARKERS[trend.marker] + getting, case["expected"], reason)
        if (figures := case["our_wls_for_reference"]) and trend.slope is not None:
            tally.near((case["name"], "slope"), trend.slope, str(figures["slope"]))
            tally.near((case["name"], "chi-squared"), trend.chi_squared, str(figures["chi2"]))


@compares("fingertips/indicators_polarity_method.csv", "which way is better, as they word it")
def polarities(folder: Folder, file: str, tally: Tally) -> None:
    meant = {"High is good": Better.HIGHER, "Low is good": Better.LOWER, "No judgement": Better.NEUTRAL}
    for row in folder.rows(file):
        if row["Polarity"]:
            tally.same(row["IndicatorID"], Polarity.read(row["Polarity"]).better, meant[row["Polarity"]])
