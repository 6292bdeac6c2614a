"""Risk positions on the 5 by 5 matrix, and a letter where that is all that was published."""

import pytest

from outturn.plans.risk import Position, Risk, position_faults
from outturn.terms.status import Rag


@pytest.mark.parametrize(
    ("likelihood", "impact", "words"),
    [
        (4, 4, "4 × 4 = 16, Red"),  # the first red score
        (3, 5, "3 × 5 = 15, Amber"),
        (3, 4, "3 × 4 = 12, Amber"),  # the first amber score that two whole numbers can make
        (2, 5, "2 × 5 = 10, Green"),
        (5, 5, "5 × 5 = 25, Red"),
        (1, 1, "1 × 1 = 1, Green"),
    ],
)
def test_bands_of_the_product(likelihood, impact, words):
    assert Position(likelihood, impact).words == words


@pytest.mark.parametrize(("likelihood", "impact"), [(0, 3), (6, 1), (3, 0), (1, 6), (-1, -1)])
def test_positions_off_the_matrix_are_refused(likelihood, impact):
    with pytest.raises(ValueError, match="whole numbers from 1 to 5"):
        Position(likelihood, impact)


def test_the_band_is_the_net_one_and_a_published_letter_only_where_no_position_is_known():
    assert Risk("1", "…", "Post", rating=Rag.RED, net=Position(1, 2)).band is Rag.GREEN
    assert Risk("0544", "Delayed transfers of care", "Post", rating=Rag.AMBER).band is Rag.AMBER
    assert Risk("1", "…", "Post").band is None


def test_controls_can_only_lower_a_score():
    assert position_faults(Position(4, 4), Position(4, 4), Position(2, 2)) == []
    assert position_faults(Position(2, 2), Position(3, 2), None) == [
        "The net score (6) is above the gross score (4). Lower it."
    ]
    assert position_faults(None, Position(2, 2), Position(3, 2)) == [
        "The target score (6) is above the net score (4). Lower the target."
    ]
