"""Little care histories at the edges: prepared tables of made-up people, with dates where measures change their mind.

Nearly every date is a few days from another that matters: a period's first or last day, a birthday that opens an age
band, or a date already in the history. `DAYS` are the distances that some rule asks about, and the days beside them.
"""

import json
import random
from datetime import date, timedelta

from outturn.engines.duck import open_duckdb
from outturn.engines.sql import literal
from outturn.measures.parameters import days_to
from outturn.records.persons import COLUMNS as PERSON_COLUMNS
from outturn.records.tables import COLUMNS, COSTS
from outturn.returns.layout import load_layout
from outturn.terms.period import Period

PERIODS = {
    "year": Period.year(2024), "quarter": Period.quarter(2024, 4), "rolling": Period.rolling(date(2025, 6, 30)),
    "year to date": Period.to_date(date(2024, 12, 31)), "month": Period.month(2025, 2),
    "snapshot": Period.snapshot(date(2025, 3, 31)),
}  # fmt: skip
EDGES = [day for period in PERIODS.values() for day in (period.start, period.end)]
DAYS = [0, 0, 1, 2, 3, 4, 6, 7, 8, 13, 14, 15, 27, 28, 29, 41, 42, 43, 83, 84, 85, 90, 91, 92, 364, 365, 366]
KEY = ("la_code", "event_type", "client_type", "start_date", "service_type")
BANDS = (18, 25, 65, 75, 85)
COUNCILS = ("815", "383", "950")
INVALID = "Invalid and not mapped"
LISTS = load_layout("cld").lists
OUTCOMES = {value.words: value.facts for value in LISTS["event-outcome"].values}
ST_MAX, OTHER_SHORT = "Short term support: ST-Max", "Short term support: Other short term"
COMMUNITY = "Long term support: Community"
RESIDENTIAL, NURSING = "Long term support: Residential care", "Long term support: Nursing care"
TYPES = [value.words for value in LISTS["service-type"].values if "Residential or Nursing" not in value.words]
THEMES = {
    "anything": TYPES, "carer": [words for words in TYPES if words.startswith("Unpaid")],
    "community": [COMMUNITY] * 3 + TYPES[:4], "reablement": [ST_MAX], "hospital": [ST_MAX],
    "care home": [RESIDENTIAL, NURSING],
}  # fmt: skip
# What else happens to those whose first event is reablement or a stay: an event of one of these types (nothing: no
# service), one of whose dates lies so many days after a date of the first event.
RECIPES = {
    "reablement": [
        (("Service",), [ST_MAX, OTHER_SHORT, COMMUNITY, RESIDENTIAL], "start", "end", [0, 1, 6, 7, 8]),
        (("Request", "Assessment", "Review"), [], "start", "end", [-1, 0, 1, 6, 7, 8]),
        (("Assessment", "Review"), [], "end", "end", [0, -1, -13, -14, -15]),
        (("Review",), [], "end", "end", [-13, -14]),
        (("Service",), [COMMUNITY, NURSING], "end", "start", [-90, -91, -92]),
        (("Service",), [OTHER_SHORT, COMMUNITY], "start", "start", [-1, 0, 1]),
        (("Request",), [], "end", "start", [-27, -28, -29, 0, 1]),
    ],
    "hospital": [(("Service",), [RESIDENTIAL, NURSING], "start", "start", [76, 77, 83, 84, 85, 86, 87, 91, 92])],
    "care home": [
        (("Service",), [RESIDENTIAL, NURSING], "end", "start", [-364, -365, -366]),
        (("Service",), [RESIDENTIAL, NURSING], "start", "start", [0, 1]),
    ],
}  # fmt: skip
DISCHARGED = [-8, -7, -6, -1, 0, 2, 3, 4]  # days from reablement's start
FOLLOWED_UP = [0, 83, 84, 84, 85]  # days from a discharge
ODD_SPELLS = {
    "la_of_residence": ["815", None], "admission_method": ["31", None], "discharge_method": ["4", "5", None],
    "destination": ["54", "79", None], "treatment_function": ["501", "653", "700", None], "last_episode": [0, None],
}  # fmt: skip
COMPONENTS = {
    ST_MAX: ["Reablement", "Reablement", "Equipment"],
    OTHER_SHORT: ["Short term residential care", "Short term nursing care", "Equipment", "Other short term support"],
    RESIDENTIAL: ["Long term residential care", "Long term residential care", "Short term residential care"],
    NURSING: ["Long term nursing care", "Long term nursing care", "Short term nursing care"],
}
OTHER_COMPONENTS = ["Direct payment", "Home support or domiciliary care", "Equipment", "Unpaid carer respite"]
KINDS = {
    "VARCHAR": None, "BIGINT": {"record_id"}, "INTEGER": {"outcome_rank", "last_episode"},
    "BOOLEAN": {
        "unable_to_classify", "conversation", "occupational_therapy", "cropped", "accommodation_derived", "settled",
    },
    "DECIMAL(18,2)": {"unit_cost", "planned_units_per_week"},
    "DATE": {
        "start_date", "end_date", "reference_start", "reference_end", "birth_date", "birth_month", "death_date",
        "admission_date", "discharge_date",
    },
}  # fmt: skip
DISCHARGES = (
    "la_of_residence", "person", "spell", "admission_date", "discharge_date", "birth_month", "gender",
    "admission_method", "discharge_method", "destination", "treatment_function", "management_type", "last_episode",
)  # fmt: skip


