"""The catalogue of fiches."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from essaim.accounts.permissions import SIGNED_IN
from essaim.guide.engine.catalogue import THEME_KEYS, theme_key
from essaim.guide.queries import search_practices
from essaim.kernel.access import access

LONGEST_SEARCH = 100


@access(SIGNED_IN)
def catalogue(request: HttpRequest) -> HttpResponse:
    """Every fiche, or those of a theme that speak of some words."""
    words = request.GET.get("q", "")[:LONGEST_SEARCH].strip()
    theme = THEME_KEYS.get(request.GET.get("theme", ""), "")
    found = search_practices(words=words, theme=theme)
    themes = [(theme_key(name), name, count, name == theme) for name, count in found.by_theme.items()]
    return render(
        request,
        "guide/catalogue.html",
        {"catalogue": found, "themes": themes, "words": words, "theme": theme},
    )
