"""Figures of the Adult Social Care Outcomes Framework 2020-21, and the codes that changed their meaning."""

from fractions import Fraction

from outturn.catalogue.library import load_catalogue
from outturn.judgement.funnel import Area, of_shares
from outturn.judgement.standing import Area as Placed
from outturn.judgement.standing import Scale, rank
from outturn.results.result import rounded
from outturn.terms.polarity import Polarity
from tests.oracles.tally import Folder, Row, Tally, compares, is_number

WIDE = "ascof/ascof_2020_21_wide.csv"
PER_100K = ("2A1", "2A2")
OUTSIDE = {"1E": 25, "1G": 25, "2B1": 21, "2D": 31, "1C2A": 21}
FOLDED = (
    "with 4 people the arcsine passes its end, where FunnelPlotR's limit turns back below 100% and leaves Islington, "
    "4 of 4, outside"
)
ABOLISHED = "Northamptonshire was abolished on 1 April 2021, and has no estimate of its own"
UNSEEN = "areas that are level as printed were ranked by decimals that are not"


def counted(rows: list[Row]) -> list[Row]:
    """Rows of full counts: surveys have a base, and their numbers are rounded to 5."""
    return [
        row for row in rows
        if not row["Base"] and all(map(is_number, (row["Numerator"], row["Denominator"], row["Outcome"])))
        and row["Denominator"] != "0"
    ]  # fmt: skip


@compares(WIDE, "outcomes from exact fractions, rounded half up; councils outside an over-dispersed funnel")
def outcomes(folder: Folder, file: str, tally: Tally) -> None:
    rows = counted(folder.rows(file))
    for row in rows:
        per = 100_000 if row["Measure Group"] in PER_100K else 100
        exact = per * Fraction(row["Numerator"]) / Fraction(row["Denominator"])
        tally.same(list(row.values()), rounded(exact, 1), rounded(Fraction(row["Outcome"]), 1))
    for measure, outside in OUTSIDE.items():
        areas = [
            Area(row["Geographical Description"], int(row["Numerator"]), int(row["Denominator"])) for row in rows
            if row["ASCOF Measure Code"] == measure and row["Geographical Level"] == "Council"
        ]  # fmt: skip
        found = sum(place.beyond is not None for place in of_shares(areas, Polarity.read("higher")).places)
        tally.same((measure, "outside"), found, outside, FOLDED if (measure, found) == ("2D", 30) else "")


@compares("ascof/ascof_2020_21_exact_rounding_ties.csv", "the ties that only rounding half up gets right")
def ties(folder: Folder, file: str, tally: Tally) -> None:
    for row in folder.rows(file):
        exact = 100 * Fraction(row["numerator"]) / Fraction(row["denominator"])
        tally.same(list(row.values()), rounded(exact, 1), rounded(Fraction(row["published_outcome"]), 1))


TOLD_BY = {
    "1A": "quality of life", "1B": "control", "1C1A": "self-directed", "1C1B": "self-directed",
    "1C2A": "direct payment", "1C2B": "direct payment", "1D": "carer", "1E": "employment", "1F": "employment",
    "1G": "own home", "1H": "independently", "1I1": "social contact", "1I2": "social contact", "1J": "adjusted",
    "2A1": "admission", "2A2": "admission", "2B1": "hospital", "2B2": "reablement", "2D": "short-term",
    "3A": "satisf", "3B": "satisf", "3C": "included", "3D1": "easy to find", "3D2": "easy to find", "4A": "safe",
    "4B": "safe",
}  # fmt: skip


@compares("ascof/ascof_code_map_*.csv", "what a code means before and from 2023-24, where the catalogue has it")
def codes(folder: Folder, file: str, tally: Tally) -> None:
    known = load_catalogue().indicators
    texts = {(key.framework, key.code.upper().removeprefix("ASCOF")): one for key, one in known.items()}
    for row in folder.rows(file):
        for framework, code in (("ascof-2015-18", row["code_to_2022_23"]), ("ascof-2023-24", row["code_2023_24"])):
            if one := texts.get((framework, code)):
                words = f"{one.title} {one.meaning} {one.numerator}".casefold()
                tally.same(f"{framework}/{code}: {row['meaning']}", TOLD_BY[row["code_to_2022_23"]] in words, True)


@compares("population/ons_mid_year_population_*.csv", "admissions for each 100,000, with these populations")
def populations(folder: Folder, file: str, tally: Tally) -> None:
    people = {
        row["code"]: row for row in folder.rows(file) if (row["mid_year"], row["sex"]) == ("2020", "Persons")
    }
    ages = {"2A1": "age_18_64", "2A2": "age_65_plus"}
    for row in counted(folder.rows(WIDE)):
        age = ages.get(row["ASCOF Measure Code"])
        if not age or row["Geographical Level"] != "Council":
            continue
        known = people.get(row["ONS Code"])
        ours = rounded(100_000 * Fraction(row["Numerator"]) / Fraction(known[age]), 1) if known else None
        reason = ABOLISHED if row["Geographical Description"] == "Northamptonshire" else ""
        where = (row["Geographical Description"], age)
        tally.same(where, ours, rounded(Fraction(row["Outcome"]), 1), reason)
        tally.same(where, known and known[age], row["Denominator"], reason)


@compares("other/iod2019_imd_upper_tier.csv", "ranks of 151 areas, the most deprived first")
def ranks(folder: Folder, file: str, tally: Tally) -> None:
    rows = [{name.strip(): cell for name, cell in row.items()} for row in folder.rows(file)]
    names = [name for name in rows[0] if "Rank of" in name]
    for name in names:
        figure = next(other for other in rows[0] if other.casefold() == name.casefold().replace("rank of ", ""))
        code = next(iter(rows[0]))
        areas = [Placed(row[code], float(row[figure]), code=row[code]) for row in rows]
        for row, own in zip(rows, areas, strict=True):
            found = rank(own, areas, Polarity.read("higher"), Scale())
            is_level = sum(area.value == own.value for area in areas) > 1
            tally.same((own.name, name), found.place, int(row[name]), UNSEEN if is_level else "")
