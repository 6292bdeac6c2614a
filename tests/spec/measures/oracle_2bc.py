"""2B and 2C told in plain Python from the words of 3.2: a second opinion on the SQL. Slow and plain on purpose."""

from collections import defaultdict
from datetime import date

PAID_BY_THE_PERSON = "NFA: Self-funded client or under 12wk disregard"


def cohort(events, persons, period, method):
    """People who count: council, measure (2B or 2C, in the place of a part), person, first day, 1, 1, outcome."""
    stays = defaultdict(list)
    for event in events:
        if _is_stay(event, method):
            stays[event["la_code"], event["person"]].append(event)
    found = []
    for (la_code, name), theirs in stays.items():
        person = persons[la_code, name]
        born, died = person["birth_month"], person["death_date"]
        if born is None or (died is not None and died < period[0]):
            continue
        measures = {}
        for stay in sorted(theirs, key=lambda one: (_last_day(one), one["record_id"]), reverse=True):
            on = stay["start_date"] if method.admissions == "new in twelve months" else period[1]
            age = int((on - born).days / 365.25)
            if age >= 18 and _is_admission(stay, period) and _is_new(stay, theirs, period, method):
                measures.setdefault("2B" if age < 65 else "2C", []).append(stay)
        if measures:
            first = min(measures)  # 2B before 2C where a person would be in both
            stay = min(measures[first], key=lambda one: one["start_date"])
            found.append((la_code, first, name, stay["start_date"], 1, 1, stay["event_outcome"]))
    return found


def _is_stay(event, method):
    if event["event_type"] != "Service" or event["client_type"] != "Service user":
        return False
    if event["service_type"] not in ("Long term support: Residential care", "Long term support: Nursing care"):
        return False
    if event["event_outcome"] == PAID_BY_THE_PERSON and method.self_funded_stays == "removed":
        return False
    component = event["service_component"]
    if component is None:
        return method.blank_home_component == "counts"
    return any(word in component.lower() for word in ("residential", "nursing")) and "short" not in component.lower()


def _is_admission(stay, period):
    return period[0] <= stay["start_date"] <= period[1] and stay["event_outcome"] != PAID_BY_THE_PERSON


def _is_new(stay, theirs, period, method):
    if method.admissions == "new in twelve months":
        before = [other for other in theirs if other["start_date"] < stay["start_date"]]
        return all((stay["start_date"] - _last_day(other)).days >= method.look_back_days for other in before)
    return _last_day(stay) > period[1] and all(other["start_date"] >= period[0] for other in theirs)


def _last_day(stay):
    return stay["end_date"] or date.max
