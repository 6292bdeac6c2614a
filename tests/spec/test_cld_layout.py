"""What the files of Client Level Data say, held against the national specification as we know it."""

import pytest

from outturn.returns.layout import EVENT_TYPES, INVALID, classify, heading_key, load_layout

LAYOUT = load_layout()
HEADINGS = """
    LA Code; Reporting Period Start Date; Reporting Period End Date; NHS Number; LA Person Unique Identifier;
    First Name; Last Name; GP Practice Name; GP Practice Code; Gender; Ethnicity; Date of Birth; Date of Death;
    Client Type; Primary Support Reason; Postcode; Accommodation Status; Employment Status; Has Unpaid Carer;
    Autism Spectrum Disorder (ASD); Visual Impairment; Hearing Impairment; Dementia; Client Funding Status; Event Type;
    Event Reference; Event Start Date; Event End Date; Event Description; Event Outcome; Request: Route of Access;
    Assessment Type; Eligible Needs Identified; Method of Assessment; Total Hrs Caring per week;
    No. of adults being cared for; Adult 1 Linked Person_ID; Adult 2 Linked Person_ID; Adult 3 Linked Person_ID;
    Service Type; Service Component; Delivery Mechanism; Provider CQC Location Name; Provider CQC Location ID;
    Review Reason; Review Outcomes Achieved; Method of Review; Unit Cost; Cost Frequency (Unit Type);
    Planned units per week
"""
MAPPED = """
    client-type | Service User | Service user
    client-type | Carer | Unpaid carer
    client-type | Carer known by association | Unpaid carer known by association
    service-type | Carer Support: Direct to Carer | Unpaid carer support: Direct to unpaid carer
    service-type | Carer Support: Support involving the person cared-for | \
Unpaid carer support: Support involving the person cared-for
    service-type | Long Term Support: Nursing Care | Long term support: Nursing care
    service-component | Home Support | Home support or domiciliary care
    service-component | Carer Respite | Unpaid carer respite
    primary-support-reason | Social Support: Support to Carer | Social support: Support to unpaid carer
    primary-support-reason | Social Support: Support for Social Isolation/Other | \
Social support: Support for social isolation or other reason
    ethnicity | Mixed: White and Asian | Mixed or multiple ethnic groups: White and Asian
    review-reason | Planned | Planned review of long term support
    delivery-mechanism | CASSR Managed Personal Budget | CASSR managed personal budget
    accommodation-status | Tenant | Tenant: Local authority or other social housing provider
    accommodation-status | Tenant - private landlord | Tenant: Private landlord
    accommodation-status | Settled mainstream housing with family / friends | \
Settled mainstream housing with family or friends
    accommodation-status | Supported accommodation / supported lodgings / supported group home | \
Supported accommodation, supported lodgings or supported group home
    accommodation-status | Sheltered housing / extra care housing / other sheltered housing | \
Sheltered housing, extra care housing or other sheltered housing
    accommodation-status | Mobile accommodation for Gypsy / Roma and Traveller communities | \
Mobile accommodation for Gypsy, Roma and Traveller communities
    accommodation-status | Rough sleeper / squatting | Rough sleeper or squatting
    accommodation-status | Staying with family / friends as a short-term guest | \
Staying with family or friends as a short term guest
    accommodation-status | Acute / long-term healthcare residential facility or hospital | \
Acute hospital or long term healthcare residential facility
    event-outcome | Progress to Reablement/ST-Max | Progress to reablement/ST-Max
    event-outcome | Progress to Assessment | Progress to assessment, review or reassessment
    event-outcome | Progress to Re-assessment / Unplanned Review | Progress to assessment, review or reassessment
    event-outcome | Progress to financial assessment | Release 1 specification only: Not mapped
    event-outcome | Progress to End of Life Care | Release 1 specification only: Not mapped
    event-outcome | Progress to Support Planning / Services | Progress to support planning or services
    event-outcome | Provision of service | Progress to support planning or services
    event-outcome | No change in package | Continuation of support or services
    event-outcome | NFA - Moved to another LA | NFA: Responsibility moved to another local authority
    event-outcome | NFA - 100% NHS funded care | NFA: Referral to NHS services or NHS funded social care
    event-outcome | NFA - Self-funded client (Inc. 12wk disregard) | NFA: Self-funded client or under 12wk disregard
    event-outcome | NFA - Information & Advice / Signposting only | NFA: Information and advice or signposting
    event-outcome | NFA - Support declined | NFA: Support declined
    event-outcome | NFA - Deceased | NFA: Deceased
    event-outcome | Service ended as planned | NFA: Support ended as planned
    event-outcome | NFA - Support ended: Other reason | NFA: Support ended for other reason
    event-outcome | NFA - No services offered: Other reason | NFA: No services offered for other reason
    event-outcome | NFA- Other | NFA: Other
"""
ORDERS = {  # in the order of the methods that carried Release 1; the rank at NHS England in 2023/24
    "Progress to Reablement/ST-Max": 1, "Progress to Assessment": 2, "Progress to Re-assessment / Unplanned Review": 4,
    "Progress to financial assessment": 9, "Progress to Support Planning / Services": 5, "No change in package": 7,
    "Provision of service": 10, "Progress to End of Life Care": 6, "Admitted to hospital": 3,
    "NFA - Moved to another LA": 12, "NFA - 100% NHS funded care": 13,
    "NFA - Self-funded client (Inc. 12wk disregard)": 15, "NFA - Information & Advice / Signposting only": 14,
    "NFA - Support declined": 16, "NFA - Deceased": 11, "Service ended as planned": 8,
    "NFA - Support ended: Other reason": 17, "NFA - No services offered: Other reason": 18, "NFA- Other": 19,
}  # fmt: skip


