"""The method behind each verdict, for its page: what it answers, how, by which formula, from where, with an example.

Examples are worked out by the very functions that judge, whenever the page or `docs/reference/judgement.md` is made:

    python -m outturn.judgement.methods > docs/reference/judgement.md
"""

from collections.abc import Iterator
from decimal import Decimal

from ..catalogue.indicator import Framework, Indicator, Key, Standing
from ..terms.basis import TimeBasis
from ..terms.period import Period
from ..terms.polarity import Better, Polarity
from ..terms.status import Rag
from ..terms.unit import Unit
from ..terms.value import read_value
from . import comparison, direction, effect, forecast, funnel, nowcast, rag, standing, trend, uncertainty, variation
from .hoped import read_change
from .judging import Known
from .method import METHODS, Example, document, method

HIGHER, LOWER = Polarity(Better.HIGHER), Polarity(Better.LOWER)


@method(
    "status",
    "Status against target",
    "Is the result as good as it was meant to be by now?",
    """
    The result is held against the target for the same period. How far short it falls is measured the way that is
    worse for the indicator. Green is at target or better, or within a first tolerance where the council has one;
    Amber within a wider one; Red beyond. A tolerance is in the measure's own unit (5 points) or a share of the target
    (5%), and its limit is still inside.

    Some councils give Amber by what came before: no worse than the same quarter last year, or improving. Where a
    range is wanted, its nearer end is the target. There is no status where there is no result or target, where no
    direction is better, or where a share of a target of zero would have to be taken: a missing status is never Green.

    The status that officers printed is kept beside the one worked out, and neither replaces the other.
    """,
    """
    short = target − result where higher is better, result − target where lower is better
    Green: short ≤ first tolerance · Amber: short ≤ wider tolerance · Red: otherwise
    a relative tolerance of r% is r/100 × |target|
    """,
    """
    Published rules of Havering, East Sussex, Lincolnshire, Brighton & Hove, Reigate, Harlow, Rotherham, kept as data;
    a council names one of them or gives its own tolerances.
    """,
)
def _status() -> Iterator[Example]:
    for result, target, polarity, rule in (
        ("29.5%", "45%", HIGHER, rag.FIVE_AND_TEN),
        ("89.5%", "90%", HIGHER, rag.FIVE_AND_TEN),
        ("1.92", "1.50", LOWER, rag.FIVE_AND_TEN),
        ("£49k", "£0", LOWER, rag.FIVE_AND_TEN),
    ):
        found = rag.status(read_value(result), read_value(target), polarity, rule)
        words = polarity.sentence.rstrip(".").lower()
        yield Example(f"Result {result}, target {target}, {words}, “{rule.name}”", found.sentence)


@method(
    "target-due",
    "The target for part of a year",
    "How much of a year's target is due by now?",
    """
    Only what adds up from 1 April is spread over the year: by a straight line, by the shape of last year, or as the
    council gives it for each quarter. Rates, percentages, positions on a day and rolling years have the same target
    all year.
    """,
    """
    straight line: target × months gone / 12
    last year's shape: target × (last year by the same day / last year in all)
    """,
    "The common practice of milestone targets (Rotherham publishes its own for each quarter).",
)
def _due() -> Iterator[Example]:
    quarter = Period.quarter(2012, 1)
    found = rag.expected(read_value("2000"), quarter, TimeBasis.YTD_SUM, Unit.COUNT)
    yield Example("2000 people in 2012/13, by the end of Quarter 1", found.sentence)
    said = rag.status(read_value("187"), found.amount, HIGHER, rag.FIVE_AND_TEN)
    yield Example("187 by then", said.sentence)
    found = rag.expected(read_value("90%"), quarter, TimeBasis.IN_PERIOD, Unit.PERCENT)
    yield Example("90% in 2012/13, by the end of Quarter 1", found.sentence)


@method(
    "roll-up",
    "The status of a priority",
    "What do the measures of a priority come to?",
    """
    The status of a priority is an officer's judgement, the worst status of its measures, or the one that most of them
    have and of equals the worse: the council chooses, and the page says which. A measure without a status never
    counts as Green: where it could change the answer, the priority has none.
    """,
    """
    worst: Red if any is Red, else Amber if any is Amber, else Green
    most: the status with the most measures; of equals the worse
    """,
    "Leeds and Oxfordshire keep the judgement of a priority apart from its measures.",
)
def _roll_up() -> Iterator[Example]:
    for measures in ((Rag.GREEN, Rag.AMBER, Rag.GREEN), (Rag.GREEN, None)):
        words = ", ".join(each.value if each else "none" for each in measures)
        yield Example(f"Measures: {words}; the worst counts", rag.roll_up(measures).sentence)


