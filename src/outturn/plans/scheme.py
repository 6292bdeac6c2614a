"""How a council scores risks: its two scales, the score of each square, and the bands that scores fall into.

A scheme is data. The score of a square is likelihood times impact, or stands in a table of the council's own; a scheme
without numbers has a table of ranks behind its words, so that every scheme can tell what is higher.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

from ..terms.status import Rag


@dataclass(frozen=True, slots=True)
class Band:
    """The scores from one up to the next band, with the council's word and the colour it stands for."""

    word: str
    rag: Rag
    start: int


@dataclass(frozen=True, slots=True)
class Scheme:
    """Two scales, lowest first, and bands, highest first. `marks` are what squares are called by: 1, 2, 3 or A, B, C.

    Without steps there is no matrix: the council publishes a letter alone.
    """

    name: str
    likelihoods: tuple[str, ...]
    impacts: tuple[str, ...]
    bands: tuple[Band, ...]
    scores: tuple[tuple[int, ...], ...] = ()  # by likelihood, then impact; empty for the product
    marks: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())  # of likelihoods and impacts; empty for 1, 2, 3
    numbered: bool = True  # whether scores are printed
    source: str = ""

    @property
    def is_letters(self) -> bool:
        return not self.likelihoods

    def mark(self, axis: int, step: int) -> str:
        """What a step is called by. `axis` is 0 for likelihood and 1 for impact."""
        return self.marks[axis][step - 1] if self.marks[axis] else str(step)

    def words(self, axis: int) -> tuple[str, ...]:
        return (self.likelihoods, self.impacts)[axis]

    def label(self, axis: int, step: int) -> str:
        """3 Possible; only the word where steps are known by words."""
        mark, word = self.mark(axis, step), self.words(axis)[step - 1]
        return f"{mark} {word}" if self.numbered or self.marks[axis] else word

    def read_step(self, axis: int, text: str) -> int:
        """A step by its mark, its word or its number. Raises ValueError with all of them."""
        wanted = " ".join(text.split()).casefold()
        for step, word in enumerate(self.words(axis), 1):
            if wanted in (self.mark(axis, step).casefold(), word.casefold(), self.label(axis, step).casefold()):
                return step
        if wanted.isdecimal() and 1 <= int(wanted[:3]) <= len(self.words(axis)) and not self.marks[axis]:
            return int(wanted)
        if self.is_letters:
            raise ValueError(f"By “{self.name}” a risk has a letter and no position. Write rating: A instead.")
        known = "; ".join(self.label(axis, step) for step in range(1, len(self.words(axis)) + 1))
        raise ValueError(f"“{text}” is no {('likelihood', 'impact')[axis]} by “{self.name}”. Write one of: {known}.")

    def score(self, likelihood: int, impact: int) -> int:
        return self.scores[likelihood - 1][impact - 1] if self.scores else likelihood * impact

    def band(self, score: int) -> Band:
        return next(band for band in self.bands if score >= band.start)

    @property
    def highest(self) -> int:
        squares = product(range(1, len(self.likelihoods) + 1), range(1, len(self.impacts) + 1))
        return max((self.score(*square) for square in squares), default=0)

    def read_line(self, text: str) -> "Line":
        """A score, a band's word, or Red, Amber or Green. Raises ValueError saying which there are."""
        words = " ".join(text.split())
        if words.isdecimal() and self.numbered and 1 <= int(words[:6]) <= self.highest:
            return Line(words, int(words), int(words))
        for band in self.bands:
            if band.word.casefold() == words.casefold():
                return self._line([band])
        try:
            rag = Rag.read(words)
        except ValueError:
            rag = None
        if rag and (found := [band for band in self.bands if band.rag is rag]):
            return self._line(found, rag)
        scores = f"a score from 1 to {self.highest}, or " if self.numbered and not self.is_letters else ""
        known = ", ".join(band.word for band in self.bands)
        raise ValueError(f"“{text}” is no line by “{self.name}”. Write {scores}one of: {known}.")

    def _line(self, bands: Sequence[Band], rag: Rag | None = None) -> "Line":
        place = self.bands.index(bands[0])
        high = self.bands[place - 1].start - 1 if place else max(self.highest, bands[0].start)
        only = rag or (bands[0].rag if sum(band.rag is bands[0].rag for band in self.bands) == 1 else None)
        return Line(rag.value if rag else bands[0].word, bands[-1].start, high, only)


@dataclass(frozen=True, slots=True)
class Line:
    """A score, or a band from its lowest score to its highest; with its colour where it is the whole of it."""

    words: str
    low: int
    high: int
    rag: Rag | None = None


RED, AMBER, GREEN = Rag.RED, Rag.AMBER, Rag.GREEN
USUAL_LIKELIHOODS = ("Remote", "Unlikely", "Possible", "Probable", "Highly probable")
USUAL_IMPACTS = ("Insignificant", "Minor", "Moderate", "Major", "Catastrophic")