def lines(text: str) -> list[list[str]]:
    return [[part.strip() for part in line.split(" | ")] for line in text.strip().splitlines()]


def test_all_fifty_fields_in_the_order_of_the_specification():
    headings = [heading.strip() for heading in " ".join(HEADINGS.split()).split(";")]
    assert [field.header for field in LAYOUT.fields] == headings
    assert len(headings) == 50


def test_a_field_is_called_as_in_the_national_database():
    "The national name is the heading with underscores, so both find the field."
    for field in LAYOUT.fields:
        assert heading_key(field.name) == heading_key(field.header)
        assert LAYOUT.find_heading(field.header) == LAYOUT.find_heading(field.name.upper()) == field.name


@pytest.mark.parametrize(("heading", "name"), [
    ("la code", "la_code"), ("LA_CODE", "la_code"), ("Request Route of Access", "request_route_of_access"),
    ("No of Adults being cared for", "no_of_adults_being_cared_for"), ("Cost Frequency", "cost_frequency_unit_type"),
    ("adult 1 linked person id", "adult_1_linked_person_id"), ("Shoe size", None),
])  # fmt: skip
def test_headings_are_known_in_other_spellings(heading, name):
    assert LAYOUT.find_heading(heading) == name


@pytest.mark.parametrize(("name", "release_1", "release_2"), lines(MAPPED), ids=lambda text: text[:40])
def test_a_release_1_value_becomes_its_release_2_value(name, release_1, release_2):
    assert classify(LAYOUT.lists[name], release_1) == (release_2, "release 1")


def test_a_value_of_both_releases_is_simply_valid():
    assert classify(LAYOUT.lists["accommodation-status"], "Refuge") == ("Refuge", "valid")
    assert classify(LAYOUT.lists["event-outcome"], "Admitted to hospital") == ("Admitted to hospital", "valid")


def test_a_value_of_release_2_alone_says_so():
    "So the release of a file can be told from its values."
    referral = "NFA: Referral to other service within the local authority"
    assert classify(LAYOUT.lists["event-outcome"], referral) == (referral, "release 2")
    assert classify(LAYOUT.lists["client-type"], "Unpaid carer") == ("Unpaid carer", "release 2")


@pytest.mark.parametrize("text", ["NFA - Other", "NFA -Other", "nfa-other", "NFA  –  OTHER"])
def test_release_1_wrote_nfa_other_without_a_space_and_councils_with(text):
    assert classify(LAYOUT.lists["event-outcome"], text) == ("NFA: Other", "spelling")


def test_a_value_in_other_capitals_is_known_and_pointed_out():
    assert classify(LAYOUT.lists["service-type"], "long term SUPPORT: community") == (
        "Long term support: Community",
        "spelling",
    )


def test_a_financial_assessment_is_of_release_1_alone():
    assert classify(LAYOUT.lists["assessment-type"], "Financial Assessment") == ("Financial Assessment", "release 1")


def test_a_bare_white_is_no_ethnicity():
    assert classify(LAYOUT.lists["ethnicity"], "White") == (INVALID, "invalid")


def test_what_the_method_makes_cannot_be_submitted():
    for name, words in (
        ("accommodation-status", "Unknown: Presumed at home"),
        ("service-type", "Short term support: Residential or Nursing care"),
        ("event-outcome", "Release 1 specification only: Not mapped"),
    ):
        assert LAYOUT.lists[name].by_words[words].derived
        assert classify(LAYOUT.lists[name], words) == (INVALID, "invalid")


@pytest.mark.parametrize(("text", "type_"), [
    ("Services", "Service"), ("service", "Service"), ("Assessment event", "Assessment"), ("REVIEWS", "Review"),
    ("Support request", "Request"),
])  # fmt: skip
def test_an_event_type_is_known_by_the_word_in_it(text, type_):
    assert classify(LAYOUT.lists["event-type"], text) == (type_, "spelling")


def test_no_other_text_is_an_event_type():
    assert classify(LAYOUT.lists["event-type"], "Contact") == (INVALID, "invalid")


def test_an_open_list_keeps_what_it_does_not_know():
    assert classify(LAYOUT.lists["route-of-access"], " Police ") == ("Police", "unlisted")


def test_unknown_is_an_answer():
    for name in ("gender", "yes-no-unknown", "primary-support-reason", "accommodation-status", "employment-status"):
        assert classify(LAYOUT.lists[name], "Unknown")[1] == "valid"


