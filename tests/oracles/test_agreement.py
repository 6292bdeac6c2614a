"""The command that compares our verdicts with what others worked out, and that it would notice a difference."""

import shutil

import pytest

from tests.oracles.agreement import OURS, agreement, main
from tests.oracles.tally import Folder, Tally

FOUND = agreement(Folder(OURS))


@pytest.mark.parametrize("file", [file for file, tally in FOUND.items() if isinstance(tally, Tally)])
def test_no_difference_is_without_a_reason(file):
    tally = FOUND[file]
    assert not tally.unexplained
    assert tally.agree, "nothing was compared"


def test_every_file_is_compared_or_said_not_to_be():
    reasons = [reason for reason in FOUND.values() if isinstance(reason, str)]
    assert "no comparison has been written for it" not in reasons
    assert len(FOUND) - len(reasons) == 38


def test_reasons_are_for_few():
    """Most values agree; every difference that has a reason is of one of these files."""
    differ = {file for file, tally in FOUND.items() if isinstance(tally, Tally) and tally.explained}
    assert differ == {
        "ascof/ascof_2020_21_wide.csv", "fingertips/trend_marker_cases.json", "other/iod2019_imd_upper_tier.csv",
        "population/ons_mid_year_population_england_2015_2020.csv", "sdc/gausssuppression_results.csv",
        "sdc/pytauargus_two_way_opt.csv", "spc/nhspy_and_ptd_unit_vectors.json", "spc/ptd_edge_series.csv",
        "survey_r/survey_sim_results_overall.csv",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("printed", "ours", "agrees"),
    [
        ("81.3", 81.25, True), ("81.3", 81.349, True), ("81.3", 81.36, False), ("0", 1e-13, True), ("0", 0.6, False),
        ("0.730134051215946", 0.7301340512159, True), ("0.730134051215946", 0.73013405122, False),
        ("1.4677640479715e-55", 1.46776404797e-55, True), ("5", None, False), ("NA", 5, False),
    ],
)  # fmt: skip
def test_to_the_last_digit_printed(printed, ours, agrees):
    tally = Tally()
    tally.near("here", ours, printed)
    assert (tally.agree, len(tally.unexplained)) == (int(agrees), int(not agrees))


def test_the_command(tmp_path, capsys):
    """A difference of one in the last digit of one value is found, printed and fails; so is a missing file."""
    for file in ("compare/direction_of_travel_regression.csv", "phe/phe_mean_output.csv", "new.csv"):
        (tmp_path / file).parent.mkdir(exist_ok=True)
        (tmp_path / file).write_text("a,b\n")
    for file in ("phe/phe_mean_output.csv", "phe/phe_mean_input.csv"):
        shutil.copy(OURS / file, tmp_path / file)
    text = (OURS / "compare/direction_of_travel_regression.csv").read_text()
    (tmp_path / "compare/direction_of_travel_regression.csv").write_text(text.replace("3.59763599344726", "3.5977", 1))
    assert main([str(tmp_path)]) == 1
    told = capsys.readouterr().out
    assert "    31 of 32 agree\n    not explained: ('1', 'tval'): ours is 3.597635993447" in told
    assert "new.csv: not compared: no comparison has been written for it" in told
    assert "2 of 4 files compared: 42 values, 41 agree, 0 differ for the reasons given, 1 are not explained." in told
    (tmp_path / "phe/phe_mean_input.csv").unlink()
    assert main([str(tmp_path)]) == 1
    assert "phe_mean_input.csv" in capsys.readouterr().out
    assert main([str(tmp_path / "nowhere")]) == 2


def test_nothing_of_theirs_is_taken_from_where_it_may_not_be():
    """The data are distributed with the source: every file stands in the list of sources with its licence."""
    words = (OURS / "README.md").read_text("utf-8")
    listed = [line.split("`")[1] for line in words.splitlines() if line.startswith("| `")]
    for file in FOUND:
        assert file == "README.md" or any(file.startswith(path.rstrip("*")) for path in listed), file
