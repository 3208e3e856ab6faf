"""The catalogue of fiches."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from essaim.accounts.permissions import SIGNED_IN, current_membership
from essaim.guide.engine.catalogue import theme_key
from essaim.guide.forms.asking import Asked, options, read_asked
from essaim.guide.permissions import may_propose
from essaim.guide.queries import read_need_phrases, search_practices, step_kind_labels
from essaim.guide.queries.catalogue import Catalogue
from essaim.guide.queries.catalogue_words import EFFECTS, LENGTHS, PUBLICS, SORTS, TEAMS
from essaim.kernel.access import access


@access(SIGNED_IN)
def catalogue(request: HttpRequest) -> HttpResponse:
    """Every fiche, or those that speak of some words, answer a need and are what is asked."""
    asked = read_asked(request.GET)
    found = search_practices(words=asked.words, wanted=asked.wanted, sort=asked.sort)
    theme = asked.wanted.theme
    themes = [(theme_key(name), name, count, name == theme) for name, count in found.by_theme.items()]
    context = {
        "catalogue": found,
        "asked": asked,
        "needs": read_need_phrases(),
        "themes": themes,
        "words": asked.words,
        "theme": theme,
        "theme_key": theme_key(theme) if theme else "",
        "filters": _filters(asked, found),
        "may_propose": may_propose(current_membership(request)),
        "sorts": SORTS.items(),
        "answers": [
            (card, found.why.get(card.slug), found.clips.get(card.slug), asked.toggled(card.slug))
            for card in found.cards
        ],
    }
    return render(request, "guide/catalogue.html", context)


def _filters(asked: Asked, found: Catalogue) -> list[tuple[str, str, list[tuple[str, str, int, bool]]]]:
    """The filters of the page: name in the address, label, choices."""
    wanted, counts = asked.wanted, found.by_facet
    rows = (
        ("public", "Pour qui", PUBLICS, "public", wanted.public),
        ("effet", "Effet publié", EFFECTS, "effect", wanted.effect),
        ("duree", "Durée", LENGTHS, "length", wanted.length),
        ("equipe", "Équipe", TEAMS, "team", wanted.team),
        ("etape", "Comporte", step_kind_labels(), "step", wanted.step),
    )
    return [(name, label, options(labels, counts[facet], value)) for name, label, labels, facet, value in rows]
