"""The pages of the methods: each has its example, and the reference is what the code makes of it."""

import re
from pathlib import Path

import pytest

from outturn.judgement.method import document
from outturn.judgement.methods import METHODS

ROOT = Path(__file__).parents[2]


def test_the_reference_is_what_the_code_makes():
    made = document(METHODS.values())
    written = (ROOT / "docs" / "reference" / "judgement.md").read_text("utf-8")
    assert written == made, "Run: python -m outturn.judgement.methods > docs/reference/judgement.md"


@pytest.mark.parametrize("slug", METHODS)
def test_a_method_has_its_formula_source_and_examples(slug):
    method = METHODS[slug]
    assert method.how
    assert method.formula
    assert method.source
    examples = list(method.examples())
    assert examples
    assert all(example.given and example.said.endswith(".") for example in examples)


def test_every_verdict_on_a_page_leads_to_a_method_that_is_there():
    templates = ROOT / "src" / "outturn" / "site" / "templates"
    text = "".join(path.read_text("utf-8") for path in templates.rglob("*.html"))
    slugs = set(re.findall(r"how\(\"([a-z-]+)\"\)|url\('method', '([a-z-]+)'\)", text))
    named = {one or other for one, other in slugs}
    assert named
    assert named <= set(METHODS)
