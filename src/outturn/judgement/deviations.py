"""Where our charts over time differ from the NHS tools (Making Data Count, NHSRplotthedots 0.2.2), and why.

`tests/oracles` compares both on the vectors that NHSRplotthedots worked out; whatever differs there is one of these.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Deviation:
    """One difference. `theirs` and `ours` say what each does with the same figures."""

    what: str
    theirs: str
    ours: str
    why: str


DEVIATIONS = (
    Deviation(
        "Large moving ranges",
        "The package leaves out moving ranges of 3.267 times their mean and more, once; the spreadsheet does not.",
        "None is left out, as in the spreadsheet. Leaving them out can be asked for, and the chart then says so.",
        "With small counts (1, 1, 1, 1, 2) the only range that is not zero would go, the limits would close on the "
        "average, and every figure would be a special cause.",
    ),
    Deviation(
        "Figures that are all the same",
        "With screening the limits are not a number, and the target is hit and miss; without, every limit is the "
        "average, and a first figure that differs is a special cause.",
        "No limits are drawn, and the verdict says that the figures do not vary enough.",
        "Limits of no width say nothing of chance.",
    ),
    Deviation(
        "Short series",
        "Limits are drawn from any number of figures, with a warning below 13 (the message says 12).",
        "Fewer than 8 figures make no limits; 8 to 11 make trial limits, which every sentence names as such.",
        "Limits from three or four figures move with each new one.",
    ),
    Deviation(
        "A figure on the turn of two trends",
        "It takes the direction of the step to its right.",
        "It belongs to both trends, and is marked as turning.",
        "Turned upside down or read backwards, a chart must give the mirrored signals, and this one would not.",
    ),
    Deviation(
        "A missing figure",
        "The moving ranges beside it are passed over; windows of seven and three that hold it cannot fire.",
        "The same; and the newest figure, not the newest period, gives the icon, with a note on how many periods are "
        "behind.",
        "A gap is no signal, and a reader should see that the newest period has no figure.",
    ),
    Deviation(
        "Figures that add up over the year, and rolling years",
        "Both are charted as they are given.",
        "Sums from 1 April are taken apart into what each period added; rolling years and averages to date are not "
        "charted with limits.",
        "A sum rises by itself, and overlapping figures vary too little, so that chance looks like news.",
    ),
    Deviation(
        "A figure exactly on a line",
        "Compared as binary fractions, so that a figure on a limit can come out beyond it.",
        "Compared exactly: on the line is inside, and on the average is on neither side.",
        "0.1 + 0.2 is not 0.3 for a computer, and a signal must not hang on that.",
    ),
    Deviation(
        "A range that is wanted, and no direction",
        "Improvement is up, down or neutral.",
        "Where a range is wanted, nearer to it is better, and the range itself is the target of the assurance icon.",
        "Occupancy or a budget can be too high and too low.",
    ),
    Deviation(
        "Limits beyond what is possible",
        "Drawn as they are worked out.",
        "Judged as they are worked out, and drawn no further than the figures of such a measure can go.",
        "A lower limit of −3 people confuses readers; judged there, it rightly never fires.",
    ),
    Deviation(
        "Where numerators and denominators are known",
        "XmR charts only.",
        "p and u charts for shares and rates whose periods do not overlap, with limits that follow the denominator.",
        "A quarter of 20 people varies more than one of 200, and one pair of limits is wrong for both.",
    ),
)
