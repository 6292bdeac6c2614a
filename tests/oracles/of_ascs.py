"""The Adult Social Care Survey: NHS Digital's estimator, its sample size, and satisfaction from its tables."""

from collections import Counter
from typing import Any

from outturn.judgement.uncertainty import Stratum, sample_size, survey
from tests.oracles.tally import Folder, Tally, compares, groups, is_number

SATISFIED = ("I am extremely satisfied", "I am very satisfied", "I am very happy with the way staff help me")
TEN = 5  # weighted respondents are printed to the nearest 10


@compares("ascs/ascs_pipeline_unit_test_vectors.json", "percentages and margins of error (its scores: not compared)")
def pipeline(folder: Folder, file: str, tally: Tally) -> None:
    vectors: dict[str, Any] = folder.json(file)
    for vector in vectors["stratification"]:
        answers = Counter(map(tuple, vector["respondents"]))
        for *council, response, _, percentage, margin, _, _ in vector["expected"]:
            strata = [
                Stratum.of_answers(
                    people,
                    sum(count for (*place, _), count in answers.items() if place == [area, stratum]),
                    answers[area, stratum, response],
                )
                for area, stratum, people in vector["population"] if not council or [area] == council
            ]  # fmt: skip
            found = survey(strata)
            where = (vector["name"], council, response)
            tally.near(where, found.value, str(percentage))
            tally.near(where, (found.high - found.low) / 2, str(margin))


@compares("ascs/sace_sample_size_appendix_d.json", "how many have to answer and to be asked, and the margin that gives")
def sample(folder: Folder, file: str, tally: Tally) -> None:
    found: dict[str, Any] = folder.json(file)
    for row in found["rows"]:
        people, answers = row["eligible_population"], row["completed_needed"]
        half = survey([Stratum(people, answers, 0.5, 0.25 * answers / (answers - 1))])
        tally.near((row, "margin"), (half.high - half.low) / 2, str(row["margin_of_error_percent"]))
        tally.near((row, "interval"), people / row["questionnaires"], str(row["sampling_interval"]))
        if row["margin_of_error_percent"] == 5:
            needed = sample_size(people, row["response_rate"])
            tally.same((row, "answers"), needed.answers, answers)
            tally.same((row, "asked"), needed.asked, row["questionnaires"])
        else:
            tally.same((row, "answers"), round(row["questionnaires"] * row["response_rate"]), answers)


@compares("ascs/ascs_2020_21_T1b_*.csv", "satisfaction (3A) of each council, within the rounding of the table")
def satisfaction(folder: Folder, file: str, tally: Tally) -> None:
    """The easy-read answers count with the others; every printed number may be 5 off either way."""
    outcomes = {
        row["ONS Code"]: row["Outcome"] for row in folder.rows("ascof/ascof_2020_21_wide.csv")
        if row["ASCOF Measure Code"] == "3A" and row["Geographical Level"] == "Council"
    }  # fmt: skip
    rows = [row for row in folder.rows(file) if row["question"].startswith(("Question 1 -", "Question 1 easy-read"))]
    for (code, name), answers in groups(rows, "ons_code", "cassr_name"):
        published = outcomes.get(code, "")
        if not is_number(published):
            continue
        good = [int(row["weighted_respondents"]) for row in answers if row["response"].startswith(SATISFIED)]
        total = [int(row["weighted_respondents"]) for row in answers if row["response"].startswith("Total")]
        least = (sum(good) - TEN * len(good)) / (sum(total) + TEN * len(total))
        most = (sum(good) + TEN * len(good)) / (sum(total) - TEN * len(total))
        tally.same((name, published), 100 * least - 0.05 <= float(published) <= 100 * most + 0.05, True)
