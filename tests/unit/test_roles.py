"""Who may do what, and in which words it is refused."""

import pytest

from outturn.plans.roles import AGREEING, OWN, PERMISSIONS, Deed, Grant, Person, Role

CARE = "Adult Social Care"


def person(*grants, posts=(), stands_in_for=()):
    return Person("ada", "Ada", grants, frozenset(posts), frozenset(stands_in_for))


@pytest.mark.parametrize("role", Role)
def test_every_role_has_its_row_and_reads_at_least_what_is_agreed(role):
    assert Deed.READ_AGREED in PERMISSIONS[role]
    assert not PERMISSIONS[role] & OWN.get(role, frozenset())


@pytest.mark.parametrize("deed", sorted(AGREEING))
def test_only_one_role_agrees_at_each_level_and_no_administrator_does(deed):
    assert len([role for role in Role if deed in PERMISSIONS[role]]) == 1
    assert deed not in PERMISSIONS[Role.ADMINISTRATOR]


def test_a_visitor_may_nothing_and_is_told_to_sign_in():
    assert not any(Person().may(deed, "york") or Person().may_somewhere(deed) for deed in Deed)
    assert Person().why_not(Deed.CHECK, "york").startswith("Sign in to mark")


def test_an_owner_changes_what_their_posts_own_however_the_post_is_spelt():
    ada = person(Grant(Role.OWNER, "york"), posts={("york", "Head of  Commissioning")})
    assert ada.may(Deed.EDIT_FIGURE, "york", CARE, owner="head of commissioning")
    assert ada.may(Deed.EDIT_FIGURE, "york", CARE, owner=("Somebody else", "Head of Commissioning"))
    assert not ada.may(Deed.EDIT_FIGURE, "york", CARE)
    assert not ada.may(Deed.EDIT_FIGURE, "leeds", CARE, owner="Head of Commissioning")
    assert ada.may_somewhere(Deed.EDIT_FIGURE, "york")
    assert ada.why_not(Deed.EDIT_FIGURE, "york", CARE, owner="Director") == (
        "You may type or confirm a figure only where a post of yours is the owner. The owner here is Director."
    )


def test_a_deputy_acts_for_the_posts_of_whoever_is_away():
    deputy = person(Grant(Role.OWNER), stands_in_for={("york", "Head of Commissioning")})
    assert deputy.may(Deed.WRITE_COMMENTARY, "york", owner="Head of Commissioning")


def test_a_role_holds_for_its_services_and_plans_and_not_for_the_whole():
    ben = person(Grant(Role.HEAD_OF_SERVICE, "york", frozenset({CARE})))
    assert ben.may(Deed.AGREE_HEAD, "york", "adult social care")
    for elsewhere in ({"service": "Public Health"}, {}):
        assert not ben.may(Deed.AGREE_HEAD, "york", **elsewhere)
    assert ben.why_not(Deed.AGREE_HEAD, "york", "Public Health").endswith("but not for Public Health.")
    both = Grant(Role.ANALYST, "york", frozenset({CARE}), frozenset({"2026-27"}))
    assert both.covers("york", CARE, "2026-27")
    assert not both.covers("york", CARE, "2025-26")


def test_the_refusal_names_who_may_and_what_you_are():
    eve = person(Grant(Role.ANALYST), Grant(Role.VIEWER))
    assert eve.why_not(Deed.AGREE_DIRECTOR, "york") == (
        "Only a director may agree as director. You are a viewer and analyst."
    )
    assert person().why_not(Deed.CHECK, "york").endswith("You have no role in this council.")
    assert not eve.why_not(Deed.CHECK, "york")
