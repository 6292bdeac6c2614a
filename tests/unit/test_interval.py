"""Intervals against numbers that PHEindicatormethods (R) gives for the same counts."""

import pytest

from outturn.results.interval import of_count, wilson

# numerator, denominator, lower and upper limit at 95%
WILSON = [
    (0, 1, 0, 0.793450685622763),
    (1, 2, 0.0945312057342307, 0.905468794265769),
    (3, 7, 0.15821985525147, 0.749541635472343),
    (0, 10, 0, 0.277532799862889),
    (5, 10, 0.236593090512564, 0.763406909487436),
    (10, 10, 0.722467200137111, 1),
    (1, 100, 0.00176743206414065, 0.0544861961787053),
    (50, 100, 0.403831530365996, 0.596168469634004),
    (99, 100, 0.945513803821295, 0.998232567935859),
    (100, 100, 0.963006501793014, 1),
]
# count, limits at 95% and at 99.8%; exact below 10, Byar's from 10 on
COUNTS = [
    (0, 0.0, 3.6888794541139402, 0.0, 6.9077552789821395),
    (1, 0.0253178079842899, 5.5716433909389, 0.00100050033358353, 9.23341347645159),
    (5, 1.62348639011842, 11.6683320793227, 0.739371731917833, 16.454745203680098),
    (9, 4.115373097378329, 17.084803451419198, 2.45242440436378, 22.6573733090629),
    (10, 4.78744991396756, 18.3914586057565, 2.91631837469569, 24.1937249278805),
    (11, 5.4836901984499695, 19.6832371161464, 3.44837023840088, 25.6465205165574),
    (100, 81.3621054905279, 121.62793757920599, 71.9036918725984, 134.943621762263),
    (236, 206.847361990655, 268.109799324859, 191.348998515974, 287.44843035515),
]


@pytest.mark.parametrize(("numerator", "denominator", "low", "high"), WILSON)
def test_wilson(numerator, denominator, low, high):
    """Also where nobody or everybody counts."""
    assert wilson(numerator, denominator) == pytest.approx((low, high), abs=1e-12)


@pytest.mark.parametrize(("count", "low", "high", "lowest", "highest"), COUNTS)
def test_limits_of_a_count(count, low, high, lowest, highest):
    """The method changes at 10, as it does there."""
    assert of_count(count) == pytest.approx((low, high), rel=1e-10)
    assert of_count(count, 0.998) == pytest.approx((lowest, highest), rel=1e-10)


def test_what_is_no_proportion_has_no_limits():
    """More counted than there are is a fault in the data, never 100%."""
    for numerator, denominator in ((3, 2), (-1, 2), (0, 0)):
        with pytest.raises(ValueError, match="no proportion"):
            wilson(numerator, denominator)
    with pytest.raises(ValueError, match="no count"):
        of_count(-1)
