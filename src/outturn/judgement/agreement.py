"""Whether a figure that was typed agrees with the one worked out from records."""

from decimal import Decimal

from outturn.terms.value import SCALES, Figure

AGREES = "Agrees with the figure typed in."


def agrees(typed: Figure, worked_out: Decimal) -> bool:
    """Whether the two are one number, as far as the coarser of them is written: 77% and 77.1% agree."""
    return 2 * abs(typed.amount - worked_out) <= max(_step(typed), _last_place(worked_out))


def compared(typed: Figure, worked_out: Decimal) -> str:
    """A sentence that says whether they agree, and otherwise by how much they do not."""
    if agrees(typed, worked_out):
        return AGREES
    apart = typed.amount - worked_out
    written = f"{abs(apart).normalize():,f}"
    return f"Differs: the figure typed in, {typed.printed}, is {written} {'higher' if apart > 0 else 'lower'}."


def _step(figure: Figure) -> Decimal:
    """What one more in the last digit written is worth."""
    return SCALES[figure.notation.scale].scaleb(-figure.notation.decimals)


def _last_place(amount: Decimal) -> Decimal:
    return Decimal(1).scaleb(min(0, int(amount.as_tuple().exponent)))
