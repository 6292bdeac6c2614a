"""What a council's files say is what the site reads back: every fact, of every example."""

from pathlib import Path

import pytest

from outturn.plans.files import read_council_files
from outturn.site.councils.actions import load_council
from outturn.site.councils.definitions import catalogue_with
from outturn.site.councils.models import Council
from outturn.site.indicators.models import Result
from outturn.site.indicators.reading import values_of
from outturn.site.indicators.words import words_of
from outturn.site.plans.reading import find_plan, read_plan
from outturn.site.scorecards.reading import find_scorecard, read_scorecard
from outturn.site.trail.models import Change
from outturn.textfiles import FaultyFiles

EXAMPLES = Path(__file__).parents[2] / "examples"
COUNCILS = ["york", "leeds", "harrowmere", "exampleshire"]


@pytest.mark.django_db
@pytest.mark.parametrize("slug", COUNCILS)
def test_a_council_reads_back_as_its_files_say(slug):
    files = read_council_files(EXAMPLES / slug, catalogue_with)
    stored = load_council(EXAMPLES / slug, by="tester")

    assert stored.data() == files.council
    assert files.plans or files.scorecards
    for plan in files.plans:
        assert read_plan(find_plan(slug, plan.slug)) == plan
    for card in files.scorecards:
        assert read_scorecard(find_scorecard(slug, card.slug)) == card
    results = values_of(Result.objects.filter(indicator__council=stored))
    for past in files.history:
        assert past.results.items() <= results[stored.indicators.get(slug=past.slug).id].items()
    slugs = dict(stored.indicators.values_list("id", "slug"))
    words = {(slugs[key], period): said for (key, period), said in words_of(slugs).items()}
    assert words == {(word.indicator, word.period): word.said for word in files.words}


@pytest.mark.django_db
def test_loading_a_council_twice_is_refused_and_changes_nothing():
    load_council(EXAMPLES / "leeds", by="tester")
    changes = Change.objects.count()
    with pytest.raises(FaultyFiles, match="Leeds City Council is in this workspace already"):
        load_council(EXAMPLES / "leeds", by="tester")
    assert Council.objects.count() == 1
    assert Change.objects.count() == changes


@pytest.mark.django_db
def test_one_faulty_line_stores_nothing(tmp_path):
    folder = tmp_path / "leeds"
    for path in (EXAMPLES / "leeds").rglob("*.yaml"):
        copy = folder / path.relative_to(EXAMPLES / "leeds")
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_text(path.read_text("utf-8").replace('"42%"', '"forty-two"'), "utf-8")
    with pytest.raises(FaultyFiles, match="“forty-two” is neither a figure") as refused:
        load_council(folder, by="tester")
    assert all(fault.line for fault in refused.value.faults)
    assert not Council.objects.exists()


@pytest.mark.parametrize("name", ["search", "static", "ł"])
def test_a_council_cannot_take_an_address_of_the_site(tmp_path, name):
    folder = tmp_path / name
    folder.mkdir()
    (folder / "council.yaml").write_text((EXAMPLES / "leeds" / "council.yaml").read_text("utf-8"), "utf-8")
    with pytest.raises(FaultyFiles, match="A council cannot have the address"):
        read_council_files(folder, catalogue_with)


@pytest.mark.django_db
def test_a_council_that_another_process_loads_is_shown_without_a_restart(client, settings):
    from outturn.site.councils.definitions import catalogue

    load_council(EXAMPLES / "leeds", by="tester")
    assert catalogue().within("harrowmere") == []
    load_council(EXAMPLES / "harrowmere", by="outturn load")
    assert len(catalogue().within("harrowmere")) == 12
    assert client.get("/harrowmere/").status_code == 200
    kept = [path.name for path in settings.DEFINITIONS.iterdir()]
    assert sorted(kept) == ["harrowmere", "leeds"]
