"""Figures for a chart over time, read exactly, or a sentence that says what is wrong with one."""

from decimal import Decimal
from fractions import Fraction

from .spc_limits import Counted

Number = int | float | Decimal

LARGEST_EXPONENT = 15  # powers of ten beyond which a number is a fault and no figure of a council
SMALLEST_EXPONENT = -30


class CannotJudge(Exception):
    """Its sentence becomes the verdict's."""


def exact(figure: Number | None, place: int, lowest: Number | None, highest: Number | None) -> Decimal | None:
    """The figure as it is written: 0.1 is a tenth, not the nearest float."""
    if figure is None:
        return None
    amount = finite(figure, f"Figure {place + 1}")
    for bound, words in ((lowest, "lowest"), (highest, "highest")):
        if bound is None:
            continue
        edge = finite(bound, f"The {words} possible figure")
        if (amount < edge) if words == "lowest" else (amount > edge):
            raise CannotJudge(f"Figure {place + 1} is {figure}, but the {words} possible is {bound}.")
    return amount


def finite(number: Number, name: str) -> Decimal:
    """The number, if it is one that a council could have."""
    written = Decimal(repr(float(number))) if isinstance(number, float) else Decimal(number)
    if not written.is_finite():
        raise CannotJudge(f"{name} is {'infinite' if written.is_infinite() else 'not a number'}.")
    if written and (written.adjusted() > LARGEST_EXPONENT or int(written.as_tuple().exponent) < SMALLEST_EXPONENT):
        raise CannotJudge(f"{name}, {number}, is beyond any figure that can be judged.")
    return written


def counted(pair: tuple[Number, Number] | None, place: int, method: str) -> Counted | None:
    """A count and its denominator; none of none is no figure."""
    if pair is None:
        return None
    name = f"Figure {place + 1}"
    count, out_of = (finite(number, name) for number in pair)
    written = f"{name} is {pair[0]} of {pair[1]}"
    if count < 0 or out_of < 0:
        raise CannotJudge(f"{written}: a count cannot be negative.")
    if count % 1:
        raise CannotJudge(f"{written}: only whole numbers are counts.")
    if count > out_of and (method == "p" or not out_of):
        raise CannotJudge(f"{written}: more were counted than there are.")
    return (int(count), Fraction(out_of) if out_of % 1 else int(out_of)) if out_of else None
