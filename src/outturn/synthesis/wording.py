"""What a submission says: what was recorded by one day, as 50 columns of text in the words of one release."""

from collections.abc import Mapping
from dataclasses import dataclass

from outturn.engines.sql import literal
from outturn.engines.sql import name as named
from outturn.returns.layout import Field, Layout, ListValue

from .quarters import Quarter

STAND_INS = {  # what was written before Release 2 had these words
    "NFA: Referral to other service within the local authority": "NFA: Information and advice or signposting",
    "Review of short term support": "Planned review of long term support",
}


@dataclass(frozen=True, slots=True)
class Words:
    """The wordings of one release. Lives are told in those of Release 2."""

    layout: Layout
    release: int

    def of(self, field: Field) -> dict[str, str]:
        """The values of a coded field that this release words otherwise than Release 2 does."""
        if self.release == 2 or not field.list:
            return {}
        values = self.layout.lists[field.list].by_words
        told = {words: _release_1(value, values) for words, value in values.items()}
        return {words: old for words, old in told.items() if old != words}

    def cell(self, field: Field) -> str:
        """SQL for a coded field in this release's words."""
        arms = "".join(f" WHEN {literal(words)} THEN {literal(old)}" for words, old in self.of(field).items())
        return f"CASE {field.name}{arms} ELSE {field.name} END" if arms else field.name

    def sql(self, field: str, text: str) -> str:
        """SQL as it stands, or a literal where the text is an equals sign and a Release 2 wording."""
        if not text.startswith("="):
            return text
        return literal(self.of(self.layout.field(field)).get(text[1:], text[1:]))


def submission_sql(layout: Layout, quarter: Quarter, area: str, source: str, facts: str = "") -> str:
    """A SELECT of all fields as text, under their names, in the order of `source` (rows as `recorded.sql` has them).

    `facts` are more columns, of what is known rather than how it is written.
    """
    words = Words(layout, quarter.release)
    cells = ",\n    ".join(f"{_cell(field, quarter, words)} AS {field.name}" for field in layout.fields)
    more = f", {facts}" if facts else ""
    return f"SELECT\n    {cells}{more}\nFROM ({_known(quarter, area, source)})"


def with_headings(layout: Layout, relation: str) -> str:
    """The same rows under the headings of a file."""
    cells = ", ".join(f"{field.name} AS {named(field.header)}" for field in layout.fields)
    return f"SELECT {cells} FROM {relation}"


def _release_1(value: ListValue, values: Mapping[str, ListValue]) -> str:
    """The same where the value never changed, a stand-in where Release 1 lacked it."""
    if value.words in STAND_INS:
        return _release_1(values[STAND_INS[value.words]], values)
    return value.release_1[0] if value.release_1 else value.words


def _known(quarter: Quarter, area: str, source: str) -> str:
    """Events as they were known on the day the file was made; what lies after its 12 months is not in it."""
    made, start, end = (f"DATE '{day}'" for day in (quarter.made, quarter.start, quarter.end))
    return f"""
    SELECT * REPLACE (
            CASE WHEN died THEN date_of_death END AS date_of_death,
            shown_end AS event_end_date,
            CASE WHEN shown_end IS NOT NULL THEN
                CASE WHEN {made} < corrected_on THEN coalesce(wrong_outcome, event_outcome) ELSE event_outcome END
            END AS event_outcome,
            CASE WHEN {made} < corrected_on THEN coalesce(wrong_component, service_component) ELSE service_component END
                AS service_component
        ),
        {literal(area)} AS la_code, {start} AS reporting_period_start_date, {end} AS reporting_period_end_date,
        CASE
            WHEN nursing_from <= {end} AND nursing_from < support_end THEN 'Registered nursing home'
            WHEN residential_from <= {end} AND residential_from < support_end THEN 'Registered care home'
            WHEN setting = 'prison' THEN 'Prison, young offenders institution or detention centre'
            ELSE home
        END AS accommodation_status,
        -- whom a carer cares for, while the file knows that person
        CASE WHEN cared_for_until > {start} + 10 THEN cared_for END AS adult_1_linked_person_id,
        NULL AS event_description, NULL AS adult_2_linked_person_id, NULL AS adult_3_linked_person_id
    FROM (
        SELECT *,
            date_of_death <= {end} AND death_recorded_on <= {made} AS died,
            CASE WHEN {made} < corrected_on THEN coalesce(wrong_end, event_end_date) ELSE event_end_date END
                AS believed_end,
            CASE WHEN end_recorded_on <= {made} AND believed_end <= {end} THEN believed_end END AS shown_end
        FROM {source}
        WHERE recorded_on <= {made} AND event_start_date <= {end}
    )
    WHERE CASE event_type
        WHEN 'Service' THEN shown_end IS NULL OR shown_end >= {start}
        ELSE shown_end BETWEEN {start} AND {end} END"""


def _cell(field: Field, quarter: Quarter, words: Words) -> str:
    if field.type == "date":
        return f"strftime({field.name}, {quarter.day_form})"
    return words.cell(field) if field.type == "list" else f"{field.name}::VARCHAR"