def test_nine_accommodations_are_settled_and_eleven_are_not():
    statuses = [value for value in LAYOUT.lists["accommodation-status"].values if not value.derived]
    settled = [value.facts["settled"] for value in statuses]
    assert (settled.count("yes"), settled.count("no")) == (9, 11)
    assert LAYOUT.lists["accommodation-status"].fact("Unknown: Presumed at home", "settled") == "yes"
    assert LAYOUT.lists["accommodation-status"].fact("Unknown: Presumed in community", "settled") == "no"


def test_sixteen_outcomes_can_be_submitted_in_the_order_that_breaks_ties():
    outcomes = LAYOUT.lists["event-outcome"]
    assert len(outcomes.submittable()) == 16
    assert [value.facts["rank"] for value in outcomes.values] == [*(str(rank) for rank in range(1, 18)), "999"]
    unclear = [value.facts["rank"] for value in outcomes.values if value.facts.get("unable_to_classify") == "yes"]
    assert unclear == ["1", "2", "3", "4", "5", "999"]


def test_every_no_further_action_is_one_group():
    for value in LAYOUT.lists["event-outcome"].values:
        assert value.facts["group"] == ("NFA" if value.words.startswith("NFA") else value.words)


def test_the_older_methods_had_other_orders():
    older = LAYOUT.lists["event-outcome-release-1"]
    own = [value for value in older.values if not value.derived]
    assert {value.words: int(value.facts["rank_nhse"]) for value in own} == ORDERS
    assert [int(value.facts["rank_release_1"]) for value in own] == list(range(1, 20))
    for value in own:
        assert classify(LAYOUT.lists["event-outcome"], value.words)[0] == value.facts["becomes"]


def test_the_ranks_of_kinds_of_support():
    services = LAYOUT.lists["service-type"]
    ranked = sorted((rank, value.words) for value in services.values if (rank := value.facts.get("rank")))
    assert [words.split(": ")[1] for _, words in ranked] == [
        "Nursing care", "Residential care", "Community", "Prison", "ST-Max", "Ongoing low level", "Other short term",
    ]  # fmt: skip
    assert len(services.submittable()) == 9


def test_presumed_accommodation_is_on_the_list_of_accommodation():
    known = LAYOUT.lists["accommodation-status"].by_words
    for name in ("service-type", "service-component"):
        for value in LAYOUT.lists[name].values:
            assert value.facts.get("accommodation", "Unknown") in known


def test_weekly_cost_from_other_frequencies():
    frequencies = LAYOUT.lists["cost-frequency"]
    assert frequencies.fact("4-weekly", "units_per_week") == "1/4"
    assert frequencies.fact("Monthly", "units_per_week") == "12/52"
    assert frequencies.fact("Hourly", "units_per_week") == ""
    assert len(frequencies.submittable()) == 11


def test_how_many_values_the_lists_have():
    counts = {"client-type": 3, "gender": 4, "ethnicity": 21, "primary-support-reason": 13, "accommodation-status": 20,
              "employment-status": 7, "hearing-impairment": 6, "visual-impairment": 5, "client-funding-status": 4,
              "service-component": 25, "delivery-mechanism": 3}  # fmt: skip
    assert {name: len(LAYOUT.lists[name].submittable()) for name in counts} == counts


def test_an_ethnicity_begins_with_its_group():
    for value in LAYOUT.lists["ethnicity"].values:
        assert value.words.startswith(f"{value.facts['group']}: ")


@pytest.mark.parametrize("name", ["route-of-access", "assessment-type", "eligible-needs-identified", "hours-caring",
    "method-of-assessment", "method-of-review", "review-reason", "review-outcomes-achieved", "service-component",
])  # fmt: skip
def test_what_could_not_be_established_is_an_open_list(name):
    assert LAYOUT.lists[name].is_open


def test_only_a_service_may_be_without_an_end():
    assert LAYOUT.field("event_end_date").mandatory == {"Request", "Assessment", "Review"}


def test_a_delivery_mechanism_is_never_mandatory():
    assert LAYOUT.field("delivery_mechanism").mandatory == frozenset()


def test_fields_of_one_event_type_belong_to_it_alone():
    modules = {"request": "Request", "assessment": "Assessment", "service": "Service", "review": "Review",
               "cost": "Service"}  # fmt: skip
    for field in LAYOUT.fields:
        assert field.events == (frozenset({modules[field.module]}) if field.module in modules else set(EVENT_TYPES))
        assert field.carers_only == (field.module == "carer")


def test_what_would_tell_who_somebody_is_stays_out_of_logs():
    personal = {field.name for field in LAYOUT.fields if field.personal}
    assert personal >= {"nhs_number", "la_person_unique_identifier", "first_name", "last_name", "date_of_birth",
        "date_of_death", "postcode", "event_reference", "event_description", "adult_3_linked_person_id"}  # fmt: skip
    assert not personal & {field.name for field in LAYOUT.fields if field.type == "list"}
