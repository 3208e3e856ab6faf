"""One fiche."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse

from essaim.accounts.permissions import SIGNED_IN, current_membership
from essaim.guide.engine.catalogue import theme_key
from essaim.guide.models import Practice
from essaim.guide.permissions import may_propose
from essaim.guide.queries import get_fiche
from essaim.kernel.access import access
from essaim.kernel.context import is_allowed
from essaim.kernel.panels import compose


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
            "may_propose": may_propose(current_membership(request)),
            "page": compose(request, "practice", slug, fiche.practice),
        },
    )


def _launch_url(slug: str) -> str:
    """Where the app that launches actions, above this one, does it; nothing while it is not there."""
    try:
        return reverse("journeys:launch", args=[slug])
    except NoReverseMatch:
        return ""
