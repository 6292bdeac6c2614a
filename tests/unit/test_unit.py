"""Units."""

import pytest

from outturn.terms.unit import Unit

ADDITIVE = {"count", "£", "£000s", "days", "weeks", "FTE"}


@pytest.mark.parametrize("unit", Unit)
def test_a_wording_reads_back_and_only_quantities_add_up(unit):
    assert Unit.read(f" {unit.wording.lower()} ") is unit
    assert unit.is_additive == (unit.wording in ADDITIVE)
    assert unit.words


@pytest.mark.parametrize("text", ["", "percent", "per 100,00", "٪", "count\x00"])
def test_no_unit(text):
    with pytest.raises(ValueError) as refused:
        Unit.read(text)
    assert str(refused.value) == (
        f"“{text}” is not a unit. Write one of: count, %, per 100,000, score, £, £000s, days, weeks, years, seconds, "
        "FTE, yes/no."
    )
