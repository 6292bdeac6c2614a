"""2E told in plain Python from the words of 3.4: a second opinion on the SQL.

Where people live is what the person table says.
"""

from collections import defaultdict

LEARNING_DISABILITY = "Learning disability support"


def cohort(events, persons, period, method):
    """Of each person and part: council, part, person, start, included, counted, accommodation."""
    supported = defaultdict(list)
    for event in events:
        if _counts(event, method) and _touches(event, period):
            supported[event["la_code"], event["person"]].append(event)
    found = []
    for (la_code, name), services in supported.items():
        person = persons[la_code, name]
        if person["death_date"] is not None and person["death_date"] < period[0]:
            continue
        last = max(services, key=lambda one: (_until(one, period), one["start_date"], one["record_id"]))
        age = None
        if person["birth_month"] is not None:
            age = int((_until(last, period) - person["birth_month"]).days / 365.25)
            if age < 18:
                continue
        parts = ["all"]
        if age is not None and age < 65 and person["primary_support_reason"] == LEARNING_DISABILITY:
            parts.append("learning disability")
        included = int(age is not None)
        counted = int(included and person["settled"])
        status = person["accommodation_status"]
        found += [(la_code, part, name, last["start_date"], included, counted, status) for part in parts]
    return found


def _counts(event, method):
    if event["event_type"] != "Service" or event["client_type"] != "Service user" or event["service_type"] is None:
        return False
    group, _, setting = event["service_type"].partition(": ")
    return group == "Long term support" and (setting != "Prison" or method.prison == "counts")


def _touches(event, period):
    start, end = event["start_date"], event["end_date"]
    if end is not None and (end < start or end < period[0]):
        return False
    return start <= period[1]


def _until(event, period):
    return period[1] if event["end_date"] is None else min(event["end_date"], period[1])
