import html
import re

import pytest
from django.urls import reverse

from essaim.guide.models import Practice
from tests.factories.accounts import MembershipFactory, UserFactory
from tests.factories.guide import FILES, FIRST, PracticeFactory, indexed_practice, outline_of
from tests.factories.journal import ActionFactory
from tests.factories.journeys import make_action, make_practice

pytestmark = pytest.mark.django_db
COMPLETE = FILES[FIRST]


@pytest.fixture
def counsellor(client_for):
    return client_for(MembershipFactory())


def plain(text: str) -> str:
    """Every kind of space as one space, as a reader sees them."""
    return re.sub(r"\s+", " ", text)


def text_of(response) -> str:
    return plain(html.unescape(re.sub(r"<[^>]+>", " ", response.content.decode())))


@pytest.mark.parametrize(
    "url",
    [reverse("guide:catalogue"), reverse("guide:glossary"), reverse("guide:practice", args=[COMPLETE.slug])],
)
def test_guide_is_for_whoever_is_signed_in(client, client_of, url):
    PracticeFactory()
    assert client.get(url).status_code in (302, 401, 403)
    assert client_of(UserFactory()).get(url).status_code == 200


def test_catalogue_shows_a_card_for_each_fiche(counsellor):
    for slug in FILES:
        PracticeFactory(slug=slug)
    page = counsellor.get(reverse("guide:catalogue"))
    source = page.content.decode()
    assert source.count("<article") == 27
    assert "27 initiatives" in text_of(page)
    for practice in FILES.values():
        assert reverse("guide:practice", args=[practice.slug]) in source
    assert "style=" not in source


def test_catalogue_is_filtered_by_its_address(counsellor):
    for slug in FILES:
        indexed_practice(slug)
    page = counsellor.get(reverse("guide:catalogue"), {"theme": "mobilite", "q": "PERMIS"})
    source = page.content.decode()
    assert 0 < source.count("<article") < len(FILES)
    assert 'value="PERMIS"' in source
    assert re.search(r'id="theme-mobilite"[^>]* checked', source)


def test_catalogue_ignores_an_unknown_theme(counsellor):
    PracticeFactory()
    assert counsellor.get(reverse("guide:catalogue"), {"theme": "ailleurs"}).content.count(b"<article") == 1


def test_empty_search_says_what_to_do(counsellor):
    PracticeFactory()
    page = counsellor.get(reverse("guide:catalogue"), {"q": "zzz"})
    assert "Aucune fiche ne répond" in text_of(page)
    assert "Voir toutes les fiches" in text_of(page)


def test_empty_guide_says_so(counsellor):
    assert "Le guide n’est pas encore chargé" in text_of(counsellor.get(reverse("guide:catalogue")))


@pytest.mark.parametrize("quantity", [1, 3])
def test_catalogue_queries_do_not_grow(counsellor, django_assert_max_num_queries, quantity):
    for slug in list(FILES)[:quantity]:
        PracticeFactory(slug=slug)
    counsellor.get(reverse("guide:catalogue"))
    with django_assert_max_num_queries(10) as asked:
        counsellor.get(reverse("guide:catalogue"))
    assert len([query for query in asked.captured_queries if '"guide_practice"' in query["sql"]]) == 1


def test_catalogue_leads_from_a_need_to_fiches_with_why(counsellor):
    for slug in FILES:
        PracticeFactory(slug=slug)
    page = counsellor.get(reverse("guide:catalogue"), {"besoin": "pas-de-permis", "avec": FIRST, "cout_max": "1500,5"})
    assert page.content.decode().count("<article") == 1
    text = text_of(page)
    assert "Une auto-école associative qui prend le temps" in text
    assert "1 fiche choisie" in text and 'value="1500.5"' in page.content.decode()


def test_catalogue_survives_anything_in_its_address(counsellor):
    PracticeFactory()
    odd = {
        "q": "\x00'\"%",
        "besoin": "x",
        "cout_min": "abc",
        "effet": "?",
        "tri": "--",
        "avec": ["a", "a", "b", "c", "d"],
    }
    assert counsellor.get(reverse("guide:catalogue"), odd).status_code == 200


@pytest.mark.parametrize("key", ["mobilisation", "intermediation", "filieres-porteuses", "forums", "mobilite"])
def test_theme_tells_its_questions_and_recommendations(counsellor, key):
    for slug in FILES:
        PracticeFactory(slug=slug)
    page = counsellor.get(reverse("guide:theme", args=[key]))
    text = text_of(page)
    assert page.status_code == 200 and "Ce que le guide recommande" in text
    assert sum(reverse("guide:practice", args=[slug]) in page.content.decode() for slug in FILES) >= 3


def test_unknown_theme_is_not_found(counsellor):
    assert counsellor.get(reverse("guide:theme", args=["ailleurs"])).status_code == 404


def test_three_fiches_side_by_side_and_no_more(counsellor):
    for slug in list(FILES)[:4]:
        PracticeFactory(slug=slug)
    page = counsellor.get(reverse("guide:compare"), {"fiche": [*list(FILES)[:4], "inconnue"]})
    text = text_of(page)
    assert page.content.decode().count('<th scope="col">') == 4
    for label in ("Public", "Durée", "Équipe", "Budget", "Coût par personne", "Effet publié", "Partenaires", "Étapes"):
        assert label in text
    assert "600 €" in text and "150 personnes prévues" in text and "Trois fiches au plus" in text
    assert "Aucune fiche à comparer" in text_of(counsellor.get(reverse("guide:compare")))


