"""The fil of an action: a tab of its page, and a page of its own for imported actions, which have no other."""

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from essaim.accounts.permissions import STEERS
from essaim.journal.models import Action
from essaim.journal.queries import fil_days, get_action_for, list_facts_of_action_for
from essaim.kernel.access import access

FACTS_SHOWN = 100


@access(STEERS)
def action_fil(request: HttpRequest, ref: str) -> HttpResponse:
    """What happened in an action, newest first, a hundred facts at a time."""
    try:
        action = get_action_for(request.membership, ref)  # type: ignore[attr-defined]
    except Action.DoesNotExist:
        raise Http404 from None
    facts = list_facts_of_action_for(request.membership, action)  # type: ignore[attr-defined]
    page = Paginator(facts, FACTS_SHOWN).get_page(request.GET.get("page"))
    is_part = getattr(request, "is_composing", False)
    context = {"action": action, "days": fil_days(page, with_people=True), "page": page, "is_part": is_part}
    return render(request, "journal/_fil.html" if is_part else "journal/action_fil.html", context)
