"""People's words over computed statuses, as they are stored."""

from collections.abc import Iterable

from outturn.judgement.overrule import AcceptedVariance, Overrule
from outturn.plans.words import Said
from outturn.terms.period import Period
from outturn.terms.status import Rag

from .models import Word


def words_of(indicator_ids: Iterable[int]) -> dict[tuple[int, Period], Said]:
    """The word on each indicator and period that has one, whether it holds or not, in one query."""
    return {
        (word.indicator_id, Period.read(word.period)): said_by(word)
        for word in Word.objects.filter(indicator_id__in=indicator_ids)
    }


def said_by(word: Word) -> Said:
    """What a stored word says."""
    if word.kind == Word.OVERRULE:
        return Overrule(Rag(word.rag), word.because, word.by, word.since, word.until)
    return AcceptedVariance(word.because, word.by, word.since, word.until)


def word_fields(said: Said) -> dict[str, object]:
    """What somebody says, as it is stored."""
    overrules = isinstance(said, Overrule)
    kind = Word.OVERRULE if overrules else Word.ACCEPTED
    rag = said.rag.value if overrules else ""
    return {"kind": kind, "rag": rag, "because": said.because, "by": said.by, "since": said.since, "until": said.until}
