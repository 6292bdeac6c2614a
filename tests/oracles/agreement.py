"""Whether our verdicts agree with what others worked out: every file, every value, every difference with its reason.

    python3 bootstrap.py agreement [FOLDER]

FOLDER holds the files in folders of their own, as `data/` beside this file does, which is taken where none is given.
The exit code is 1 where a difference has no reason.
"""

import sys
from collections import Counter
from fnmatch import fnmatch
from pathlib import Path

# Each registers its comparisons under the files that they are of.
from tests.oracles import (  # noqa: F401
    of_ascof,
    of_ascs,
    of_compare,
    of_fingertips,
    of_forecast_r,
    of_phe,
    of_sdc,
    of_spc,
    of_survey_r,
)
from tests.oracles.tally import Folder, Tally, comparison_of

OURS = Path(__file__).parent / "data"
PLACES_SHOWN = 5
NOT_COMPARED = {
    "*.md": "words about the data",
    "documents/*": "papers of invented councils, for reading documents and not for judging figures",
    "ascof/ascof_2020_21_open_data_available.csv": "the figures of ascof_2020_21_wide.csv again, one to a row",
    "ascof/cassr_ons_codes.csv": "codes and names, from which nothing is worked out",
    "ascof/trafford_lginform_*.csv": "published outcomes without what they rest on, for reading and for pages",
    "ascs/ascs_2020_21_T1a_*.csv": "the percentages of table T1b; the survey's return is not read yet",
    "ascs/ascs_2020_21_T4_*.csv": "response rates; the survey's return is not read yet",
    "ascs/ascs_2020_21_T5_*.csv": "margins of error that take the sizes of strata, which were not published",
    "ascs/ascs_2020_21_T6_*.csv": "who answered; the survey's return is not read yet",
    "ascs/cleaned_data_expected_test.csv": "rows of people; the survey's return is not read yet",
    "ascs/dq_validation_errors_expected_test.csv": "faults in rows of people; the survey's return is not read yet",
    "compare/proportion_trend_prop_trend_test.csv": "a test that we do not use: trends are judged as Fingertips does",
    "fingertips/*-quintiles-response.json": "the fifth of one area among others whose figures the file does not hold",
    "forecast_r/forecast_r_series.csv": "read for the forecasts of it",
    "other/bbc_*.csv": "answers to a request, for reading cells such as “Refused”; nothing was worked out from them",
    "phe/phe_mean_input.csv": "read for phe_mean_output.csv",
    "phe/phe_dsr_input.csv": "read for phe_dsr_output.csv",
    "sdc/gausssuppression_inputs.csv": "read for gausssuppression_results.csv",
    "spc/nhsr_ae_attendances.csv": "the figures that ptd_ae_options_matrix.csv and the forecasts were made of",
    "survey_r/survey_sim_population.csv": "read for the estimates of it",
    "survey_r/survey_sim_respondents.csv": "read for the estimates of it",
}  # fmt: skip


def agreement(folder: Folder) -> dict[str, Tally | str]:
    """For every file how far it agrees, or why it is not compared."""
    found: dict[str, Tally | str] = {}
    for file in folder.files():
        comparison = comparison_of(file)
        if comparison is None:
            reasons = (reason for pattern, reason in NOT_COMPARED.items() if fnmatch(file, pattern))
            found[file] = next(reasons, "no comparison has been written for it")
            continue
        tally = found[file] = Tally()
        try:
            comparison.compare(folder, file, tally)
        except FileNotFoundError as error:
            tally.unexplained.append(f"{error.filename} is missing, and is needed for this")
    return found


def told(file: str, tally: Tally | str) -> list[str]:
    """What the reader is told of one file."""
    if isinstance(tally, str):
        return [f"{file}: not compared: {tally}"]
    comparison = comparison_of(file)
    lines = [f"{file}: {comparison.what if comparison else ''}", f"    {tally.agree:,} of {tally.values:,} agree"]
    lines += [f"    {count:,} differ: {reason}" for reason, count in tally.explained.items()]
    lines += [f"    not explained: {place}" for place in tally.unexplained[:PLACES_SHOWN]]
    if more := len(tally.unexplained) - PLACES_SHOWN:
        lines += [f"    not explained: {more:,} more"] if more > 0 else []
    return lines


def main(arguments: list[str]) -> int:
    """Print it, and give the exit code."""
    path = Path(arguments[0]) if arguments else OURS
    if not path.is_dir():
        print(f"There is no folder {path}. Name one that holds the data.", file=sys.stderr)
        return 2
    found = agreement(Folder(path))
    for file, tally in found.items():
        print("\n".join(told(file, tally)))
    tallies = [tally for tally in found.values() if isinstance(tally, Tally)]
    total = Counter()
    for tally in tallies:
        total.update(values=tally.values, agree=tally.agree, explained=tally.explained.total(),
                     unexplained=len(tally.unexplained))  # fmt: skip
    print(
        f"\n{len(tallies)} of {len(found)} files compared: {total['values']:,} values, {total['agree']:,} agree, "
        f"{total['explained']:,} differ for the reasons given, {total['unexplained']:,} are not explained."
    )
    return 1 if total["unexplained"] else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
