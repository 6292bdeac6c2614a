"""How a council judges, settled on the site: what is kept, what is left alone, and what a word leaves in the trail."""

from datetime import date

import pytest

from outturn.judgement import direction, rag
from outturn.judgement.overrule import AcceptedVariance, Overrule
from outturn.judgement.rag import RollUpBy, Shape
from outturn.judgement.settings import Chosen, DatedRebase, PeerGroup
from outturn.site.councils.models import Council
from outturn.site.indicators.models import Word
from outturn.site.indicators.words import words_of
from outturn.site.trail.models import Change
from outturn.terms.period import Period
from outturn.terms.status import Rag
from tests.site.test_editing import everything, examples, fill, loaded, own_definitions  # noqa: F401  loaded once
from tests.site.test_editing import words_of as text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("examples")]
HARROWMERE = "/harrowmere/judging/edit/"
OCCUPANCY = "/harrowmere/indicators/occupancy/judging/edit/"
HISTORY = "/york/changes/?kind=indicator&subject=pvp02"
ADM65 = "/harrowmere/indicators/adm65-rolling-12-months/judging/edit/"


def judging(slug: str = "harrowmere"):
    return Council.objects.get(slug=slug).data().judging


def test_the_councils_rule_changes_and_what_indicators_have_of_their_own_stays(staff):
    before = judging()
    fill(staff, HARROWMERE, status_rule="Havering", direction_rule="Trend", priorities="worst")
    after = judging()
    assert (after.status, after.direction, after.priorities) == (rag.HAVERING, direction.TREND, RollUpBy.WORST)
    assert after.chosen("reable").status == rag.HAVERING
    assert after.chosen("winter-plan").status == before.chosen("winter-plan").status == rag.EAST_SUSSEX
    assert after.chosen("ot-wait").milestones == before.chosen("ot-wait").milestones
    change = Change.objects.first()
    assert change.after == {"status_rule": "Havering", "direction_rule": "Trend", "priorities": "worst"}


def test_an_indicator_gets_rules_of_its_own_and_loses_them_again(staff):
    usual = judging("york")
    address = "/york/indicators/pvp02/judging/edit/"
    typed = {
        "green_within": "1", "amber_within": "20", "direction_rule": "Trend", "shape": "as given",
        "milestones": "Q1 2018/19: 60\r\nQ2 2018/19: NC", "limits_anew": "2016/17: Why: a new team.",
    }  # fmt: skip
    fill(staff, address, **typed)
    own = judging("york").chosen("pvp02")
    assert own.status.sentence == "Green within 1 of target, otherwise Amber if within 20 of target, otherwise Red."
    assert (own.direction, own.shape) == (direction.TREND, Shape.GIVEN)
    assert [value.printed for value in own.milestones.values()] == ["60", "NC"]
    assert own.rebases == (DatedRebase(Period.year(2016), "Why: a new team."),)
    assert judging("york").chosen("pvp04") == Chosen(usual.status, usual.direction)
    assert "Limits anew nothing 2016/17: Why: a new team." in text_of(staff.get(HISTORY))
    fill(staff, address, **{**dict.fromkeys(typed, ""), "shape": "straight line"})
    assert judging("york") == usual


def test_what_counts_for_a_code_can_be_lifted_for_one_of_its_time_bases(staff):
    council = Council.objects.get(slug="harrowmere")
    council.judging["indicators"]["ADM65"] = {"status": "Within 10%"}
    council.save()
    fill(staff, ADM65, status_rule="")
    usual = judging()
    assert usual.chosen("adm65-rolling-12-months") == Chosen(usual.status, usual.direction)
    assert usual.chosen("adm65-year-to-date-sum").status == rag.WITHIN_10_PER_CENT


def test_a_share_of_a_percentage_is_said_in_points(staff):
    reviews = text_of(staff.get("/harrowmere/indicators/reviews/judging/edit/"))
    assert "10% of the target of 55.0% is 5.5 points." in reviews
    assert "points" not in text_of(staff.get(ADM65)).split("Amber within")[1][:200]


def test_groups_of_councils_are_kept_with_their_notes_and_may_be_chosen_for_an_indicator(staff):
    council = Council.objects.get(slug="harrowmere")
    council.peers = [{"name": "Near", "areas": ["A"], "note": "Agreed in May."}]
    council.save()
    fill(staff, HARROWMERE, region="E12000003", compared_with="Near: A; B\r\nFar: C")
    peers = Council.objects.get(slug="harrowmere").data().peers
    assert peers.region == "E12000003"
    assert peers.groups == (PeerGroup("Near", ("A", "B"), "Agreed in May."), PeerGroup("Far", ("C",)))
    fill(staff, OCCUPANCY, compared_with=["Far"])
    assert judging().chosen("occupancy").peers == ("Far",)
    page = fill(staff, HARROWMERE, compared_with="Near: A")
    assert "There is no group of peers “Far”. The groups are: Near." in text_of(page)


def test_a_status_is_overruled_then_accepted_and_the_trail_has_both(staff):
    fill(
        staff, "/york/indicators/pvp02/words/add/", said="Green", because="Two homes opened.", by="Head of Service",
        since="2 November 2026", until="31 January 2027",
    )  # fmt: skip
    word = Word.objects.get(indicator__code="PVP02")
    told = "Two homes opened.", "Head of Service", date(2026, 11, 2)
    assert words_of([word.indicator_id]) == {
        (word.indicator_id, Period.year(2017)): Overrule(Rag.GREEN, *told, date(2027, 1, 31))
    }
    address = "/york/indicators/pvp02/words/1/edit/"
    fill(staff, address, said="accepted", until="30 November 2026", reason="The scrutiny board asked.")
    assert words_of([word.indicator_id]) == {
        (word.indicator_id, Period.year(2017)): AcceptedVariance(*told, date(2026, 11, 30))
    }
    change = Change.objects.first()
    assert (change.kind, change.subject, change.reason) == ("word", "pvp02/2017-18", "The scrutiny board asked.")
    assert change.before == {"kind": "overrule", "rag": "Green", "until": "2027-01-31"}
    assert "Until 31 January 2027 30 November 2026" in text_of(staff.get(HISTORY))


def test_words_of_many_indicators_take_one_query(staff, django_assert_num_queries):
    keys = list(Word.objects.values_list("indicator_id", flat=True))
    with django_assert_num_queries(1):
        assert len(words_of(keys)) == 2


def test_a_page_of_rules_sent_back_untouched_keeps_every_word_of_the_file(staff):
    before = everything()
    for address in (HARROWMERE, OCCUPANCY, "/harrowmere/indicators/ot-wait/judging/edit/", ADM65):
        fill(staff, address)
    assert everything() == before