@method(
    "direction",
    "Direction of travel",
    "Is it getting better or worse?",
    """
    The newest result is held against the one before, against the same period last year, or looked at with the two
    before it; over five results or more a straight line is laid through all of them. A change smaller than the
    tolerance is no clear movement. Better and worse go by which way is wanted, and not by up and down.

    “Not enough results”, “no clear movement”, “no direction wanted” and “not comparable” are four different answers.
    Missing results are passed over, never taken as zero. Figures that add up from 1 April compare only with the same
    part of another year, and nothing compares across a change of definition.
    """,
    """
    latest three: better if each is better than the one before it, by at least the tolerance
    trend: least squares b on 1, 2, 3 …; t = b / standard error, with n − 2 degrees of freedom; a trend if p < 5%
    """,
    """
    York publishes that its direction is worked out on the latest three results; Havering compares with the quarter
    before and the same quarter last year; Kent fits a regression. That all three must move one way is our reading.
    """,
)
def _direction() -> Iterator[Example]:
    years = [Period.year(first) for first in (2015, 2016, 2017)]
    for words, polarity in (("260 248 236", LOWER), ("8377 10535 8551", LOWER)):
        results = dict(zip(years, map(read_value, words.split()), strict=True))
        found = direction.direction(results, polarity, direction.YORK)
        yield Example(f"{', '.join(words.split())} in three years, lower is better, York's rule", found.sentence)


@method(
    "intervals",
    "How sure a figure is",
    "How far could chance alone have moved it?",
    """
    A share of people gets Wilson's score interval, which holds for small groups and near 0% and 100%. A rate of
    events that happen one by one, such as admissions, gets Byar's limits, and below 10 events the exact Poisson
    limits. Both describe a full count: nobody was sampled, and the limits say how far the figure could have fallen
    elsewhere while nothing behind it was different. Days, hours and pounds get none, since one person gives many of
    them.

    A mean gets Student's t, a standardised rate Dobson's limits (not shown below 10 events), and a survey estimate
    the stratified one with finite population correction, by the national surveys' own formula. For small groups the
    sentence says what one person more or fewer would do.
    """,
    """
    Wilson: (2x + z² ± z√(z² + 4x(1 − x/n))) / (2(n + z²)), z = 1.96 at 95%
    Byar: x(1 − 1/(9x) − z/(3√x))³ to (x + 1)(1 − 1/(9(x + 1)) + z/(3√(x + 1)))³, divided by the population
    survey: Σ N p / Σ N ± 1.96 √(Σ N²(1 − n/N) p(1 − p)/(n − 1)) / Σ N over strata
    """,
    """
    Fingertips technical guidance and PHEindicatormethods (Office for Health Improvement and Disparities); the Adult
    Social Care Survey methodology (NHS England).
    """,
)
def _intervals() -> Iterator[Example]:
    yield Example("28 of 33 people", uncertainty.proportion(28, 33).sentence)
    yield Example("236 admissions among 37,810 people", uncertainty.rate(236, 37_810).sentence)
    yield Example("4 admissions among 130,000 people", uncertainty.rate(4, 130_000).sentence)


@method(
    "change",
    "Whether a change is more than chance",
    "Has it really moved?",
    """
    Two shares are compared by the pooled chi-square test, or by Fisher's exact test where fewer than five are
    expected somewhere; two rates by the exact conditional test; two survey estimates by their standard errors.
    Whether their intervals overlap is no test. Where no result of so few could have been clear, the answer is that we
    cannot tell, not that nothing changed. Of a scorecard of thirty figures one or two look as if they had moved when
    none has.
    """,
    """
    shares: χ² = n(ad − bc)² / ((a + b)(c + d)(a + c)(b + d)); limits of the difference by Newcombe
    rates: given x + y events, y is binomial with share m / (n + m)
    surveys: z = (a − b) / √(SEa² + SEb²), SE = margin of error / 1.96
    """,
    "Fingertips technical guidance; R's prop.test, fisher.test and poisson.test give the same figures.",
)
def _change() -> Iterator[Example]:
    yield Example(
        "248 admissions among 37,510 people, then 236 among 37,810; lower is better",
        comparison.rates((248, 37_510), (236, 37_810), LOWER).sentence,
    )
    yield Example("150 of 200, then 170 of 200", comparison.shares((150, 200), (170, 200), HIGHER).sentence)
    yield Example("1 of 3, then 2 of 3", comparison.shares((1, 3), (2, 3), HIGHER).sentence)


