import pytest

from essaim.guide.engine import practice_from_definition
from essaim.guide.models import Practice
from essaim.guide.queries import get_fiche, get_practice, read_glossary
from tests.factories.guide import FILES, FIRST, PracticeFactory, outline_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def guide():
    return [PracticeFactory(slug=slug) for slug in FILES]


def test_practice_in_force_is_the_current_version():
    old = PracticeFactory(is_current=False)
    new = PracticeFactory(version=2)
    assert old.slug == new.slug
    assert get_practice(new.slug) == new


def test_fiche_names_the_better_fiche_it_sends_to(guide):
    complete = FILES[FIRST]
    titles = {line.see: title for line, title in get_fiche(complete.slug).audience if line.see}
    assert titles == {slug: FILES[slug].title for slug in titles}
    assert titles


def test_complete_fiche_can_be_launched_and_an_outline_cannot():
    PracticeFactory()
    assert get_fiche(FIRST).can_launch
    Practice.objects.all().delete()
    PracticeFactory(definition=outline_of())
    assert not get_fiche(FIRST).can_launch


def test_glossary_explains_the_words_of_2010():
    terms = {term.old: term.now for group in read_glossary() for term in group.terms}
    assert terms["ZUS"] == "QPV"
    assert terms["RMI"] == "RSA"
    assert {"CIVIS", "EMT", "OPCA", "DDTEFP"} <= set(terms)


def test_settings_keep_the_order_of_the_file():
    complete = FILES[FIRST]
    PracticeFactory(slug=complete.slug).refresh_from_db()
    stored = get_practice(complete.slug)
    assert list(practice_from_definition(stored.definition).settings) == list(complete.settings)
