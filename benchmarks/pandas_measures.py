"""ASCOF 2A, 2B, 2C, 2E and 3D in plain pandas, as an analyst would write them for one year: what to compare with.

For method DHSC-2526 as executed. Each reads the columns it needs of `events` and `persons`, folders of Parquet files
with one file for each council, and gives (numerator, denominator) by council, part and breakdown; noughts are left out.
Dates are read as datetime64, not as objects. With `categories` coded columns are read as categories, not as strings,
which takes some thought and less memory.

Needs pandas 3 and pyarrow, which Outturn does not: pip install pandas pyarrow
"""

from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path

import pandas as pd

WHO = ["la_code", "person"]
DAY = pd.Timedelta(days=1)
FAR = pd.Timestamp("9999-01-01")
CODED = [
    "la_code", "event_type", "client_type", "service_type", "service_component", "delivery_mechanism", "event_outcome",
    "gender", "primary_support_reason", "accommodation_status",
]  # fmt: skip
NURSING, RESIDENTIAL = "Long term support: Nursing care", "Long term support: Residential care"
COMMUNITY, PRISON = "Long term support: Community", "Long term support: Prison"
LONG_TERM = [NURSING, RESIDENTIAL, COMMUNITY, PRISON]
REABLEMENT, LOW_LEVEL = "Short term support: ST-Max", "Short term support: Ongoing low level"
OTHER_SHORT, SHORT_STAY = "Short term support: Other short term", "Short term support: Residential or Nursing care"
DIRECT, THROUGH_CLIENT = (
    "Unpaid carer support: Direct to unpaid carer",
    "Unpaid carer support: Support involving the person cared-for",
)
NO_ONGOING_SUPPORT = [
    LOW_LEVEL,
    OTHER_SHORT,
    "NFA: Information and advice or signposting",
    "NFA: Support ended as planned",
    "NFA: Responsibility moved to another local authority",
    "NFA: Support ended for other reason",
    "NFA: No services offered for other reason",
    "NFA: Other",
    "NFA: Referral to other service within the local authority",
]
reading = {"categories": False}
Key = tuple[str, str | None, tuple[tuple[str, str], ...]]
Figures = dict[Key, tuple[int, int]]


def reablement(folder: Path, first: pd.Timestamp, last: pd.Timestamp) -> Figures:
    """2A."""
    events = read(
        folder / "events", *WHO, "record_id", "event_type", "client_type", "start_date", "end_date", "service_type",
        "service_component", "event_outcome", "outcome_rank", "unable_to_classify",
    )  # fmt: skip
    events = events[(events.client_type == "Service user") & ends_after_start(events)]
    events["event_outcome"] = events.event_outcome.astype("str").fillna("Invalid and not mapped")
    episodes = reablement_episodes(
        events[(events.event_type == "Service") & (events.service_type == REABLEMENT)]
    ).reset_index(names="episode")
    episodes = episodes[episodes.end_date.between(first, last)]
    episodes = episodes.merge(read(folder / "persons", *WHO, "birth_month", "death_date"), on=WHO, how="left")
    episodes["age_band"] = age_band(episodes.birth_month, episodes.end_date)
    episodes = episodes[episodes.age_band.notna() & ~(episodes.death_date < episodes.start_date)]

    theirs = episodes[[*WHO, "episode", "start_date", "end_date"]].rename(
        columns={"start_date": "began", "end_date": "ended"}
    )
    long_term = events.loc[events.service_type.isin(LONG_TERM), [*WHO, "start_date", "end_date"]].merge(theirs, on=WHO)
    existing = long_term[
        (long_term.start_date < long_term.began)
        & (long_term.end_date.isna() | (long_term.end_date > long_term.began - 91 * DAY))
    ]
    episodes = episodes[~episodes.episode.isin(existing.episode)]

    near = events[events.start_date.between(episodes.start_date.min(), last + 7 * DAY)]
    around = near.merge(theirs[theirs.episode.isin(episodes.episode)], on=WHO)
    around = around[
        (around.start_date >= around.began)
        & (around.start_date <= around.ended + 7 * DAY)
        & (around.end_date.isna() | (around.end_date > around.began))
        & ((around.event_type != "Service") | (around.service_type != REABLEMENT) | (around.start_date > around.ended))
    ]
    final = final_outcomes(episodes, around)
    final = episodes.assign(outcome=episodes.episode.map(final))
    final["counted"] = final.outcome.isin(NO_ONGOING_SUPPORT)
    final["included"] = final.counted | final.outcome.isin([*LONG_TERM, SHORT_STAY])
    return figures(final, None, [], ["age_band"])


