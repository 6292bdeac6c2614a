"""3D told in plain Python from the words of 3.5: a second opinion on the SQL."""

from collections import defaultdict

PAYMENT, BUDGET, COMMISSIONED = "Direct payment", "CASSR managed personal budget", "CASSR commissioned support"
ADVICE = "NFA: Information and advice or signposting"
DIRECT = "Unpaid carer support: Direct to unpaid carer"
INVOLVING = "Unpaid carer support: Support involving the person cared-for"
CLIENT_RANKS = {
    ("Nursing care", None): 1,
    ("Residential care", None): 2,
    ("Community", PAYMENT): 3,
    ("Community", BUDGET): 4,
    ("Community", COMMISSIONED): 5,
    ("Community", None): 6,
    ("Prison", None): 7,  # to 9; none of them counts, so their order does not matter
}
NO_CATEGORY = 99
# Of each part: whose, the ranks of its denominator and of its numerator.
PARTS = {
    "1a": ("clients", range(3, 7), range(3, 5)),
    "2a": ("clients", range(3, 7), range(3, 4)),
    "1b": ("carers", range(1, 4), range(1, 3)),
    "2b": ("carers", range(1, 4), range(1, 2)),
}


def cohort(events, persons, period, method):
    """Of each person and part: council, part, person, start, included, counted, delivery mechanism."""
    ranked = defaultdict(list)
    for event in events:
        start, end = event["start_date"], event["end_date"]
        if start > period[1] or (end is not None and end < start):
            continue
        person = persons[event["la_code"], event["person"]]
        for whose, rank, since in (
            ("clients", _client_rank(event), period[1]),
            ("carers", _carer_rank(event, method), period[0]),
        ):
            alive = person["death_date"] is None or person["death_date"] >= since
            if rank is not None and alive and (end is None or end >= since):
                place = (-rank, start, event["record_id"], _mechanism(event))
                ranked[event["la_code"], event["person"], whose].append(place)
    found = []
    for (la_code, name, whose), places in ranked.items():
        born = persons[la_code, name]["birth_month"]
        if born is not None and int((period[1] - born).days / 365.25) < 18:
            continue
        rank, start, _, mechanism = max(places, key=lambda place: place[:3])
        for part, (of_whom, included, counted) in PARTS.items():
            if of_whom == whose:
                found.append((la_code, part, name, start, int(-rank in included), int(-rank in counted), mechanism))
    return found


def _mechanism(event):
    return PAYMENT if event["service_component"] == PAYMENT else event["delivery_mechanism"]


def _client_rank(event):
    """The place of a client's long-term support; None for other events."""
    group, _, setting = (event["service_type"] or "").partition(": ")
    if event["client_type"] != "Service user" or group != "Long term support":
        return None
    mechanism = _mechanism(event) if setting in ("Community", "Prison") else None
    return CLIENT_RANKS.get((setting, mechanism), CLIENT_RANKS[setting, None])


def _carer_rank(event, method):
    """The place of a carer's support; None for events that do not matter, NO_CATEGORY for those that fit nowhere."""
    if event["client_type"] not in ("Unpaid carer", "Unpaid carer known by association"):
        return None
    service, kind, advised = event["service_type"], event["event_type"], event["event_outcome"] == ADVICE
    looked_at = kind in ("Assessment", "Review")
    if not (service in (DIRECT, INVOLVING) or (service is None and (looked_at or advised))):
        return None
    if service == DIRECT:
        if PAYMENT in (event["delivery_mechanism"], event["service_component"]):
            return 1
        if event["service_component"] is not None or method.blank_carer_component == "counts":
            return {BUDGET: 2, COMMISSIONED: 3}.get(event["delivery_mechanism"], 4)
    if service == INVOLVING or looked_at or kind == "Request":
        return 5  # or 6, which does not count either
    return NO_CATEGORY
