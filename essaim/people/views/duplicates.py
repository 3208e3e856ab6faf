"""Files that may be one person: the list, two of them side by side, and what the reader says of them."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from essaim.accounts.permissions import WORKS_WITH_PEOPLE, note_read
from essaim.kernel.access import access
from essaim.kernel.actors import MemberRequest
from essaim.kernel.errors import OperationError
from essaim.people.models import Person
from essaim.people.operations import say_distinct
from essaim.people.permissions import shows_sensitive
from essaim.people.queries import PAIRS_SHOWN, Compared, compare_for, list_duplicates_for


@access(WORKS_WITH_PEOPLE)
def duplicates(request: MemberRequest) -> HttpResponse:
    """The pairs to look at, likeliest first."""
    pairs = list_duplicates_for(request.membership)
    return render(request, "people/duplicates.html", {"pairs": pairs, "is_cut": len(pairs) == PAIRS_SHOWN})


@access(WORKS_WITH_PEOPLE)
def compare(request: MemberRequest, first: str, second: str) -> HttpResponse:
    """Two files side by side."""
    sides = _find(request, first, second)
    is_team = all(shows_sensitive(side.person) for side in sides)
    context = {"sides": sides, "merge_url": _merge_url(first, second) if is_team else "", "is_team": is_team}
    return render(request, "people/compare.html", context)


@access(WORKS_WITH_PEOPLE, methods=("POST",))
def distinct(request: MemberRequest, first: str, second: str) -> HttpResponse:
    """Say that they are two people."""
    one, other = _find(request, first, second)
    try:
        say_distinct(first=one.person, second=other.person, by=request.membership, now=timezone.now())
        messages.success(request, "Noté : ce sont deux personnes. Cette paire ne sera plus proposée.")
    except OperationError as error:
        messages.error(request, error.message)
    return redirect("people:duplicates")


def _find(request: MemberRequest, first: str, second: str) -> tuple[Compared, Compared]:
    try:
        sides = compare_for(request.membership, (first, second))
    except Person.DoesNotExist:
        raise Http404 from None
    for side in sides:
        note_read(request, "person", side.person.code)
    return sides


def _merge_url(first: str, second: str) -> str:
    try:
        return reverse("privacy:merge", args=[first, second])
    except NoReverseMatch:
        return ""
