"""ASCOF 2D told in plain Python, person by person, from the words of its description: a second opinion on the SQL."""

from collections import defaultdict
from datetime import date, timedelta

OPEN = date(9999, 1, 1)
COMMUNITY = "Long term support: Community"
CARE_HOMES = ("Long term support: Residential care", "Long term support: Nursing care")
LEFT_OUT = {
    "admission_method": {"31", "32", "82", "83"},
    "discharge_method": {"4", "5"},
    "destination": {"49", "50", "51", "52", "79", "87", "88"},
    "treatment_function": {
        "199", "223", "290", "291", "331", "344", "345", "346", "424", "499", "501", "504", "560", "660", "661", "662",
        "840", "920",
    },
}  # fmt: skip


def cohort(events, persons, period, method, discharges):
    """Of each episode and discharge: council, part, person, start, included, counted, outcome."""
    services, spells = defaultdict(list), defaultdict(list)
    for event in events:
        if event["event_type"] == "Service" and event["client_type"] == "Service user":
            services[event["person"]].append(event)
    for spell in discharges:
        if spell["last_episode"] == 1 and spell["person"] and _stayed(spell):
            spells[spell["person"]].append(spell)
    councils = {la_code for la_code, _ in persons}
    found = []
    for person in services.keys() | spells.keys():
        asked = [spell for spell in spells[person] if _is_asked_about(spell, period)]
        counting = [spell for spell in asked if _counts(spell, services[person])]
        found += [
            (spell["la_of_residence"], "2", person, spell["admission_date"], int(spell in counting), 0, None)
            for spell in asked if spell["la_of_residence"] in councils
        ]  # fmt: skip
        for la_code, start in _episodes(services[person], method):
            death = persons.get((la_code, person), {}).get("death_date")
            day = _led_to(start, counting, method)
            if day and not (death and death < period[0]):
                own = [one for one in services[person] if one["la_code"] == la_code]
                outcome = _followed_by(start, day, death, own, spells[person], method)
                found.append((la_code, "1", person, start, 1, int(outcome == "in the community"), outcome))
                found.append((la_code, "2", person, start, 0, 1, outcome))
            elif period[0] <= start <= period[1]:
                found.append((la_code, "1", person, start, 0, 0, None))
    return found


def _stayed(spell):
    return None not in (spell["admission_date"], spell["discharge_date"]) and (
        spell["admission_date"] < spell["discharge_date"]
    )


def _is_asked_about(spell, period):
    """A discharge in the period of someone who was 65 by the age rule, admitted since Client Level Data began."""
    born, out = spell["birth_month"], spell["discharge_date"]
    return (
        period[0] <= out <= period[1]
        and spell["admission_date"] >= date(2023, 4, 1)
        and born is not None
        and int((out - born).days / 365.25) >= 65
    )


def _counts(spell, services):
    codes = {name: spell[name] for name in LEFT_OUT}
    if spell["la_of_residence"] is None or None in codes.values():
        return False
    if any(code in LEFT_OUT[name] for name, code in codes.items()):
        return False
    if codes["treatment_function"].startswith(("65", "7")):
        return False
    return not any(
        one["service_type"] in (*CARE_HOMES, "Long term support: Prison")
        and one["start_date"] <= spell["admission_date"] <= (one["end_date"] or OPEN)
        for one in services
    )


def _episodes(services, method):
    """The council and first day of each episode of reablement."""
    rows = sorted(
        (one["la_code"], one["start_date"], one["end_date"] or OPEN)
        for one in services
        if one["service_type"] == "Short term support: ST-Max" and one["service_component"] == "Reablement"
        and (one["end_date"] or OPEN) >= one["start_date"]
    )  # fmt: skip
    latest = {}
    for la_code, start, end in rows:
        last = latest.get(la_code)
        if last is None or (start - last).days > method.episode_gap:
            yield la_code, start
        latest[la_code] = end if last is None else max(last, end)


def _led_to(start, counting, method):
    """The day of the latest discharge that led to an episode, or None."""
    days = [
        spell["discharge_date"] for spell in counting
        if -method.link_after_days <= (start - spell["discharge_date"]).days <= method.link_before_days
        and spell["admission_date"] <= start
    ]  # fmt: skip
    return max(days, default=None)


def _followed_by(start, day, death, services, spells, method):
    """What became of an episode in the twelve weeks from the discharge."""
    last = day + timedelta(method.follow_up_days)
    if death and day <= death <= last:
        return "died"
    for spell in spells:
        if (
            max(start, day) < spell["admission_date"] <= last
            and spell["management_type"] in ("EM", "NE")
            and spell["discharge_method"] not in (None, "5")
        ):
            return "readmitted as an emergency"
    if any(one["service_type"] in CARE_HOMES and day <= one["start_date"] <= last for one in services):
        return "moved to a care home"
    return "in the community"
