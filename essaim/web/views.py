"""The pages made of several apps."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from essaim.accounts.permissions import MEMBER, SIGNED_IN, current_membership
from essaim.kernel.access import access
from essaim.web.queries import home_for, search_for


@access(SIGNED_IN)
def home(request: HttpRequest) -> HttpResponse:
    return render(request, "web/home.html", {"home": home_for(current_membership(request))})


@access(MEMBER)
def search(request: HttpRequest) -> HttpResponse:
    return render(request, "web/search.html", {"found": search_for(current_membership(request), request.GET.get("q", ""))})