class Histories:
    """So many people's events, person rows, costs and spells in hospital. The same seed gives the same ones."""

    def __init__(self, number, seed=1):
        self.draw, self.number = random.Random(seed), 0
        self.events, self.persons, self.costs, self.discharges = [], {}, [], []
        for place in range(number):
            self._history(f"{seed}-{place:05}")

    def write(self, folder):
        """The four tables as Parquet files, by name."""
        folder.mkdir(parents=True, exist_ok=True)
        tables = {
            "events": (COLUMNS, self.events), "persons": (PERSON_COLUMNS, self.persons.values()),
            "costs": ([*COLUMNS, *COSTS, "period"], self.costs), "discharges": (DISCHARGES, self.discharges),
        }  # fmt: skip
        with open_duckdb(folder / "spill") as connection:
            for name, (columns, rows) in tables.items():
                lines = folder / f"{name}.json"
                lines.write_text("".join(json.dumps(row, default=str) + "\n" for row in rows), "utf-8")
                shape = ", ".join(f"{column}: {literal(_kind(column))}" for column in columns)
                connection.execute(
                    f"COPY (FROM read_json({literal(lines)}, columns = {{{shape}}}, format = 'newline_delimited')) "
                    f"TO {literal(folder / f'{name}.parquet')} (FORMAT parquet)"
                )
        return {name: folder / f"{name}.parquet" for name in tables}

    def told(self, person):
        """A person's history, for whoever must find out why two answers differ."""
        rows = [*(row for (_, one), row in self.persons.items() if one == person)]
        rows += [row for row in self.events + self.discharges if row["person"] == person]
        return "\n".join(str({name: str(cell) for name, cell in row.items() if cell is not None}) for row in rows)

    def _history(self, person):
        draw = self.draw
        theme = draw.choice(["anything", "carer", "community", "care home", "reablement", "reablement", "hospital"])
        anchors = draw.sample(EDGES, 2)
        birth = self._birth(anchors, theme)
        if birth and draw.random() < 0.5:
            birthdays = [birth + timedelta(days_to(age)) for age in BANDS]
            anchors += [day for day in birthdays if date(2023, 1, 1) < day < date(2026, 1, 1)]
        councils = draw.sample(COUNCILS, 2 if draw.random() < 0.1 else 1)
        first = self._event(person, councils[0], theme, "Service", THEMES[theme])
        first["start_date"], first["end_date"] = self._dates(first, anchors)
        events = [first]
        anchors += [day for day in (first["start_date"], first["end_date"]) if day]
        for _ in range(draw.choice([0, 1, 1, 2, 2, 3, 4, 5])):
            if theme in RECIPES and draw.random() < 0.7:
                event = self._by_recipe(person, councils[0], theme, first)
            else:
                kind = draw.choice(["Service"] * 6 + ["Request", "Assessment", "Review", "Review"])
                event = self._event(person, draw.choice(councils), theme, kind, TYPES)
                event["start_date"], event["end_date"] = self._dates(event, anchors)
            anchors += [day for day in (event["start_date"], event["end_date"]) if day]
            events.append(event)
        # Two alike would be duplicates of each other, and prepared tables have none.
        self.events += {tuple(event[name] for name in KEY): event for event in events}.values()
        death = self._near(anchors) if draw.random() < 0.2 else None
        if theme == "hospital":
            death = self._in_hospital(person, councils[0], birth, first["start_date"], anchors) or death
        elif theme == "reablement" and death and first["end_date"]:
            death = first["end_date"] + timedelta(draw.choice([-1, 0, 6, 7, 8]))
        for council in {event["la_code"] for event in events}:
            self.persons[council, person] = self._person(person, council, birth, death)

    def _by_recipe(self, person, council, theme, first):
        draw = self.draw
        kinds, types, which, of_first, days = draw.choice(RECIPES[theme])
        event = self._event(person, council, theme, draw.choice(kinds), types)
        day = (first[f"{of_first}_date"] or first["start_date"]) + timedelta(draw.choice(days))
        length = timedelta(draw.choice([0, 1, 7, 14, 30]))
        event["start_date"], event["end_date"] = (day, day + length) if which == "start" else (day - length, day)
        if which == "start" and event["event_type"] == "Service" and draw.random() < 0.5:
            event["end_date"] = None
        return event

    def _near(self, anchors):
        """A day beside one of the anchors, the latest of which are the likeliest."""
        anchor = self.draw.choice(anchors[-3:] if self.draw.random() < 0.7 else anchors)
        return anchor + timedelta(self.draw.choice(DAYS) * self.draw.choice((-1, 1)))

    def _dates(self, event, anchors):
        """First and last day. Only a service may be open; now and then one ends before it starts, as in real data."""
        day, length, chance = self._near(anchors), timedelta(self.draw.choice(DAYS)), self.draw.random()
        if chance < 0.15 and event["event_type"] == "Service":
            return day, None
        if chance < 0.17:
            return day, day - length
        return (day, day + length) if chance < 0.6 else (day - length, day)

    def _birth(self, anchors, theme):
        """A first of a month, often one by which an age band opens near a date that matters."""
        chance = self.draw.random()
        if chance < 0.08:
            return None
        if chance < 0.5 or theme in RECIPES:
            return date(self.draw.randint(1930, 1955 if theme == "hospital" else 2000), self.draw.randint(1, 12), 1)
        day = self.draw.choice(anchors) - timedelta(days_to(self.draw.choice(BANDS)) + self.draw.choice((0, 0, 28)))
        return (day + timedelta(20)).replace(day=1)

    def _event(self, person, council, theme, kind, types):
        draw = self.draw
        self.number += 1
        event = dict.fromkeys(COLUMNS)
        event |= {
            "la_code": council, "person": person, "record_id": self.number * 5 + draw.choice((0, 7, 13)),
            "event_type": INVALID if draw.random() < 0.01 else kind, "client_type": self._client(theme),
            "reference_start": date(2022, 4, 1), "reference_end": date(2026, 3, 31), "cropped": False,
            "occupational_therapy": False, "conversation": draw.random() < 0.2, "own_number": person,
            "client_funding_status": draw.choice([None, "Fully client funded", "Fully social care funded"]),
        }  # fmt: skip
        if kind == "Request":
            event["request_route_of_access"] = self._one_of("route-of-access")
        if kind == "Assessment":
            event |= {
                "assessment_type": self._one_of("assessment-type"), "occupational_therapy": draw.random() < 0.4
            }  # fmt: skip
        if kind == "Service" or draw.random() < 0.1:
            event |= self._service(types or TYPES)
        return event | self._outcome()

    def _client(self, theme):
        if theme == "carer":
            return self.draw.choice(["Unpaid carer", "Unpaid carer", "Unpaid carer known by association"])
        return self.draw.choice(["Service user"] * 30 + ["Unpaid carer", None])

    def _service(self, types):
        draw = self.draw
        kind = draw.choice(types) if draw.random() < 0.95 else draw.choice([*TYPES, INVALID, None])
        component = draw.choice([*COMPONENTS.get(kind, OTHER_COMPONENTS) * 5, *OTHER_COMPONENTS, INVALID, None, None])
        mechanism = draw.choice([value.words for value in LISTS["delivery-mechanism"].values] * 2 + [INVALID, None])
        return {"service_type": kind, "service_component": component, "delivery_mechanism": mechanism}

    def _outcome(self):
        draw = self.draw
        words = draw.choice([*OUTCOMES, *["NFA: Support ended as planned"] * 5, INVALID, *[None] * 6])
        facts = OUTCOMES.get(words, {"unable_to_classify": "yes"})
        rank = int(facts.get("rank", 999))
        if words and words.startswith("Release 1"):
            rank = draw.choice([rank, 6])  # end of life care stands sixth in NHS England's order
        return {
            "event_outcome": words, "outcome_rank": rank, "unable_to_classify": facts.get("unable_to_classify") == "yes"
        }  # fmt: skip

    def _one_of(self, name):
        return self.draw.choice([*(value.words for value in LISTS[name].values), INVALID, None])

    def _person(self, person, council, birth, death):
        draw = self.draw
        home = draw.choice([*LISTS["accommodation-status"].values, None])
        ethnicity = draw.choice(LISTS["ethnicity"].values)
        return {
            **dict.fromkeys(PERSON_COLUMNS, "Unknown"),
            "la_code": council, "person": person, "birth_month": birth, "death_date": death,
            "birth_date": birth and birth + timedelta(draw.randint(0, 27)),
            "gender": draw.choice(["Male", "Female", "Female", "Other", "Unknown"]),
            "ethnicity": ethnicity.words, "ethnicity_group": ethnicity.facts["group"],
            "primary_support_reason": draw.choice(LISTS["primary-support-reason"].values).words
            if draw.random() < 0.7 else "Learning disability support",
            "accommodation_status": home.words if home else "Unknown: Presumed at home",
            "accommodation_derived": home is None or draw.random() < 0.1,
            "settled": home is None or home.facts.get("settled") == "yes",
            "has_unpaid_carer": draw.choice(["Yes", "No", "Unknown"]),
        }  # fmt: skip

    def add_costs(self):
        """Costs of most services, the same in every period."""
        draw = self.draw
        frequencies = [value.words for value in LISTS["cost-frequency"].values]
        for event in [event for event in self.events if event["event_type"] == "Service"]:
            cost = {
                "unit_cost": draw.choice([None, "0.00", "0.05", "12.50", "99.99", "1000.00", "-20.00"]),
                "cost_frequency_unit_type": draw.choice([*frequencies, "Weekly", "Weekly", INVALID, None]),
                "planned_units_per_week": draw.choice([None, "0.00", "1.00", "3.50", "7.00", "-2.25"]),
            }
            self.costs += [{**event, **cost, "period": period.code} for period in PERIODS.values()]

    def _in_hospital(self, person, council, birth, start, anchors):
        """One or two spells before reablement, perhaps one more after them. Perhaps a death in the time followed up."""
        draw = self.draw
        first = start + timedelta(draw.choice(DISCHARGED))
        outs = [first] + ([first - timedelta(draw.choice([0, 1, 5]))] if draw.random() < 0.3 else [])
        spells = [(out - timedelta(draw.choice([0, 1, 2, 7, 30])), out) for out in outs]
        if draw.random() < 0.5:
            again = first + timedelta(draw.choice(FOLLOWED_UP))
            spells.append((again, again + timedelta(draw.choice([0, 1, 5]))))
        for number, (admitted, out) in enumerate(spells):
            spell = {
                "la_of_residence": council, "person": person, "spell": f"{person}/{number}", "admission_date": admitted,
                "discharge_date": out, "birth_month": birth, "gender": draw.choice(["Male", "Female", "Unknown", None]),
                "admission_method": "21", "discharge_method": "1", "destination": "19", "treatment_function": "430",
                "management_type": draw.choice(["EM", "NE", "EL"]), "last_episode": 1,
            }  # fmt: skip
            if draw.random() < 0.3:
                odd = draw.choice(list(ODD_SPELLS))
                spell[odd] = draw.choice(ODD_SPELLS[odd])
            self.discharges.append(spell)
            anchors.append(out)
        return first + timedelta(draw.choice(FOLLOWED_UP)) if draw.random() < 0.3 else None


def _kind(column):
    return next((kind for kind, columns in KINDS.items() if columns and column in columns), "VARCHAR")
