"""The pages made of several apps."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from essaim.accounts.permissions import MEMBER, SIGNED_IN, current_membership
from essaim.journeys.permissions import may_launch
from essaim.kernel.access import access
from essaim.people.permissions import works_with_people
from essaim.web.queries import list_home_actions_for, search_for


@access(SIGNED_IN)
def home(request: HttpRequest) -> HttpResponse:
    viewer = current_membership(request)
    if viewer is not None and works_with_people(viewer):
        return redirect("web:todo")
    context = {"actions": list_home_actions_for(viewer), "may_launch": may_launch(viewer)}
    return render(request, "web/home.html", context)


@access(MEMBER)
def search(request: HttpRequest) -> HttpResponse:
    return render(
        request, "web/search.html", {"found": search_for(current_membership(request), request.GET.get("q", ""))}
    )
