"""Somebody who works withheld numbers out of published ones by trying whole numbers. Nothing of ours helps them."""

from collections.abc import Mapping, Sequence

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

FAR = 1_000


class Guesser:
    """Tries every world of a few cells of up to so many people."""

    def __init__(self, cells: int, most: int) -> None:
        self.worlds = np.indices((most + 1,) * cells).reshape(cells, -1).T

    def learn(self, cells: Sequence[int], number: int) -> None:
        """Leave only the worlds in which some cells come to a number."""
        self.worlds = self.worlds[self.worlds[:, list(cells)].sum(axis=1) == number]

    def limits(self, cells: Sequence[int]) -> tuple[int, int]:
        """Between what some cells together can lie."""
        sums = self.worlds[:, list(cells)].sum(axis=1)
        return int(sums.min()), int(sums.max())


class Solver:
    """The same for worlds too many to try: whole unknowns of up to a thousand, and sums of them that are known."""

    def __init__(self, unknowns: int) -> None:
        self.unknowns = unknowns
        self.known: list[tuple[np.ndarray, int]] = [(np.zeros(unknowns), 0)]

    def learn(self, unknowns: Sequence[int], number: int) -> None:
        """That some unknowns come to a number."""
        self.known.append((self._row(unknowns), number))

    def limits(self, unknowns: Sequence[int]) -> tuple[int, int]:
        """Between what some unknowns together can lie."""
        aim = self._row(unknowns)
        rows, numbers = zip(*self.known, strict=True)
        known = LinearConstraint(np.array(rows), numbers, numbers)
        ends = [milp(way * aim, constraints=known, integrality=np.ones(self.unknowns), bounds=Bounds(0, FAR)).fun
                for way in (1, -1)]  # fmt: skip
        return round(ends[0]), round(-ends[1])

    def _row(self, unknowns: Sequence[int]) -> np.ndarray:
        return np.bincount(list(unknowns), minlength=self.unknowns).astype(float)


def learn_all(attacker: Guesser | Solver, published: Sequence[Mapping], cells_of) -> None:
    """Read everything that was published; `cells_of` says what the numbers of a result are made of."""
    for one in published:
        if one["numerator"] is not None:
            attacker.learn(cells_of(one), one["numerator"])
