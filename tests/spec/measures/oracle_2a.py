"""ASCOF 2A told in plain Python, person by person, from the words of its description: a second opinion on the SQL."""

from collections import defaultdict
from datetime import date

OPEN = date(9999, 1, 1)
ST_MAX = "Short term support: ST-Max"
OTHER_SHORT = "Short term support: Other short term"
LOW_LEVEL = "Short term support: Ongoing low level"
CARE_HOME_STAY = "Short term support: Residential or Nursing care"
HOSPITAL = "Admitted to hospital"
AS_PLANNED = "NFA: Support ended as planned"
REFERRAL = "NFA: Referral to other service within the local authority"
RELEASE_1_ONLY = "Release 1 specification only: Not mapped"
END_OF_LIFE_RANK = 6  # in NHS England's order, where two outcomes of Release 1 are kept under the name above
REQUEST_DAYS = 28
LONG_TERM = [f"Long term support: {kind}" for kind in ("Nursing care", "Residential care", "Community", "Prison")]
SUPPORT = [*LONG_TERM, ST_MAX, LOW_LEVEL, OTHER_SHORT]  # the first that is found is what followed
ONGOING = {*LONG_TERM, CARE_HOME_STAY}
NO_ONGOING = {
    LOW_LEVEL,
    OTHER_SHORT,
    AS_PLANNED,
    "NFA: Information and advice or signposting",
    "NFA: Responsibility moved to another local authority",
    "NFA: Support ended for other reason",
    "NFA: No services offered for other reason",
    "NFA: Other",
}


def cohort(events, persons, period, method):
    """Of each episode that ended in the period: council, part, person, start, included, counted, outcome."""
    people = defaultdict(list)
    for event in events:
        if event["client_type"] == "Service user":
            row = _row(event)
            if row["end"] >= row["start"]:
                people[event["la_code"], event["person"]].append(row)
    found = []
    for (la_code, person), rows in people.items():
        facts = persons.get((la_code, person), {})
        for episode in _episodes([row for row in rows if _is_reablement(row)], method):
            first, last = min(row["start"] for row in episode), max(row["end"] for row in episode)
            if period[0] <= last <= period[1]:
                own = min((row for row in episode if row["end"] == last), key=lambda row: (row["rank"], -row["id"]))
                outcome, included, counted = own["outcome"], 0, 0
                if _is_asked_about(first, last, rows, facts, method):
                    others = [row for row in rows if not (_is_reablement(row) and first <= row["start"] <= last)]
                    outcome, rank = _final(first, last, own, others, facts, method)
                    included, counted = _classified(outcome, rank, method)
                found.append((la_code, None, person, first, included, counted, outcome))
    return found


def _row(event):
    """An event with the blanks filled in. Unable to classify ranks below every outcome that can be used."""
    blank = event["event_outcome"] is None
    rank = 999 if blank else event["outcome_rank"]
    return {
        "id": event["record_id"],
        "event": event["event_type"],
        "type": event["service_type"],
        "component": event["service_component"],
        "start": event["start_date"],
        "end": event["end_date"] or OPEN,
        "outcome": "Invalid and not mapped" if blank else event["event_outcome"],
        "rank": rank + 100 if event["unable_to_classify"] and rank < 999 else rank,
    }


def _is_reablement(row):
    return row["event"] == "Service" and row["type"] == ST_MAX


def _usable(row):
    return row["rank"] < 100


def _episodes(rows, method):
    episodes, until = [], None
    for row in sorted(rows, key=lambda row: row["start"]):
        if until is None or (row["start"] - until).days > method.episode_gap:
            episodes.append([])
            until = row["end"]
        episodes[-1].append(row)
        until = max(until, row["end"])
    return episodes


def _is_asked_about(first, last, rows, facts, method):
    """Whether it is the episode of a living adult who is a new client."""
    birth, death = facts.get("birth_month"), facts.get("death_date")
    if birth is not None and int((last - birth).days / 365.25) < 18:
        return False
    if death is not None and death < first:
        return False
    long_term = [row for row in rows if row["type"] in LONG_TERM]
    if any(row["start"] < first and (first - row["end"]).days < method.new_client_days for row in long_term):
        return False
    return method.episode_starts == "any" or any(
        row["event"] == "Request"
        and 0 <= (first - row["end"]).days <= REQUEST_DAYS
        and not any(support["start"] < row["start"] <= support["end"] for support in long_term)
        for row in rows
    )


def _final(first, last, own, others, facts, method):
    """The ladder: the first rung with an answer. An outcome and its rank."""
    death = facts.get("death_date")
    if death is not None and (death - last).days <= method.death_days:
        return "NFA: Deceased", 0
    if own["outcome"] == HOSPITAL:
        return HOSPITAL, 0
    future = [
        row
        for row in others
        if row["start"] >= first and row["end"] > last and (row["start"] - last).days <= method.sequel_days
    ]
    reablement = min((row["start"] for row in future if row["type"] == ST_MAX), default=OPEN)
    future = [row for row in future if row["start"] < reablement]
    nested = [row for row in others if row["start"] >= first and first < row["end"] <= last]
    support = _support(future)
    if support:
        return support, 0
    outcomes = _outcomes(own, future, nested, last, method)
    if outcomes:
        return min(outcomes)[::-1]
    if any(row["event"] == "Service" and row["component"] == "Equipment" for row in nested):
        return LOW_LEVEL, 0
    return own["outcome"], own["rank"]


def _support(future):
    """The kind of support that followed, or None."""
    for kind in SUPPORT:
        of_kind = [row for row in future if row["type"] == kind]
        homes = ("Short term residential care", "Short term nursing care")
        if kind == OTHER_SHORT and any(row["component"] in homes for row in of_kind):
            return CARE_HOME_STAY
        if of_kind:
            return kind
    return None


def _outcomes(own, future, nested, last, method):
    """The outcomes that compete, each behind its rank."""
    found = []
    telling = [row for row in future if row["event"] != "Service" and row["outcome"] != AS_PLANNED]
    if not future or telling or method.silent_follow_up == "leaves the outcome":
        found.append(own)
    found += telling
    late = [
        row
        for row in nested
        if row["event"] in ("Assessment", "Review")
        and _usable(row)
        and (last - row["end"]).days < method.late_review_days
    ]
    if late:
        found.append(min(late, key=lambda row: (-row["end"].toordinal(), row["rank"], -row["id"])))
    return [(row["rank"], row["outcome"]) for row in found if _usable(row)]


def _classified(outcome, rank, method):
    """Included and counted."""
    counts = outcome in NO_ONGOING
    counts |= outcome == REFERRAL and method.referral == "counts"
    if method.hospital == "counts":
        counts |= outcome == HOSPITAL or (outcome == RELEASE_1_ONLY and rank == END_OF_LIFE_RANK + 100)
    return (1, int(counts)) if counts or outcome in ONGOING else (0, 0)
