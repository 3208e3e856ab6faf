import pytest

from essaim.guide.engine import practice_from_definition
from essaim.guide.models import Practice
from essaim.guide.queries import get_fiche, get_practice, read_glossary, search_practices
from tests.factories.guide import FILES, FIRST, PracticeFactory, outline_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def guide():
    return [PracticeFactory(slug=slug) for slug in FILES]


def test_search_without_words_gives_the_whole_guide_in_order(guide):
    found = search_practices()
    assert [card.slug for card in found.cards] == list(FILES)
    assert (found.total, found.count_all_themes) == (27, 27)
    assert found.by_theme == {
        "mobilisation": 7, "intermédiation": 8, "filières porteuses": 4, "forums": 3, "mobilité": 5,
    }  # fmt: skip


@pytest.mark.parametrize("words", ["permis", "PERMIS", "évreux permis", "evreux  PERMIS"])
def test_search_forgives_accents_and_capitals(guide, words):
    assert any("Évreux" in card.place for card in search_practices(words=words).cards)


def test_search_counts_each_theme_for_the_words(guide):
    found = search_practices(words="forum", theme="forums")
    assert {card.theme for card in found.cards} == {"forums"}
    assert found.by_theme["forums"] == len(found.cards)
    assert found.count_all_themes >= len(found.cards)


def test_search_without_answer(guide):
    found = search_practices(words="zzz")
    assert (found.cards, found.total, found.count_all_themes) == ((), 27, 0)


def test_search_asks_the_database_once(guide, django_assert_num_queries):
    with django_assert_num_queries(1):
        search_practices(words="emploi")


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