@method(
    "benchmark",
    "Against a benchmark",
    "Is it better or worse than England, the region or the peers?",
    """
    The benchmark is taken as fixed. Where it lies within the figure's 95% limits, or on one of them, the figure is
    similar; otherwise better or worse by which way is wanted, or higher or lower where none is. An area is never
    compared with itself. With many thousands of people nearly every council differs from England by more than chance,
    so the size of the gap is said beside the verdict.
    """,
    """
    upper limit < benchmark: lower · lower limit > benchmark: higher · otherwise similar
    """,
    "Fingertips' comparison with a benchmark (Department of Health and Social Care).",
)
def _benchmark() -> Iterator[Example]:
    figure = uncertainty.proportion(470, 600)
    for benchmark in (Decimal("76.4"), Decimal("82.1")):
        said = comparison.with_benchmark(figure, benchmark, HIGHER).sentence
        yield Example(f"470 of 600 against {benchmark}%, higher is better", said)


@method(
    "funnel",
    "Among councils of all sizes",
    "Which councils stand out, given their size?",
    """
    Councils differ by more than chance for many reasons, so limits for chance alone would flag most of them. The
    limits are therefore widened by the variance between councils: scores beyond the outermost tenth at either end are
    pulled in, and what they vary more than chance is added.
    """,
    """
    shares: y = asin √p, s = 1/(2√n), z = (y − asin √π)/s, winsorised at 10%; φ = mean of z²
    τ² = max(0, (Iφ − (I − 1)) / (Σw − Σw²/Σw)), w = 1/s²; limits sin²(asin √π ± z√(s² + τ²))
    """,
    "Spiegelhalter (2005), the additive random-effects model; FunnelPlotR.",
)
def _funnel() -> Iterator[Example]:
    counts = ((70, 100), (140, 200), (230, 300), (250, 400), (390, 500), (66, 90), (300, 380), (120, 210), (95, 130),
              (420, 560), (180, 400), (210, 270))  # fmt: skip
    areas = [funnel.Area(f"Council {number}", *pair) for number, pair in enumerate(counts, 1)]
    found = funnel.of_shares(areas, HIGHER)
    yield Example(f"{len(areas)} made-up councils", found.sentence)
    place = min(found.places, key=lambda each: each.value or 0)
    yield Example(f"The lowest of them, {place.area.count} of {place.area.out_of}", place.sentence)


@method(
    "variation",
    "Variation over time",
    "Is this figure news, or chance?",
    """
    A chart of single figures (XmR) with limits drawn from how much each differs from the one before; where numerator
    and denominator of each period are known and the periods do not overlap, a p or u chart whose limits follow the
    denominator. Four rules tell a special cause from chance. The newest figure's mark gives the icon of variation:
    improving, concerning, neither, or common cause. The icon of assurance says whether the target lies beyond the
    reach of chance: met whatever chance does, missed whatever it does, or hit and miss.

    Eight figures make trial limits, twelve make limits; fewer make none. Figures that add up from 1 April are taken
    apart first, and rolling years are not charted, since they overlap. Limits are drawn anew only from a period that
    somebody names with a reason. A missing figure makes no signal.
    """,
    """
    limits = mean ± 2.66 × mean moving range; inner lines at two thirds of that
    p: p̄ ± 3√(p̄(1 − p̄)/n) · u: ū ± 3√(ū/n)
    rules: outside the limits; 7 running rises or falls; 2 of 3 beyond an inner line on one side; 7 running on one side
    """,
    "NHS England, Making Data Count, as NHSRplotthedots 0.2.2 works it out; see “Where we part from the NHS tools”.",
)
def _variation() -> Iterator[Example]:
    figures = (62, 60, 63, 61, 59, 62, 60, 61, 63, 60, 62, 70)
    chart = variation.xmr_chart(figures, HIGHER, variation.Asked(target=65))
    given = ", ".join(map(str, figures))
    yield Example(f"{given}; higher is better", chart.variation.sentence)
    yield Example("A target of 65", chart.assurance.sentence)
    short = variation.xmr_chart(figures[:5], HIGHER)
    yield Example("The first five of them", short.variation.sentence)


