"""The catalogue finds a fiche by words, accents and errors forgiven, by a need, and by what it is."""

import pytest

from essaim.guide.engine.finding import Wanted
from essaim.guide.queries import read_need_phrases, search_practices
from essaim.guide.queries.searching import find_words
from tests.factories.guide import FILES, indexed_practice

pytestmark = pytest.mark.django_db
COSTS = {
    slug: practice.presentation.budget.per_person
    for slug, practice in FILES.items()
    if practice.presentation.budget and practice.presentation.budget.per_person is not None
}


@pytest.fixture
def guide():
    return [indexed_practice(slug) for slug in FILES]


def slugs(found) -> list[str]:
    return [card.slug for card in found.cards]


def test_search_without_words_gives_the_whole_guide_in_order(guide):
    found = search_practices()
    assert slugs(found) == list(FILES)
    assert (found.total, found.count_all_themes) == (27, 27)
    assert found.by_theme == {
        "mobilisation": 7, "intermédiation": 8, "filières porteuses": 4, "forums": 3, "mobilité": 5,
    }  # fmt: skip


@pytest.mark.parametrize(
    "words", ["auto-école Évreux", "AUTO-ECOLE EVREUX", "evreux  auto ecole", "l’auto-école d’Evreux"]
)
def test_search_forgives_accents_capitals_and_small_words(guide, words):
    assert slugs(search_practices(words=words)) == ["evreux-permis-pour-lavenir"]


@pytest.mark.parametrize(
    ("typed", "understood"),
    [("premis", "permis"), ("aprentissage", "apprentissage"), ("forrum", "forum"), ("véhiculle", "vehicule")],
)
def test_search_forgives_a_typing_error_and_says_what_it_understood(guide, typed, understood):
    found = search_practices(words=typed)
    assert list(found.corrected.values()) == [understood]
    assert slugs(found) == slugs(search_practices(words=understood)) != []


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("mes jeunes n’ont pas le permis", "brive-apprentissage-conduite"),
        ("apprentissage", "tours-apprentissage-nouvelle-chance"),
        ("forum quartier", "toulouse-forum-divercites"),
        ("clause d’insertion", "montpellier-clause-insertion"),
        ("zone franche entreprises", "la-rochelle-prospection-zfu"),
    ],
)
def test_best_answer_comes_first(guide, words, first):
    assert first in slugs(search_practices(words=words))[:3]


def test_answer_shows_the_passage_with_its_words(guide):
    found = find_words("vaccins")
    clip = found.clips[found.practices[0]]
    assert next(piece.lower() for piece, is_found in clip.pieces if is_found) == "vaccins"
    assert not any("⟪" in piece for piece, _ in clip.pieces)


def test_words_that_no_fiche_has_together_give_those_that_have_the_most(guide):
    found = search_practices(words="permis vaccins")
    assert not found.is_whole
    assert {"val-de-reuil-sanofi", "evreux-permis-pour-lavenir"} <= set(slugs(found))


def test_words_that_mean_nothing_here_propose_needs(guide):
    found = search_practices(words="zzzzz")
    assert (found.cards, found.near) == ((), ())
    assert len(found.near_needs) == 6


def test_small_words_alone_ask_nothing(guide):
    assert slugs(search_practices(words="le la de")) == list(FILES)


def test_need_leads_to_its_fiches_in_its_order_with_why(guide):
    for need in read_need_phrases():
        found = search_practices(wanted=Wanted(need=need.key))
        assert slugs(found) == [slug for slug, _ in need.fiches]
        assert found.why == dict(need.fiches)


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (Wanted(effect="licence"), {"brive-apprentissage-conduite", "evreux-permis-pour-lavenir"}),
        (Wanted(public="women", theme="mobilité"), {"perigueux-conduite-accompagnee"}),
        (Wanted(length="day", theme="forums"), {"saint-malo-batissons-notre-avenir", "toulouse-forum-divercites"}),
        (Wanted(team="more"), {"valenciennes-prospection-zfu", "evreux-permis-pour-lavenir"}),
        (Wanted(cost_max=500), {slug for slug, cost in COSTS.items() if cost <= 500}),
        (Wanted(cost_min=2000), {slug for slug, cost in COSTS.items() if cost >= 2000}),
        (Wanted(cost_min=600, cost_max=600), {"marseille-clubs-jeunes"}),
    ],
)
def test_filters(guide, wanted, expected):
    assert set(slugs(search_practices(wanted=wanted))) == expected != set()


def test_bound_on_cost_says_how_many_publish_none(guide):
    assert search_practices(wanted=Wanted(cost_max=10_000)).uncosted == 27 - len(COSTS)


def test_counts_say_what_another_choice_would_give(guide):
    found = search_practices(wanted=Wanted(theme="mobilité", effect="licence"))
    for effect, quantity in found.by_facet["effect"].items():
        other = search_practices(wanted=Wanted(theme="mobilité", effect=effect))
        assert len(other.cards) == quantity
    for theme, quantity in found.by_facet["theme"].items():
        assert len(search_practices(wanted=Wanted(theme=theme, effect="licence")).cards) == quantity


def test_steps_used_are_a_filter(guide):
    kind = FILES["marseille-clubs-jeunes"].steps[-1].kind
    found = search_practices(wanted=Wanted(step=kind))
    assert set(slugs(found)) == {slug for slug, item in FILES.items() if kind in {step.kind for step in item.steps}}


def test_nothing_found_proposes_what_is_near(guide):
    found = search_practices(words="permis", wanted=Wanted(theme="forums", effect="hours"))
    assert found.cards == ()
    assert found.near and found.near_needs


def test_sorts(guide):
    costs = [COSTS.get(slug) for slug in slugs(search_practices(sort="cost"))]
    told = [cost for cost in costs if cost is not None]
    assert costs[: len(told)] == sorted(told)
    titles = [card.title.casefold() for card in search_practices(sort="title").cards]
    assert titles == sorted(titles)
    days = [FILES[slug].finding.days for slug in slugs(search_practices(sort="duration"))]
    assert [day for day in days if day] == sorted(day for day in days if day)


@pytest.mark.parametrize(("words", "most"), [("", 1), ("permis", 4), ("premis conduite", 6), ("emploi des jeunes", 4)])
def test_search_asks_the_database_a_few_times_whatever_the_words(guide, django_assert_max_num_queries, words, most):
    with django_assert_max_num_queries(most):
        search_practices(words=words)


def test_older_version_and_withdrawn_fiche_are_not_found():
    practice = indexed_practice("sedan-acces-mobilite")
    assert find_words("loueur").practices == (practice.pk,)
    practice.is_current = False
    practice.save()
    assert find_words("loueur").practices == ()
