"""Survey estimates against R's survey package and NHS Digital's own pipeline, on a simulated survey."""

from collections.abc import Iterable, Sequence
from statistics import fmean, variance

from outturn.judgement.comparison import estimates
from outturn.judgement.uncertainty import SURVEY_Z, Interval, Stratum, survey
from outturn.terms.polarity import Polarity
from tests.oracles.tally import Folder, Row, Tally, compares, groups

HIGHER = Polarity.read("higher")
LINEARISED = (
    "R's domain estimator linearises a ratio over all strata, as ours and NHS Digital's does not: it takes the "
    "people of a group in a stratum as known"
)


def strata(folder: Folder, question: str, councils: Iterable[str], sexes: Sequence[str] = ("0", "1")) -> list[Stratum]:
    """The strata of the councils, as far as these people answered."""
    found = []
    for row in folder.rows("survey_r/survey_sim_population.csv"):
        if row["council"] in councils:
            place = (row["council"], row["stratum"])
            there = _answers(folder, question, place)
            answers = [float(answer[question]) for answer in there if answer["male"] in sexes]
            eligible = int(row["N"]) * len(answers) / len(there)
            spread = variance(answers) if len(answers) > 1 else 0.0
            found.append((eligible, len(answers), fmean(answers), spread))
    return [Stratum(round(eligible), *rest) for eligible, *rest in found]


def _answers(folder: Folder, question: str, place: tuple[str, str]) -> list[Row]:
    rows = folder.rows("survey_r/survey_sim_respondents.csv")
    return [row for row in rows if (row["council"], row["stratum"]) == place and row[question] not in ("", "NA")]


def _reach(found: Interval) -> float:
    return (found.high - found.low) / 2


@compares("survey_r/survey_sim_results_by_council.csv", "estimates with margins of error, by council")
def by_council(folder: Folder, file: str, tally: Tally) -> None:
    for row in folder.rows(file):
        found = survey(strata(folder, row["variable"], row["council"]), per=1)
        where = (row["council"], row["variable"])
        tally.near(where, found.value, row["estimate"])
        tally.near(where, _reach(found) / SURVEY_Z, row["se"])
        tally.near(where, _reach(found), row["moe95_z1.96"])


@compares("survey_r/survey_sim_results_nhsdigital_pipeline.csv", "percentages and margins of error, by council")
def pipeline(folder: Folder, file: str, tally: Tally) -> None:
    for row in folder.rows(file):
        found = survey(strata(folder, row["discrete"], row["LaCode"]))
        tally.near(row["LaCode"], found.value, row["percentage"])
        tally.near(row["LaCode"], _reach(found), row["margin_of_error"])


@compares("survey_r/survey_sim_results_overall.csv", "estimates for all councils, for each sex, and differences")
def overall(folder: Folder, file: str, tally: Tally) -> None:
    for row in folder.rows(file):
        words = row["level"].split()
        if words[0] == "difference":
            one, other = (survey(strata(folder, "satisfied", council), per=1) for council in (words[1], words[3]))
            found = estimates((other.value, _reach(other)), (one.value, _reach(one)), HIGHER)
            tally.near(words, found.difference, row["estimate"])
            tally.near(words, (found.high - found.difference) / 1.959963984540054, row["se"])
            continue
        sexes = (words[2],) if words[0] == "domain" else ("0", "1")
        reason = LINEARISED if words[0] == "domain" else ""
        found = survey(strata(folder, "satisfied", "ABC", sexes), per=1)
        tally.near(words, found.value, row["estimate"], reason)
        tally.near(words, _reach(found) / SURVEY_Z, row["se"], reason)