def test_complete_fiche_tells_the_path_and_the_figures(counsellor):
    PracticeFactory()
    page = counsellor.get(reverse("guide:practice", args=[COMPLETE.slug]))
    source, text = page.content.decode(), text_of(page)
    assert source.count('class="step-hex"') == len(COMPLETE.presentation.path)
    assert "#hex" in source
    for stage in COMPLETE.presentation.path:
        assert plain(stage.title) in text and plain(stage.text) in text
    assert "177 sur 416" in text
    for figure in ("416", "1 055", "90 000 €", "600 € par personne"):
        assert figure in text
    assert "style=" not in source
    assert "{" not in text


@pytest.mark.parametrize("slug", FILES)
def test_every_fiche_has_its_page(counsellor, slug):
    PracticeFactory(slug=slug)
    page = counsellor.get(reverse("guide:practice", args=[slug]))
    text = text_of(page)
    assert page.status_code == 200
    assert plain(FILES[slug].title) in text
    assert "contract:" not in text
    shown = re.findall(r'<span class="value">([^<]*)</span>', page.content.decode())
    assert len(shown) == len(FILES[slug].indicators)


def test_outline_says_what_is_missing(counsellor):
    PracticeFactory(definition=outline_of())
    text = text_of(counsellor.get(reverse("guide:practice", args=[FIRST])))
    assert "La présentation de cette fiche reste à écrire" in text
    assert "ses étapes restent à décrire" in text


def test_unknown_kind_is_listed_and_forbids_the_launch(counsellor):
    step = {"key": "rite", "kind": "unknown.rite", "label": "Rite d’accueil", "for": "enrolment"}
    definition = {**COMPLETE.definition, "steps": [*COMPLETE.definition["steps"], step]}
    PracticeFactory(definition=definition)
    page = counsellor.get(reverse("guide:practice", args=[COMPLETE.slug]))
    assert "Rite d’accueil" in text_of(page)
    assert "Lancer cette action" not in text_of(page)


def test_a_stage_is_said_to_be_kept_only_when_all_its_steps_are_here(counsellor):
    url = reverse("guide:practice", args=[COMPLETE.slug])
    PracticeFactory()
    kept = sum(bool(stage.steps) for stage in COMPLETE.presentation.path)
    assert text_of(counsellor.get(url)).count("tenu dans Essaim") == kept > 1

    Practice.objects.update(is_current=False)
    gone = next(stage.steps[0] for stage in COMPLETE.presentation.path if stage.steps)
    steps = [{**step, "kind": "unknown.rite"} if step["key"] == gone else step for step in COMPLETE.definition["steps"]]
    PracticeFactory(version=2, definition={**COMPLETE.definition, "steps": steps}, is_current=True)
    assert text_of(counsellor.get(url)).count("tenu dans Essaim") < kept


def test_whoever_may_launch_finds_the_button(client_for):
    PracticeFactory()
    url = reverse("guide:practice", args=[COMPLETE.slug])
    launch = reverse("journeys:launch", args=[COMPLETE.slug])
    assert launch in client_for(MembershipFactory(manager=True)).get(url).content.decode()
    refused = client_for(MembershipFactory(funder=True)).get(url)
    assert launch not in refused.content.decode()
    assert "ne permet pas de lancer une action" in text_of(refused)


def test_fiche_tells_how_many_organisations_launched_it(counsellor):
    url = reverse("guide:practice", args=[make_practice().slug])
    assert "Lancée dans Essaim" not in text_of(counsellor.get(url))

    manager = MembershipFactory(manager=True)
    make_action(manager)
    make_action(manager)
    assert "Lancée dans Essaim par 1 organisation" in text_of(counsellor.get(url))

    make_action()
    assert "Lancée dans Essaim par 2 organisations" in text_of(counsellor.get(url))


def test_imported_actions_are_not_launches_of_this_instance(counsellor):
    practice = make_practice()
    ActionFactory(practice=practice, is_imported=True)
    assert "Lancée dans Essaim" not in text_of(counsellor.get(reverse("guide:practice", args=[practice.slug])))


def test_fiche_proposes_the_year_of_the_start_where_it_follows_it(counsellor):
    PracticeFactory()
    text = text_of(counsellor.get(reverse("guide:practice", args=[COMPLETE.slug])))
    follows = [setting for setting in COMPLETE.settings.values() if setting.at_launch == "start_year"]
    assert follows
    for setting in follows:
        assert f"{setting.label} l’année où l’action commence" in text


def test_fiche_that_does_not_exist_is_not_found(counsellor):
    assert counsellor.get(reverse("guide:practice", args=["inconnue"])).status_code == 404


def test_glossary_page(counsellor):
    text = text_of(counsellor.get(reverse("guide:glossary")))
    assert "France Travail" in text and "DREETS" in text


def test_fiche_asks_for_itself_and_for_the_titles_and_variants_it_names(counsellor, django_assert_max_num_queries):
    PracticeFactory()
    with django_assert_max_num_queries(11) as asked:
        counsellor.get(reverse("guide:practice", args=[COMPLETE.slug]))
    assert len([query for query in asked.captured_queries if 'FROM "guide_practice"' in query["sql"]]) == 3
