"""Charts over time against NHSRplotthedots 0.2.2 and nhspy-plotthedots."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from outturn.judgement import spc_limits
from outturn.judgement.spc_rules import Rule, signals
from outturn.judgement.variation import Asked, Assurance, Chart, Point, Rebase, Setup, Variation, xmr_chart
from outturn.terms.polarity import Polarity
from tests.oracles.tally import Folder, Row, Tally, compares, groups

POLARITIES = {"increase": "higher", "decrease": "lower", "neutral": "neutral"}
LABELS = {
    Rule.OUTSIDE: ("Below LCL", "Above UCL"), Rule.TREND: ("7 Point Trend (Decreasing)", "7 Point Trend (Increasing)"),
    Rule.TWO_OF_THREE: ("2 in 3 Below CL", "2 in 3 Above CL"), Rule.SHIFT: ("7 Points Below CL", "7 Points Above CL"),
}  # fmt: skip
TYPES = {
    Variation.COMMON: "common_cause", Variation.IMPROVING: "special_cause_improvement",
    Variation.CONCERNING: "special_cause_concern",
}  # fmt: skip
ASSURANCES = {
    Assurance.MEETS: "consistent_pass", Assurance.MISSES: "consistent_fail", Assurance.HIT_AND_MISS: "inconsistent",
    Assurance.NO_DIRECTION: "", Assurance.NO_TARGET: "", Assurance.CANNOT_JUDGE: "cannot judge",
}  # fmt: skip
NO_VARIATION = "one point, or figures that do not vary once screened: theirs draws collapsed limits, ours none"
TURNING = "a figure on which a rise turns into a fall is part of both: theirs gives it to the step on its right"
ALL_OF_A_RUN = "every figure of a run is marked: theirs marks those at its end"
NEAR_ONLY = "only the figures near a limit are marked: theirs marked the whole window then"


@compares("spc/ptd_*.csv", "lines, label and type of every figure, and the assurance icon, with every option")
def plotthedots(folder: Folder, file: str, tally: Tally) -> None:
    for (name,), rows in groups(folder.rows(file), "case"):
        chart = _chart(rows)
        if chart.variation.limits is None:
            tally.explained[NO_VARIATION] += 6 * len(rows)
            continue
        for row, point in zip(rows, chart.points, strict=True):
            limits = point.limits or chart.variation.limits
            for column, ours in (("mean_col", limits.centre), ("lpl", limits.lower), ("upl", limits.upper)):
                tally.near((name, point.place, column), ours, row[column])
            label, kind = _as_theirs(point, row["opt_direction"])
            reason = TURNING if point.variation is Variation.TURNING else ""
            tally.same((name, point.place), label, row["special_cause_type"], reason)
            tally.same((name, point.place), kind, row["point_type"], reason)
            tally.same((name, point.place), ASSURANCES[chart.assurance.kind], row["assurance_type"])


def _chart(rows: Sequence[Row]) -> Chart:
    first, fixed = rows[0], rows[0]["opt_fix"]
    starts = [at for at in range(1, len(rows)) if rows[at]["rebase_group"] != rows[at - 1]["rebase_group"]]
    return xmr_chart(
        [Decimal(row["y"]) if row["y"] else None for row in rows],
        Polarity.read(POLARITIES[first["opt_direction"]]),
        Asked(
            target=Decimal(first["target"]) if first["target"] else None,
            rebases=[Rebase(at, "A new service.") for at in starts],
            setup=Setup(screened=first["opt_screen"] == "TRUE", fixed_after=int(fixed) if fixed else None, fewest=2),
        ),
    )


def _as_theirs(point: Point, direction: str) -> tuple[str, str]:
    """The label and type in their words; a turning point as they have it."""
    if not point.signals:
        return "Common Cause", "common_cause"
    signal = max(point.leading, key=lambda one: one.first)
    if direction == "neutral":
        return LABELS[signal.rule][signal.high], f"special_cause_neutral_{'high' if signal.high else 'low'}"
    good = Variation.IMPROVING if signal.high is (direction == "increase") else Variation.CONCERNING
    kind = good if point.variation is Variation.TURNING else point.variation
    return LABELS[signal.rule][signal.high], TYPES[kind]


@compares("spc/nhspy_and_ptd_unit_vectors.json", "limits, trends, shifts, two of three, assurance: their unit tests")
def unit_vectors(folder: Folder, file: str, tally: Tally) -> None:
    vectors: dict[str, Any] = folder.json(file)
    for vector in vectors["limits_nhspy"]:
        _limits(vector, tally)
    _vignette(vectors["deviations_vignette"], tally)
    for vector in vectors["seven_point_trend"]:
        marks = [0] * len(vector["y"])
        for point in xmr_chart(vector["y"], Polarity.read("higher"), Asked(setup=Setup(fewest=2))).points:
            for signal in point.signals:
                if signal.rule is Rule.TREND:
                    marks[point.place] = 1 if signal.high else -1
        _marks(marks, vector["out"], tally, ALL_OF_A_RUN)
    for vector in vectors["seven_one_side"]:
        _marks(_found(vector["rel"], [0] * len(vector["rel"]), Rule.SHIFT), vector["out"], tally, ALL_OF_A_RUN)
    for vector in vectors["two_in_three"]:
        _marks(_found(vector["rel"], vector["close"], Rule.TWO_OF_THREE), vector["out"], tally, NEAR_ONLY)
    for vector in vectors["part_of_two_in_three"]:
        sides = [1] * len(vector["close"])
        _marks(_found(sides, vector["close"], Rule.TWO_OF_THREE), vector["out"], tally, "")
    for vector in vectors["assurance"]:
        _assurance(vector, tally)


def _limits(vector: dict[str, Any], tally: Tally) -> None:
    """nhspy screens moving ranges."""
    chart = xmr_chart(vector["values"], Polarity.read("higher"), Asked(setup=Setup(screened=True, fewest=2)))
    limits = chart.variation.limits
    names = {"mean": "centre", "lpl": "lower", "upl": "upper", "nlpl": "near_lower", "nupl": "near_upper"}
    for theirs, ours in names.items():
        if theirs in vector:
            reason = NO_VARIATION if limits is None else ""
            tally.near((vector["values"], theirs), limits and getattr(limits, ours), str(vector[theirs]), reason)


def _vignette(vector: dict[str, Any], tally: Tally) -> None:
    for screened, key in ((True, "screened"), (False, "excel_unscreened")):
        chart = xmr_chart(vector["values"], Polarity.read("higher"), Asked(setup=Setup(screened=screened)))
        for theirs, ours in (("upl", "upper"), ("mean", "centre"), ("lpl", "lower")):
            tally.near((key, theirs), getattr(chart.variation.limits, ours), f"{vector[key][theirs]:.2f}")


def _found(sides: Sequence[int], near: Sequence[int], rule: Rule) -> list[int]:
    """Places with the rule, from sides and nearness alone."""
    readings = [spc_limits.Reading(None, side, False, bool(close)) for side, close in zip(sides, near, strict=True)]
    marks = signals([None] * len(sides), readings)
    return [int(any(signal.rule is rule for signal in of_figure)) for of_figure in marks]


def _marks(ours: Sequence[int], theirs: Sequence[int], tally: Tally, reason: str) -> None:
    """A figure marked by one side only is explained where the other side marks a figure of the same run."""
    shared = any(one and other for one, other in zip(ours, theirs, strict=True))
    for place, (one, other) in enumerate(zip(ours, theirs, strict=True)):
        tally.same((place, ours, theirs), one, other, reason if shared else "")


def _assurance(vector: dict[str, Any], tally: Tally) -> None:
    """The figures give limits of those lines: a centre, and moving ranges a multiple of 1/2.66."""
    centre, reach = Decimal(vector["lpl"] + vector["upl"]) / 2, Decimal(vector["upl"] - vector["lpl"]) / 2
    half = reach / Decimal("5.32")
    figures = [centre + half * (-1) ** place for place in range(12)]
    for direction, polarity in POLARITIES.items():
        chart = xmr_chart(figures, Polarity.read(polarity), Asked(target=vector["target"]))
        tally.same((vector, direction), ASSURANCES[chart.assurance.kind], vector[direction] or "")