def reablement_episodes(services: pd.DataFrame) -> pd.DataFrame:
    """One row for each episode: its first and last day, and the outcome of the service that ended last."""
    services = services.sort_values([*WHO, "start_date", "record_id"])
    services["last_day"] = services.end_date.fillna(FAR)
    so_far = services.groupby(WHO, observed=True, sort=False).last_day.cummax()
    before = so_far.groupby([services.la_code, services.person], observed=True, sort=False).shift()
    services["episode"] = (before.isna() | (services.start_date > before + 7 * DAY)).cumsum()
    began = services.groupby("episode").start_date.min()
    speaks = services.sort_values(
        ["last_day", "unable_to_classify", "outcome_rank", "record_id"], ascending=[False, True, True, False]
    ).drop_duplicates("episode")
    speaks = speaks.set_index("episode")
    return speaks.assign(start_date=began, end_date=speaks.last_day.where(speaks.last_day < FAR)).drop(
        columns=["event_type", "client_type", "service_type", "service_component", "last_day", "record_id"]
    )


def final_outcomes(episodes: pd.DataFrame, around: pd.DataFrame) -> pd.Series:
    """Each episode's final outcome: of all claims the one on the lowest rung, and there the one of the best rank."""
    within = around.end_date <= around.ended
    follows = around[~within]
    next_reablement = follows[follows.service_type == REABLEMENT].groupby("episode").start_date.min()
    until = next_reablement.reindex(follows.episode).to_numpy()
    follows = follows[pd.isna(until) | (follows.start_date < until)]
    tells = (follows.event_type != "Service") & (follows.event_outcome != "NFA: Support ended as planned")
    silent = set(follows.episode) - set(follows.episode[tells])

    support = follows.service_type.map({kind: rank for rank, kind in enumerate([*LONG_TERM, LOW_LEVEL], 1)}).astype(
        "Int64"
    )
    other = follows.service_type == OTHER_SHORT
    stay = other & follows.service_component.isin(["Short term residential care", "Short term nursing care"])
    support = support.mask(other, 7).mask(stay, 6)
    outcome_of_support = follows.service_type.astype("str").mask(stay, SHORT_STAY)
    reviews = around[
        within
        & around.event_type.isin(["Assessment", "Review"])
        & ~around.unable_to_classify
        & (around.end_date > around.ended - 14 * DAY)
    ]
    reviews = reviews.sort_values(["end_date", "outcome_rank", "record_id"], ascending=[False, True, False])
    reviews = reviews.drop_duplicates("episode")
    equipment = around[within & (around.event_type == "Service") & (around.service_component == "Equipment")]
    own = episodes[~episodes.unable_to_classify & ~episodes.episode.isin(silent)]
    told = follows[tells & ~follows.unable_to_classify]
    died = episodes[episodes.death_date <= episodes.end_date + 7 * DAY]
    in_hospital = episodes[episodes.event_outcome == "Admitted to hospital"]
    claims = [
        claim(1, 0, 1, died.episode, "NFA: Deceased"),
        claim(2, 0, 1, in_hospital.episode, in_hospital.event_outcome),
        claim(3, support[support.notna()], 1, follows.episode[support.notna()], outcome_of_support[support.notna()]),
        claim(4, own.outcome_rank, 1, own.episode, own.event_outcome),
        claim(4, told.outcome_rank, 2, told.episode, told.event_outcome),
        claim(4, reviews.outcome_rank, 3, reviews.episode, reviews.event_outcome),
        claim(5, 0, 1, equipment.episode, LOW_LEVEL),
        claim(6, episodes.outcome_rank, 1, episodes.episode, episodes.event_outcome),
    ]
    ordered = pd.concat(claims).sort_values(["rung", "rank", "source"], kind="stable")
    return ordered.drop_duplicates("episode").set_index("episode").outcome


def claim(
    rung: int, rank: "int | pd.Series", source: int, episode: pd.Series, outcome: "str | pd.Series"
) -> pd.DataFrame:
    """Rows that might be the final outcome."""
    return pd.DataFrame({"episode": episode, "rung": rung, "rank": rank, "source": source, "outcome": outcome})


