"""What is no proportion and no count. The limits themselves are compared with R's in `tests/oracles`."""

import pytest

from outturn.results.interval import of_count, wilson


def test_what_is_no_proportion_has_no_limits():
    """More counted than there are is a fault in the data, never 100%."""
    for numerator, denominator in ((3, 2), (-1, 2), (0, 0)):
        with pytest.raises(ValueError, match="no proportion"):
            wilson(numerator, denominator)
    with pytest.raises(ValueError, match="no count"):
        of_count(-1)