@method(
    "trend",
    "Recent trend of a yearly figure",
    "Have the latest five years risen or fallen by more than chance?",
    """
    A straight line is laid through the latest five yearly figures, each weighted by how sure it is, tested at 99.8%,
    and must keep its sign whichever year is left out. Fewer than five years, a change of definition among them, or a
    figure that is neither a share nor a rate: no trend is calculated, and the reason is given.
    """,
    """
    w = 1/SE², SE = (upper − lower limit) / 3.92; b = (Σw Σwty − Σwt Σwy) / (Σw Σwt² − (Σwt)²)
    χ² = b² (Σw Σwt² − (Σwt)²) / Σw, a trend where it is above 9.5495
    """,
    "Fingertips trend markers (Department of Health and Social Care), whose published code gives the same verdicts.",
)
def _trend() -> Iterator[Example]:
    for counts in ((700, 690, 640, 610, 560), (700, 690, 705, 695, 698)):
        pairs = {Period.year(2020 + place): (count, 100_000) for place, count in enumerate(counts)}
        found = trend.recent_trend(trend.of_counts(pairs, Unit.PER_100K), LOWER, trend.Measured.RATE)
        yield Example(f"{', '.join(map(str, counts))} admissions for every 100,000, lower is better", found.sentence)


@method(
    "forecast",
    "By the end of the year",
    "What will it come to, and would that meet the target?",
    """
    What adds up from 1 April is carried on by the course of up to five complete past years, with two even ones
    counted in, or by a straight line where there are none. A percentage of the year so far is taken as it stands,
    with part of the change that past years saw after. A position on a day or a rolling year is carried on by a damped
    trend where the figures are enough to try it on their own past, else as it stands. An annual figure has no
    estimate, nor has one whose definition changed this year, nor the first month.

    The interval comes from replaying the same way on the series' own past and is, for counts of people, at least that
    of chance. Where one figure is all there is, a range by how far such estimates were off elsewhere stands in for
    it, and says so. Beside every estimate stands how far off such estimates were on other series whose year was over.
    """,
    """
    sum: so far / share of the year usually reached by now
    chance: what is still to come is negative binomial with size x + ½ and probability the share
    """,
    "Tried on three years of NHS England’s accident and emergency figures, the last of them held back.",
)
def _forecast() -> Iterator[Example]:
    quarter = Period.quarter(2012, 1)
    bed_weeks = {quarter: read_value("32117")}
    found = forecast.year_end(bed_weeks, TimeBasis.YTD_SUM, Unit.WEEKS)
    yield Example("32,117 bed weeks by the end of Quarter 1", found.sentence)
    admissions = {Period.quarter(year, number): read_value(str(so_far)) for year, row in (
        (2024, (20, 38, 60, 80)), (2025, (18, 40, 57, 76)), (2026, (18, 35)),
    ) for number, so_far in enumerate(row, 1)}  # fmt: skip
    found = forecast.year_end(admissions, TimeBasis.YTD_SUM, Unit.COUNT)
    yield Example("35 admissions by the end of Quarter 2, after years of 80 and 76", found.sentence)


@method(
    "nowcast",
    "Still being recorded",
    "What will a new figure settle at when late records have come in?",
    """
    Each file that arrives tells again what was counted before it. How much earlier counts grew from the age that the
    newest has now is a ratio of sums over earlier periods; the count so far is raised by it. The interval is as wide
    as earlier ones varied, and at least as wide as chance. A figure is settled at the age from which earlier ones
    changed by less than 1% in all. Until then its status is grey and not final. With fewer than three earlier periods
    that have settled, the answer is that we cannot tell.
    """,
    """
    complete at an age: product over later ages of Σ count at this age / Σ count at the next
    expected: so far / complete
    """,
    "The chain-ladder method of insurance claims, used for late reports in public health.",
)
def _nowcast() -> Iterator[Example]:
    quarters = [Period.quarter(2025, number) for number in (1, 2, 3, 4)]
    table = {quarter: {0: first, 3: then, 6: then} for quarter, first, then in zip(
        quarters, (42, 44, 40, 45), (50, 51, 48, 53), strict=True,
    )}  # fmt: skip
    newest = Period.quarter(2026, 1)
    given = "Four quarters told at once and three months later: 42 then 50, 44 then 51, 40 then 48, 45 then 53; now 43"
    yield Example(given, nowcast.nowcast({**table, newest: {0: 43}}).sentence)
    yield Example("The same, six months after the quarter’s end", nowcast.nowcast({**table, newest: {6: 51}}).sentence)


