"""A person's word over a computed status: both are shown, and it ends."""

from dataclasses import replace
from datetime import date

import pytest

from outturn.judgement.overrule import AcceptedVariance, Overrule, Standing, shown
from outturn.judgement.rag import LINCOLNSHIRE, WITHIN_5_PER_CENT, status
from outturn.terms.polarity import Better, Polarity
from outturn.terms.status import Rag

HIGHER = Polarity(Better.HIGHER)
COMPUTED = status(187, 500, HIGHER, WITHIN_5_PER_CENT)
FIRST, LAST = date(2012, 7, 1), date(2012, 9, 30)
WORD = Overrule(Rag.AMBER, "The new service starts in August.", "Head of Service", FIRST, LAST)
ACCEPTED = AcceptedVariance("Fewer people were referred", "Director", FIRST, LAST)


def test_a_word_holds_with_the_computed_status_beside_it():
    found = shown(COMPUTED, WORD, LAST)
    assert (found.rag, found.computed.rag, found.standing) == (Rag.AMBER, Rag.RED, Standing.HOLDS)
    assert found.sentence == (
        "Overruled to Amber by Head of Service until 30 September 2012: The new service starts in August. "
        "Computed: Red: 187 is 62.6% worse than the target of 500, beyond the 5% allowed."
    )


def test_an_accepted_variance_changes_no_colour():
    found = shown(COMPUTED, ACCEPTED, FIRST)
    assert found.rag is Rag.RED
    assert found.sentence.startswith("Accepted by Director until 30 September 2012: Fewer people were referred. ")


@pytest.mark.parametrize(
    ("word", "on", "standing", "ending"),
    [
        (WORD, date(2012, 10, 1), Standing.EXPIRED, "“Overruled to Amber” ended on 30 September 2012."),
        (ACCEPTED, date(2012, 6, 30), Standing.NOT_YET, "“Accepted” starts on 1 July 2012."),
        (replace(WORD, because=" "), LAST, Standing.INCOMPLETE, "has no reason or no name, and so does not count."),
        (replace(WORD, by=""), LAST, Standing.INCOMPLETE, "has no reason or no name, and so does not count."),
        (None, LAST, Standing.NONE, "beyond the 5% allowed."),
    ],
)
def test_what_does_not_hold_changes_nothing(word, on, standing, ending):
    found = shown(COMPUTED, word, on)
    assert (found.rag, found.standing) == (Rag.RED, standing)
    assert found.sentence.endswith(ending)


def test_what_cannot_be_judged_can_be_overruled_in_the_councils_words():
    found = shown(status(None, 500, HIGHER, LINCOLNSHIRE), replace(WORD, rag=Rag.GREEN), FIRST)
    assert found.rag is Rag.GREEN
    assert found.sentence.startswith("Overruled to Achieved by Head of Service")
    assert found.sentence.endswith("Computed: No status, because the result is missing.")
