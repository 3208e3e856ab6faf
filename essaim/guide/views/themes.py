"""The synthesis of a theme."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from essaim.accounts.permissions import SIGNED_IN
from essaim.guide.engine.catalogue import THEME_KEYS
from essaim.guide.queries import list_practices, read_theme_pages
from essaim.kernel.access import access


@access(SIGNED_IN)
def theme(request: HttpRequest, key: str) -> HttpResponse:
    """The questions a theme asks, how its fiches answer them, and what the guide recommends."""
    if key not in THEME_KEYS:
        raise Http404
    page = read_theme_pages()[THEME_KEYS[key]]
    titles = {practice.slug: practice.title for practice in list_practices()}
    return render(request, "guide/theme.html", {"page": page, "key": key, "titles": titles})