def care_homes(folder: Path, first: pd.Timestamp, last: pd.Timestamp, *, band: str) -> Figures:
    """2B and 2C."""
    events = read(
        folder / "events", *WHO, "event_type", "client_type", "start_date", "end_date", "service_type",
        "service_component", "event_outcome",
    )  # fmt: skip
    stays = events[
        (events.event_type == "Service")
        & (events.client_type == "Service user")
        & events.service_type.isin([NURSING, RESIDENTIAL])
        & events.service_component.isin(["Long term residential care", "Long term nursing care"])
        & (events.start_date <= last)
    ]
    stays = stays.assign(
        until=stays.end_date.fillna(FAR),
        admission=(stays.event_outcome != "NFA: Self-funded client or under 12wk disregard"),
    )
    days = stays.groupby([*WHO, "start_date"], observed=True)[["until", "admission"]].max().reset_index()
    person = days.groupby(WHO, observed=True, sort=False)
    days["earlier"] = person.until.cummax()
    days["earlier"] = days.groupby(WHO, observed=True, sort=False).earlier.shift()
    new = days[
        days.admission
        & days.start_date.between(first, last)
        & (days.earlier.isna() | (days.start_date - days.earlier >= 365 * DAY))
    ]
    new = new.merge(read(folder / "persons", *WHO, "birth_month", "death_date"), on=WHO)
    new = new[new.birth_month.notna() & (new.death_date.isna() | (new.death_date >= first))]
    new["age_band"] = age_band(new.birth_month, new.start_date)
    new = new[new.age_band.notna()].sort_values("start_date").drop_duplicates(WHO)
    new = new[new.age_band == band].assign(counted=True, included=True)
    return figures(new, None, [])


def at_home(folder: Path, first: pd.Timestamp, last: pd.Timestamp) -> Figures:
    """2E."""
    events = read(
        folder / "events", *WHO, "event_type", "client_type", "start_date", "end_date", "service_type"
    )  # fmt: skip
    services = events[
        (events.event_type == "Service")
        & (events.client_type == "Service user")
        & events.service_type.isin(LONG_TERM)
        & (events.start_date <= last)
        & (events.end_date.isna() | (events.end_date >= first))
        & ends_after_start(events)
    ]
    services = services.assign(until=services.end_date.fillna(last).clip(upper=last))
    people = services.groupby(WHO, observed=True).until.max().reset_index()
    people = people.merge(
        read(folder / "persons", *WHO, "birth_month", "death_date", "gender", "primary_support_reason", "settled"),
        on=WHO,
    )
    people = people[people.death_date.isna() | (people.death_date >= first)]
    people["age_band"] = age_band(people.birth_month, people.until)
    people = people[people.age_band.isin(["18 to 64", "65 and above"])]
    people = people.assign(included=True, counted=people.settled)
    disabled = people[
        (people.primary_support_reason == "Learning disability support") & (people.age_band == "18 to 64")
    ]
    groups = ["age_band"], ["age_band", "gender"]
    return figures(people, "all", *groups) | figures(disabled, "learning disability", *groups)


def direct_payments(folder: Path, first: pd.Timestamp, last: pd.Timestamp) -> Figures:
    """3D."""
    events = read(
        folder / "events", *WHO, "event_type", "client_type", "start_date", "end_date", "service_type",
        "service_component", "delivery_mechanism", "event_outcome",
    )  # fmt: skip
    events = events[(events.start_date <= last) & ends_after_start(events)]
    persons = read(folder / "persons", *WHO, "birth_month", "death_date")
    clients = events[
        (events.client_type == "Service user")
        & events.service_type.isin(LONG_TERM)
        & (events.end_date.isna() | (events.end_date >= last))
    ]
    carers = events[
        events.client_type.isin(["Unpaid carer", "Unpaid carer known by association"])
        & (events.end_date.isna() | (events.end_date >= first))
        & (
            events.service_type.isin([DIRECT, THROUGH_CLIENT])
            | (
                events.service_type.isna()
                & (
                    events.event_type.isin(["Assessment", "Review"])
                    | (events.event_outcome == "NFA: Information and advice or signposting")
                )
            )
        )
    ]
    paid = clients.service_component == "Direct payment"
    kind = rank_of_mechanism(clients, paid).where(clients.service_type == COMMUNITY, 7)
    kind = kind.mask(clients.service_type == RESIDENTIAL, 2).mask(clients.service_type == NURSING, 1)
    found = highest(clients, kind, persons, alive_on=last, age_on=last)
    parts = figures_3d(found, "1a", 4, 6) | figures_3d(found, "2a", 3, 6)

    paid = (carers.service_component == "Direct payment") | (carers.delivery_mechanism == "Direct payment")
    direct = (carers.service_type == DIRECT) & (paid | carers.service_component.notna())
    kind = rank_of_mechanism(carers, paid).where(direct, 7)  # what ranks lower than 6 is in no part
    found = highest(carers, kind, persons, alive_on=first, age_on=last)
    return parts | figures_3d(found, "1b", 4, 5) | figures_3d(found, "2b", 3, 5)