FIVE_BY_FIVE = Scheme(
    "5 by 5",
    USUAL_LIKELIHOODS,
    USUAL_IMPACTS,
    (Band("Red", RED, 16), Band("Amber", AMBER, 11), Band("Green", GREEN, 1)),
    source="Bands of Hammersmith & Fulham, Kensington and Chelsea, and Westminster, 2017.",
)
CANTERBURY = Scheme(
    "5 by 5, Canterbury",
    USUAL_LIKELIHOODS,
    USUAL_IMPACTS,
    (
        Band("Very high", RED, 21), Band("High", RED, 16), Band("High/medium", AMBER, 12), Band("Medium", AMBER, 9),
        Band("Medium/low", GREEN, 6), Band("Low", GREEN, 1),
    ),
    source="Bands of Canterbury, 2010; their colours are our reading.",
)  # fmt: skip
LEICESTER = Scheme(
    "5 by 5, Leicester",
    USUAL_LIKELIHOODS,
    USUAL_IMPACTS,
    (Band("Red", RED, 15), Band("Amber", AMBER, 8), Band("Green", GREEN, 1)),
    source="Leicester takes 15 and more into its operational register; the band below it is our reading.",
)
WORDS = Scheme(
    "4 by 4 in words",
    ("Unlikely", "Possible", "Likely", "Very likely"),
    ("Minor", "Moderate", "Serious", "Major"),
    (Band("Above the line", RED, 2), Band("Below the line", GREEN, 1)),
    scores=((1, 1, 1, 1), (1, 1, 1, 2), (1, 1, 2, 2), (1, 2, 2, 2)),
    numbered=False,
    source="The form of South Lakeland’s: words, no number, two zones. The words and the zones are our reading.",
)
LETTER_BY_NUMBER = Scheme(
    "Letter by number",
    ("Very low", "Low", "High", "Very high"),
    ("Marginal", "Serious", "Critical", "Catastrophic"),
    (Band("Outside tolerance", RED, 2), Band("Within tolerance", GREEN, 1)),
    scores=((1, 1, 1, 1), (1, 1, 1, 2), (1, 1, 2, 2), (1, 2, 2, 2)),
    marks=(("D", "C", "B", "A"), ("4", "3", "2", "1")),
    numbered=False,
    source="The form of Worcester’s: A1 to D4, with the squares outside tolerance listed. The list is our reading.",
)
LETTERS = Scheme(
    "A letter only",
    (),
    (),
    (Band("Red", RED, 3), Band("Amber", AMBER, 2), Band("Green", GREEN, 1)),
    numbered=False,
    source="Service plans such as York’s print one letter to a risk, and no position.",
)
SCHEMES = {one.name: one for one in (FIVE_BY_FIVE, CANTERBURY, LEICESTER, WORDS, LETTER_BY_NUMBER, LETTERS)}


@dataclass(frozen=True, slots=True)
class Position:
    """A place on the matrix of a scheme. Both ends are counted from 1, the lowest. Raises ValueError outside it."""

    likelihood: int
    impact: int
    scheme: Scheme = FIVE_BY_FIVE

    def __post_init__(self) -> None:
        tall, wide = len(self.scheme.likelihoods), len(self.scheme.impacts)
        if not (1 <= self.likelihood <= tall and 1 <= self.impact <= wide):
            ends = f"from 1 to {tall}" if tall == wide else f"from 1 to {tall} and from 1 to {wide}"
            raise ValueError(f"Likelihood and impact are whole numbers {ends}.")

    @property
    def score(self) -> int:
        """The square's score; by a scheme in words its rank, which is never printed."""
        return self.scheme.score(self.likelihood, self.impact)

    @property
    def band(self) -> Rag:
        """Red, Amber or Green by the score."""
        return self.level.rag

    @property
    def level(self) -> Band:
        """The council's band."""
        return self.scheme.band(self.score)

    @property
    def square(self) -> str:
        """4 × 5, B3, or Likely, Major."""
        steps = (self.likelihood, self.impact)
        if any(self.scheme.marks):
            return "".join(self.scheme.mark(axis, step) for axis, step in enumerate(steps))
        if self.scheme.numbered:
            return f"{self.likelihood} × {self.impact}"
        return ", ".join(self.scheme.words(axis)[step - 1] for axis, step in enumerate(steps))

    @property
    def printed(self) -> str:
        """The score, or where there is none the square."""
        return str(self.score) if self.scheme.numbered else self.square

    @property
    def band_words(self) -> str:
        """Red; or the council's word with the colour: High (Amber)."""
        level = self.level
        return level.rag.value if level.word == level.rag else f"{level.word} ({level.rag.value})"

    @property
    def words(self) -> str:
        """4 × 5 = 20, Red."""
        equals = f" = {self.score}" if self.scheme.numbered else ""
        return f"{self.square}{equals}, {self.band_words}"