@method(
    "standing",
    "Rank, fifth and median",
    "Where does the council stand among others, and how sure is that?",
    """
    Rank 1 is best; councils with the same figure share the best of their places. The range of ranks leaves out the
    places of councils that are clearly better or worse, each tested at a level that makes all tests together 95%
    sure. Fifths go by rank, so that equal figures are always in one fifth. The distance from the median is in median
    absolute deviations. A group of councils is pooled where all counts are known, as England’s figure is made, else
    it is the mean of councils, and the page says which; the council itself is never among its peers.
    """,
    """
    fifth = 6 − ⌈(N + 1 − rank) × 5 / N⌉
    distance = (figure − median) / median of |figure − median|
    """,
    "PHEindicatormethods (phe_quantile); Oflog’s median and deviation; Bonferroni’s rule for the range of ranks.",
)
def _standing() -> Iterator[Example]:
    scale = standing.Scale(100, 1, False, "%")
    shares = ((70, 100), (75, 100), (80, 100), (82, 100), (90, 100), (60, 100))
    own, *others = (
        standing.Area(f"Council {place}", 100 * count / out_of, count, out_of, code=str(place))
        for place, (count, out_of) in enumerate(shares, 1)
    )
    given = "70% of 100 people, among five councils with 75%, 80%, 82%, 90% and 60%; higher is better"
    yield Example(given, standing.rank(own, others, HIGHER, scale).sentence)
    yield Example("The fifth it is in", standing.part(own, others, HIGHER).sentence)
    yield Example("Against the median", standing.middle(own, others, scale).sentence)


@method(
    "effect",
    "Did it work?",
    "Did the indicator that an action was to move shift after the action began?",
    """
    The figures that lie wholly before a day are compared with those that lie wholly after it. Shares and rates whose
    counts are known are added up on either side and compared by the tests that a change is judged by. Of any other
    figures the two means are compared, by how much the figures before differed from each to the next; that takes
    eight of them. Figures that add up from 1 April are taken apart first, and nothing is compared across a change of
    definition.

    Where figures before were moving already, seven running one way or on one side, their mean says nothing of what
    came after, and the answer is that they were not steady. No evidence yet, and not enough results yet, are the usual
    answers for the first year. What else changed at the time is not taken out: that a figure moved after a day does
    not say why it moved.
    """,
    """
    difference = mean after − mean before; limits = difference ± 2.66 × mean moving range before × √(1/n + 1/m)
    moved: the limits leave out 0 · reached: moved, and the difference is at least the change hoped for
    no shift as large as hoped: the limits hold 0 and leave out the change hoped for
    """,
    "Limits of an XmR chart (NHS England, Making Data Count), for a mean of m figures against one of n: our reading.",
)
def _effect() -> Iterator[Example]:
    indicator = _made_up("weeks waited")
    quarters = [Period.quarter(2024 + place // 4, place % 4 + 1) for place in range(10)]
    figures = ("17", "16", "18", "17", "15", "17", "18", "16", "12", "11")
    known = Known(indicator, TimeBasis.SNAPSHOT, dict(zip(quarters, map(read_value, figures), strict=True)))
    for hoped in ("-5", "-10"):
        said = effect.effect(known, read_change(hoped), quarters[8].start).sentence
        yield Example(f"{', '.join(figures)}, with {hoped} hoped for from the ninth quarter on", said)
    said = effect.effect(known.until(quarters[7]), read_change("-5"), quarters[8].start).sentence
    yield Example("The same before the ninth quarter was in", said)


def _made_up(title: str) -> Indicator:
    framework = Framework("made-up", "Made up", "", "", "")
    return Indicator(
        Key("made-up", "X"), framework, title, "", "", "", Unit.WEEKS, 0, (TimeBasis.SNAPSHOT,), LOWER, "",
        "quarterly", None, Standing.ESTABLISHED, (), "", "", "",
    )  # fmt: skip


if __name__ == "__main__":
    print(document(METHODS.values()), end="")
