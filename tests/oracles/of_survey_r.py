"""Survey estimates against R's survey package and NHS Digital's own pipeline, on a simulated survey."""

from collections.abc import Iterable
from statistics import fmean, variance

from outturn.judgement.comparison import estimates
from outturn.judgement.uncertainty import SURVEY_Z, Interval, Stratum, survey
from outturn.terms.polarity import Polarity
from tests.oracles.tally import Folder, Row, Tally, compares

HIGHER = Polarity.read("higher")
OF_A_GROUP = "R allows for not knowing how many of a stratum are in a group; NHS Digital and we take that as known"


def strata(folder: Folder, question: str, councils: Iterable[str], sexes: str = "01") -> list[Stratum]:
    """The strata of the councils, as far as these people answered."""
    found = []
    for row in folder.rows("survey_r/survey_sim_population.csv"):
        if row["council"] in councils:
            place = (row["council"], row["stratum"])
            there = _answers(folder, question, place)
            answers = [float(answer[question]) for answer in there if answer["male"] in sexes]
            eligible = int(row["N"]) * len(answers) / len(there)
            found.append(Stratum(eligible, len(answers), fmean(answers), variance(answers)))
    return found


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
        is_group = words[0] == "domain"
        found = survey(strata(folder, "satisfied", "ABC", words[2] if is_group else "01"), per=1)
        tally.near(words, found.value, row["estimate"])
        tally.near(words, _reach(found) / SURVEY_Z, row["se"], OF_A_GROUP if is_group else "")
