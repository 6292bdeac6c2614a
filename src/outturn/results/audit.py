"""What somebody can find out of withheld numbers: exactly, by adding and subtracting, and within which limits.

`Reader` knows the sums and what was shown, and solves the equations. `ranges` asks for the least and the most that a
withheld number can be while no number is negative and all are whole: a linear programme each way.
"""

from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Generic, TypeVar

Q = TypeVar("Q", bound=Hashable)
Form = dict[Q, int | Fraction]  # numbers, each times something, added


class Reader(Generic[Q]):
    """Somebody who knows some sums, and learns numbers one after another.

    Each row of what is known is solved for one number, which stands in no other row. `secrets` are numbers that must
    not follow; one that follows from the sums alone is none.
    """

    def __init__(self, sums: Iterable[Mapping[Q, int]], secrets: Iterable[Q]) -> None:
        self._rows: dict[Q, Form[Q]] = {}  # for each number solved for, what it comes to with which others
        self._uses: dict[Q, set[Q]] = defaultdict(set)  # for each number, the rows that it stands in
        for one in sums:
            if row := self._reduced(dict(one)):
                self._take(row)
        self._secrets = {secret: form for secret in secrets if (form := self._reduced({secret: 1}))}

    def follows(self, number: Q) -> bool:
        """Whether the reader can work this number out."""
        return not self._reduced({number: 1})

    def show(self, numbers: Iterable[Q], *, anyhow: bool = False) -> bool:
        """Show some numbers together, unless a secret follows. Says whether they were shown.

        Those shown `anyhow` are known already, and a secret that follows is one no longer.
        """
        new: list[tuple[Q, Form[Q]]] = []
        forms: dict[Q, Form[Q]] = {}
        for number in numbers:
            row = self._reduced({number: 1})
            for pivot, other in new:
                _without(row, pivot, other)
            if not row:
                continue
            pivot = _solved_for(row)
            new.append((pivot, row))
            for secret, form in self._secrets.items():
                if pivot in (now := forms.get(secret, form)):
                    now = dict(now)
                    _without(now, pivot, row)
                    forms[secret] = now
        if not anyhow and not all(forms.values()):
            return False
        self._secrets = {
            secret: now for secret, form in self._secrets.items() if (now := forms.get(secret, form))
        }
        for _, row in new:
            self._take(self._reduced(row))
        return True

    def _reduced(self, form: Form[Q]) -> Form[Q]:
        """The same in numbers that are not solved for."""
        for number in [number for number in form if number in self._rows]:
            _without(form, number, self._rows[number])
        return form

    def _take(self, row: Form[Q]) -> None:
        pivot = _solved_for(row)
        for user in list(self._uses.get(pivot, ())):
            other = self._rows[user]
            before = set(other)
            _without(other, pivot, row)
            for number in before ^ set(other):
                (self._uses[number].add if number in other else self._uses[number].discard)(user)
        self._rows[pivot] = row
        for number in row:
            if number != pivot:
                self._uses[number].add(pivot)


def _solved_for(row: Form[Q]) -> Q:
    """One of a row's numbers; the row is made to hold it once."""
    pivot = next((number for number, times in row.items() if times in (1, -1)), next(iter(row)))
    if (times := row[pivot]) != 1:
        for number, other in row.items():
            row[number] = other * times if times == -1 else _whole(Fraction(other) / times)
    return pivot


def _without(form: Form[Q], number: Q, row: Form[Q]) -> None:
    """Take a row that holds a number once from a form as often as the form holds it."""
    if times := form.get(number):
        for other, weight in row.items():
            left = form.get(other, 0) - times * weight
            if left:
                form[other] = left
            else:
                form.pop(other, None)


def _whole(number: Fraction) -> int | Fraction:
    return number.numerator if number.denominator == 1 else number


SAME = 1e-6  # for the solver, which reckons in floating point
Limits = tuple[int, int | None]  # the least and the most that a number can be; None where there is no most


