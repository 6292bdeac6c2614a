"""What is prepared of a council's submissions: the columns of its events, and where its tables lie."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from .methods import Method
from .selection import ReferencePeriod, Selection

ROWS_OF_A_SUBMISSION = 1_000_000_000  # a record id is its submission's sequence times this, plus its row
COLUMNS: Mapping[str, str] = {
    "la_code": "the council",
    "person": "the NHS number as given, or else the council's code, _ and its own number; unique within a council",
    "record_id": "sequence of the submission times 1,000,000,000, plus the row of the file",
    "event_type": "Request, Assessment, Service, Review, or Invalid and not mapped",
    "client_type": "as cleaned, Release 2 wording, like every coded column here",
    "start_date": "event start as given",
    "end_date": "event end after the death date was applied and after cropping; NULL where a service is open",
    "reference_start": "first day of the stretch for which this file was chosen",
    "reference_end": "its last day",
    "request_route_of_access": "requests only",
    "assessment_type": "assessments only",
    "service_type": "as cleaned",
    "service_component": "as cleaned",
    "delivery_mechanism": "as cleaned",
    "event_outcome": "as cleaned",
    "outcome_rank": "place in the method's order of outcomes, 1 best; 999 where blank or invalid",
    "unable_to_classify": "whether the outcome is one by which ASCOF 2A cannot classify; so too blank and invalid ones",
    "conversation": "whether the description speaks of a conversation (inferred from “three conversations” practice)",
    "occupational_therapy": "whether the description, or the assessment type as typed, speaks of it, OT or OTA",
    "birth_date": "as given on this row; 1 January 1800 is read as unknown. Measures use the person table's",
    "death_date": "as given on this row. Measures use the person table's",
    "gender": "… and the further attributes of the person as given on this row",
    "ethnicity": "",
    "primary_support_reason": "",
    "accommodation_status": "",
    "employment_status": "",
    "has_unpaid_carer": "",
    "visual_impairment": "",
    "hearing_impairment": "",
    "dementia": "",
    "autism": "",
    "client_funding_status": "",
    "own_number": "the council's own number of the person, trimmed and in capitals",
    "linked_1": "own number of the first adult cared for; so too linked_2 and linked_3",
    "linked_2": "",
    "linked_3": "",
    "cropped": "whether the end is the period's, because the next file no longer has the service",
}
COSTS: Mapping[str, str] = {
    "unit_cost": "only in the table of a single submission",
    "cost_frequency_unit_type": "only in the table of a single submission",
    "planned_units_per_week": "only in the table of a single submission",
}
OUT: Mapping[str, str] = {
    "no person": "it has neither an NHS number nor the council’s own number",
    "ambiguous person": "it has no NHS number, but its own number occurs with one elsewhere, and this method drops it",
    "no event type": "it has no event type",
    "invalid type": "its event type or client type is invalid (this method removes such rows)",
    "no start": "it has no start date",
    "died before it started": "the person died before it started",
    "died before the period": "the person died before the period began",
    "starts after the period": "it starts after the period’s last day",
    "not ended": "it has no end date, and only a service may be open",
    "ended before the period": "it ended before the period began",
    "ended after the period": "it ended after the period’s last day",
}


@dataclass(frozen=True, slots=True)
class Piece:
    """One submission's rows for one reference period. Every row of the council is either kept or out, for a reason.

    Those kept are the rows of its batch with its number.
    """

    name: str
    batch: str
    number: int
    submission: str
    period: ReferencePeriod
    kept: int
    out: Mapping[str, int]

    @property
    def rows(self) -> int:
        """All rows of the council in the file."""
        return self.kept + sum(self.out.values())


@dataclass(frozen=True)
class Prepared:
    """A council's prepared tables under a method as of a date, and the counts of every step."""

    area: str
    method: Method
    selection: Selection
    pieces: tuple[Piece, ...]
    folder: Path
    built: int
    reused: int

    @property
    def events(self) -> Path:
        """The events that remain; see COLUMNS."""
        return self.folder / "events.parquet"

    @property
    def superseded(self) -> Path:
        """record_id, reference_start, winner (a record id), decided_by."""
        return self.folder / "superseded.parquet"

    @property
    def persons(self) -> Path:
        """One row per person; see `persons.COLUMNS`."""
        return self.folder / "persons.parquet"

    @property
    def cared_for(self) -> Path:
        """person, start_date, end_date: when a carer's record names the person; see `persons.persons_in`."""
        return self.folder / "cared-for.parquet"

    @cached_property
    def counts(self) -> Mapping[str, Any]:
        """`kept` by the filter, `cropped`, `superseded` by what decided, `events` and `persons` that remain."""
        found: dict[str, Any] = json.loads((self.folder / "counts.json").read_text("utf-8"))
        return found

    @property
    def steps(self) -> list[dict[str, Any]]:
        """Every step with how many rows it took and left, for reports: {"step", "rows", "left", "why"}."""
        steps = []
        for piece in self.pieces:
            span = f"{piece.period.start} to {piece.period.end}"
            steps.append(
                {"step": f"filter {piece.period.candidate.file} {span}", "rows": piece.rows, "left": piece.kept,
                 "why": dict(piece.out)}
            )  # fmt: skip
        kept = sum(piece.kept for piece in self.pieces)
        steps.append(
            {"step": "remove duplicates", "rows": kept, "left": self.counts["events"], "why": self.counts["superseded"]}
        )
        return steps
