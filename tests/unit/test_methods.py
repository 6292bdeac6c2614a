"""The published methods and their switches."""

import pytest

from outturn.records.methods import PROFILES, READINGS, UnknownMethod, method


def test_the_usual_method_is_the_latest_full_year_as_the_program_runs():
    assert (method().name, method().reading) == ("DHSC-2526", "executed")


def test_names_are_found_whatever_their_capitals():
    assert method(" dhsc-2425 ").name == "DHSC-2425"


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("DHSC-2425R", "There is no method DHSC-2425R. Did you mean DHSC-2425? The methods are NHSE-2324, DHSC-2425, "
                       "DHSC-2526, DHSC-2627."),
        ("", "There is no method . The methods are NHSE-2324, DHSC-2425, DHSC-2526, DHSC-2627."),
    ],
)  # fmt: skip
def test_an_unknown_method_names_those_there_are(name, words):
    with pytest.raises(UnknownMethod) as told:
        method(name)
    assert str(told.value) == words


def test_an_unknown_reading_names_both():
    with pytest.raises(UnknownMethod, match="executed \\(the program\\) and published \\(the words\\)"):
        method("DHSC-2526", "printed")


def test_every_switch_has_a_reason_and_every_method_sets_every_switch():
    for name in PROFILES:
        for reading in READINGS:
            switches = list(method(name, reading).switches())
            assert [switch for switch, _, _ in switches] == [
                "files", "coverage", "small_files", "merging", "first_day_death", "identity", "event_key", "invalid",
                "outcome_order", "death", "blank_home_component", "self_funded_stays", "admissions",
                "blank_carer_component", "silent_follow_up", "hospital", "referral", "prison", "accommodation",
                "episode_starts",
            ]  # fmt: skip
            assert all(setting and why.endswith(".") for _, setting, why in switches)
    assert method().reasons["death"].startswith("Since September 2026")


def test_how_the_methods_differ():
    def differs(name, reading="executed"):
        usual = {switch: setting for switch, setting, _ in method().switches()}
        return {switch: setting for switch, setting, _ in method(name, reading).switches() if usual[switch] != setting}

    assert differs("DHSC-2425") == {"outcome_order": "release 1", "referral": "unable to classify"}
    assert differs("DHSC-2627") == {
        "coverage": "v2", "event_key": "cleaned", "death": "linked", "self_funded_stays": "removed",
    }  # fmt: skip
    assert differs("NHSE-2324") == {
        "files": "one for the year 2023-24", "coverage": "stated", "identity": "own number if unambiguous",
        "invalid": "removed", "outcome_order": "NHS England 2023-24", "admissions": "first, and open at the end",
        "hospital": "counts", "referral": "unable to classify", "prison": "left out", "accommodation": "latest start",
        "episode_starts": "after a new client's request",
    }  # fmt: skip
    assert differs("DHSC-2526", "published") == {
        "small_files": "stated period", "merging": "adjacent quarters", "first_day_death": "ends",
        "blank_home_component": "counts", "blank_carer_component": "counts", "silent_follow_up": "leaves the outcome",
    }  # fmt: skip
    assert [method(name).release for name in PROFILES] == [1, 1, 2, 2]
