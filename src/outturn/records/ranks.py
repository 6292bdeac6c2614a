"""Which of two differing outcomes of one event wins: a method's order of event outcomes."""

import hashlib
import json
from typing import TYPE_CHECKING

from outturn.returns.layout import Layout, text_key

from .methods import Method

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

BLANK_RANK = 999
MOST_WORDINGS = 20_000


class OutcomeRanks:
    """A method's order of event outcomes, read from the value lists."""

    def __init__(self, method: Method, layout: Layout) -> None:
        outcomes = layout.lists["event-outcome"].values
        self.release_2 = {one.words: int(one.facts["rank"]) for one in outcomes if "rank" in one.facts}
        self.unable = {one.words for one in outcomes if one.facts.get("unable_to_classify") == "yes"}
        self.order: dict[str, int] = {}
        self.back: dict[str, int] = {}
        if method.outcome_order != "release 2":
            fact = "rank_release_1" if method.outcome_order == "release 1" else "rank_nhse"
            older = layout.lists["event-outcome-release-1"].values
            self.order = {text_key(value.words): int(value.facts[fact]) for value in older if fact in value.facts}
            self.back = self._mapped_back(layout)
        everything = [self.release_2, self.order, self.back, sorted(self.unable)]
        self.digest = hashlib.sha256(json.dumps(everything, sort_keys=True).encode()).hexdigest()[:16]

    def _mapped_back(self, layout: Layout) -> dict[str, int]:
        """For Release 2 wordings the best place among the Release 1 wordings that became it."""
        back: dict[str, int] = {}
        for value in layout.lists["event-outcome"].values:
            places = [self.order[text_key(words)] for words in value.release_1 if text_key(words) in self.order]
            own = self.order.get(text_key(value.words))
            if own is not None or places:
                back[value.words] = own if own is not None else min(places)
        return back

    def rank(self, cleaned: str | None, received: str | None) -> int:
        """The place of an outcome, given its Release 2 wording and the text as received; 999 where it has none."""
        if cleaned is None:
            return BLANK_RANK
        if not self.order:
            return self.release_2.get(cleaned, BLANK_RANK)
        place = self.order.get(text_key(received or cleaned))
        return place if place is not None else self.back.get(cleaned, BLANK_RANK)

    def into(self, connection: "DuckDBPyConnection", rows: str) -> None:
        """A table `ranks` of every outcome that a relation of rows holds."""
        connection.execute(
            "CREATE OR REPLACE TEMP TABLE ranks "
            "(event_outcome VARCHAR, event_outcome_raw VARCHAR, outcome_rank SMALLINT, unable BOOLEAN)"
        )
        wordings = connection.execute(
            f"SELECT DISTINCT event_outcome, event_outcome_raw FROM {rows} "
            f"WHERE event_outcome IS NOT NULL LIMIT {MOST_WORDINGS}"
        ).fetchall()
        found = [[cleaned, raw, self.rank(cleaned, raw), cleaned in self.unable] for cleaned, raw in wordings]
        if found:
            columns = [list(column) for column in zip(*found, strict=True)]
            connection.execute("INSERT INTO ranks SELECT unnest(?), unnest(?), unnest(?), unnest(?)", columns)
