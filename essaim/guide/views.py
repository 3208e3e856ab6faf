"""The catalogue, one fiche, the glossary."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse

from essaim.accounts.permissions import SIGNED_IN
from essaim.guide.engine.catalogue import THEME_KEYS, theme_key
from essaim.guide.models import Practice
from essaim.guide.queries import get_fiche, read_glossary, search_practices
from essaim.kernel.access import access
from essaim.kernel.context import is_allowed
from essaim.kernel.panels import compose

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


@access(SIGNED_IN)
def practice(request: HttpRequest, slug: str) -> HttpResponse:
    """One fiche, and what it takes to launch it."""
    try:
        fiche = get_fiche(slug)
    except Practice.DoesNotExist as error:
        raise Http404 from error
    launch_url = _launch_url(slug)
    return render(
        request,
        "guide/practice.html",
        {
            "fiche": fiche,
            "practice": fiche.practice,
            "theme_key": theme_key(fiche.practice.theme),
            "launch_url": launch_url if fiche.can_launch else "",
            "may_launch": bool(launch_url) and is_allowed(request, launch_url),
            "page": compose(request, "practice", slug, fiche.practice),
        },
    )


def _launch_url(slug: str) -> str:
    """Where the app that launches actions, above this one, does it; nothing while it is not there."""
    try:
        return reverse("journeys:launch", args=[slug])
    except NoReverseMatch:
        return ""


@access(SIGNED_IN)
def glossary(request: HttpRequest) -> HttpResponse:
    """The words of 2010 and those of today."""
    return render(request, "guide/glossary.html", {"groups": read_glossary()})