def ranges(
    sums: Iterable[Mapping[Q, int]], numbers: Mapping[Q, int], hidden: Collection[Q], wanted: Iterable[Q],
    *, wide_enough: int | None = None,
) -> dict[Q, Limits]:  # fmt: skip
    """Between which limits the hidden numbers that are `wanted` lie, for somebody who knows all others.

    Of each sum it is known what its hidden numbers come to. With `wide_enough` nothing is looked for beyond that
    distance from the number itself. A wanted number in no sum can be anything.
    """
    left = [{number: times for number, times in one.items() if number in hidden} for one in sums]
    found: dict[Q, Limits] = {}
    seen = dict.fromkeys(wanted)
    for together in _joined([one for one in left if one]):
        asked = [number for one in together for number in one if number in seen]
        found |= _limits(together, numbers, dict.fromkeys(asked), wide_enough)
    return {number: found.get(number, (0, None)) for number in seen}


def _joined(sums: Sequence[Mapping[Q, int]]) -> list[list[Mapping[Q, int]]]:
    """The sums in groups that have no number in common."""
    groups: dict[Q, list[Mapping[Q, int]]] = {}
    for one in sums:
        whole: list[Mapping[Q, int]] = [one]
        for group in {id(groups[number]): groups[number] for number in one if number in groups}.values():
            whole += group
        for each in whole:
            groups.update(dict.fromkeys(each, whole))
    return list({id(group): group for group in groups.values()}.values())


def _limits(
    sums: Sequence[Mapping[Q, int]], numbers: Mapping[Q, int], wanted: Iterable[Q], wide_enough: int | None
) -> dict[Q, Limits]:
    if len(sums) == 1 and all(times in (1, -1) for times in sums[0].values()):
        return {number: _limits_of_one(sums[0], numbers, number) for number in wanted}
    programme = _Programme(sums, numbers)
    found: dict[Q, Limits] = {}
    for number in wanted:
        most = programme.most(number, wide_enough)
        enough = wide_enough is not None and (most is None or most - programme.seen[number][0] >= wide_enough)
        found[number] = programme.seen[number][0] if enough else programme.least(number), most
    return found


def _limits_of_one(one: Mapping[Q, int], numbers: Mapping[Q, int], wanted: Q) -> Limits:
    known = sum(times * numbers[number] for number, times in one.items()) * one[wanted]
    others = [times * one[wanted] for number, times in one.items() if number != wanted]
    if not others:
        return known, known
    least = 0 if 1 in others else max(0, known)  # all of the other side, and what is known between them
    return least, None if -1 in others else known


class _Programme(Generic[Q]):
    """Whole numbers, none of them negative, that keep some sums as they are. `seen`: between which each was seen."""

    def __init__(self, sums: Sequence[Mapping[Q, int]], numbers: Mapping[Q, int]) -> None:
        import numpy as np

        names = list(dict.fromkeys(number for one in sums for number in one))
        self._place = {number: place for place, number in enumerate(names)}
        self._matrix = np.zeros((len(sums), len(names)))
        for row, one in zip(self._matrix, sums, strict=True):
            row[[self._place[number] for number in one]] = list(one.values())
        self._truth = [numbers[number] for number in names]
        self._given = self._matrix @ np.array(self._truth)
        self.seen = {number: (numbers[number], numbers[number]) for number in names}

    def most(self, number: Q, wide_enough: int | None) -> int | None:
        """The most that a number can be, as far as is asked; None where there is no most."""
        truth = self._truth[self._place[number]]
        if wide_enough is None:
            return self._furthest(number, -1, None)
        if (most := self.seen[number][1]) >= truth + wide_enough:
            return most
        return self._furthest(number, -1, truth + wide_enough)

    def least(self, number: Q) -> int:
        """The least that a number can be."""
        return self._furthest(number, 1, None) or 0

    def _furthest(self, number: Q, way: int, top: int | None) -> int | None:
        from scipy.optimize import linprog

        place = self._place[number]
        aim = [0] * len(self._truth)
        aim[place] = way
        bounds: list[tuple[int, int | None]] = [(0, None)] * len(aim)
        bounds[place] = (0, top)
        for whole in (0, 1):  # whole numbers take longer, and mostly come of themselves
            solved = linprog(aim, A_eq=self._matrix, b_eq=self._given, bounds=bounds, integrality=whole)
            if solved.status == 3:
                return None
            if solved.x is not None and all(abs(found - round(found)) < SAME for found in solved.x):
                break
        if solved.x is None:  # the solver gave up: nothing further is known to be possible
            return self._truth[place]
        for name, found in zip(self._place, solved.x, strict=True):
            low, high = self.seen[name]
            self.seen[name] = min(low, round(found)), max(high, round(found))
        reached: int = round(solved.x[place])
        return reached