def rank_of_mechanism(rows: pd.DataFrame, paid: pd.Series) -> pd.Series:
    """3 direct payment, 4 managed personal budget, 5 commissioned support, 6 not known."""
    known = {"Direct payment": 3, "CASSR managed personal budget": 4, "CASSR commissioned support": 5}
    return rows.delivery_mechanism.astype("str").map(known).fillna(6).mask(paid, 3)


def highest(
    rows: pd.DataFrame, kind: pd.Series, persons: pd.DataFrame, *, alive_on: pd.Timestamp, age_on: pd.Timestamp
) -> pd.DataFrame:
    """Each adult's kind of support that ranks highest."""
    people = rows[WHO].assign(kind=kind).groupby(WHO, observed=True).kind.min().reset_index().merge(persons, on=WHO)
    people = people[people.death_date.isna() | (people.death_date >= alive_on)]
    people["age_band"] = age_band(people.birth_month, age_on)
    return people[people.age_band.notna()]


def figures_3d(people: pd.DataFrame, part: str, last_counted: int, last_included: int) -> Figures:
    """One part of 3D."""
    people = people.assign(counted=people.kind.between(3, last_counted), included=people.kind.between(3, last_included))
    return figures(people, part, [], ["age_band"])


def read(folder: Path, *columns: str) -> pd.DataFrame:
    """Columns of every file in a folder."""
    coded = [name for name in columns if name in CODED] if reading["categories"] else None
    return pd.read_parquet(
        folder, columns=list(columns), read_dictionary=coded, to_pandas_kwargs={"date_as_object": False}
    )


def ends_after_start(events: pd.DataFrame) -> pd.Series:
    """Whether an event is open, or ends on or after its first day."""
    return events.end_date.isna() | (events.end_date >= events.start_date)


def age_band(birth_month: pd.Series, day: "pd.Series | pd.Timestamp") -> pd.Series:
    """By the national age rule, in years of 365.25 days; missing under 18."""
    band = pd.Series("18 to 64", index=birth_month.index, dtype="str")
    band = band.mask(birth_month + 23742 * DAY <= day, "65 and above").mask(birth_month + 6575 * DAY > day)
    return band.mask(birth_month.isna(), "Unknown")


def figures(rows: pd.DataFrame, part: str | None, *groups: list[str]) -> Figures:
    """Numerator and denominator by council and each group; unknown ages and other genders in totals only."""
    found: Figures = {}
    for group in groups:
        sums = rows.groupby(["la_code", *group], observed=True)[["counted", "included"]].sum()
        for index, counted, included in sums.itertuples(name=None):
            area, *values = index if isinstance(index, tuple) else (index,)
            if included and set(values) <= {"18 to 64", "65 and above", "Male", "Female"}:
                found[area, part, tuple(zip(group, values, strict=True))] = int(counted), int(included)
    return found


MEASURES: dict[str, Callable[[Path, pd.Timestamp, pd.Timestamp], Figures]] = {
    "2A": reablement,
    "2B": partial(care_homes, band="18 to 64"),
    "2C": partial(care_homes, band="65 and above"),
    "2E": at_home,
    "3D": direct_payments,
}


def measured(code: str, folder: Path, first: date, last: date, *, categories: bool) -> Figures:
    """A measure's figures between two days."""
    reading["categories"] = categories
    return MEASURES[code](folder, pd.Timestamp(first), pd.Timestamp(last))
