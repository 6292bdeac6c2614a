"""Changes and trends against the tests of R."""

from decimal import Decimal
from math import inf

from outturn.judgement.comparison import chance_of, chi_square, fisher, newcombe, rates
from outturn.judgement.comparison import shares as compare_shares
from outturn.judgement.direction import fit
from outturn.terms.polarity import Polarity
from tests.oracles.tally import Folder, Row, Tally, compares

HIGHER = Polarity.read("higher")


def _counts(row: Row) -> list[int]:
    return [int(row[name]) for name in ("x1", "n1", "x2", "n2")]


@compares("compare/compare_two_proportions.csv", "change of a share: chi-square, Fisher's test, Newcombe's limits")
def shares(folder: Folder, file: str, tally: Tally) -> None:
    for row in folder.rows(file):
        x, n, y, m = _counts(row)
        square = chi_square(x, n, y, m)
        low, high = newcombe(x, n, y, m)
        figures = {
            "diff": compare_shares((x, n), (y, m), HIGHER).difference / 100, "chisq": square,
            "p_chisq": chance_of(square), "p_fisher": fisher(x, n, y, m)[0], "newcombe_lower": low,
            "newcombe_upper": high,
        }  # fmt: skip
        for name, ours in figures.items():
            tally.near((row, name), ours, row[name])


@compares("compare/compare_two_rates_poisson_test.csv", "change of a rate: ratio, exact limits and test")
def two_rates(folder: Folder, file: str, tally: Tally) -> None:
    for row in folder.rows(file):
        x, n, y, m = _counts(row)
        found = rates((x, n), (y, m), HIGHER)
        for name, ours in (("lower", found.low), ("upper", found.high), ("p", found.p)):
            if row[name] == "Inf":
                tally.same((row, name), ours, inf)
            else:
                tally.near((row, name), ours, row[name])
        if row["rate_ratio"] == "Inf":
            tally.same(row, found.difference, None)  # no ratio to a rate of nothing
        else:
            tally.near(row, found.difference, row["rate_ratio"])


@compares("compare/direction_of_travel_regression.csv", "a trend by least squares, and its test")
def regression(folder: Folder, file: str, tally: Tally) -> None:
    rows = folder.rows(file)
    found = fit([Decimal(row["y"]) for row in rows])
    for row in rows:
        for name, ours in (("slope", found.slope), ("se", found.error), ("tval", found.t), ("p", found.chance)):
            tally.near((row["t"], name), ours, row[name])
