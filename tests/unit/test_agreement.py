"""A typed figure beside the one worked out from records: how coarse one is written decides what agrees."""

from decimal import Decimal

import pytest

from outturn.judgement.agreement import agrees, compared
from outturn.terms.value import read_value


@pytest.mark.parametrize(
    ("typed", "worked_out", "same"),
    [
        ("77.1%", "77.1", True),
        ("77%", "77.1", True),
        ("77%", "76.5", True),  # the exact figure may be 76.54
        ("77%", "77.6", False),
        ("77.1%", "77.2", False),
        ("77.06%", "77.1", True),  # typed more finely than the measure is rounded
        ("£49k", "49230", True),
        ("£49k", "49600", False),
        ("1,234", "1234", True),
        ("1,235", "1234", False),
    ],
)
def test_figures_agree_as_far_as_the_coarser_is_written(typed, worked_out, same):
    assert agrees(read_value(typed), Decimal(worked_out)) is same


def test_a_difference_is_said_with_its_size_and_side():
    assert compared(read_value("79.0%"), Decimal("77.1")) == "Differs: the figure typed in, 79.0%, is 1.9 higher."
    assert compared(read_value("1,200"), Decimal("1210")) == "Differs: the figure typed in, 1,200, is 10 lower."
    assert compared(read_value("77%"), Decimal("77.1")) == "Agrees with the figure typed in."
