"""The words of the guide."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from essaim.accounts.permissions import SIGNED_IN
from essaim.guide.queries import read_glossary
from essaim.kernel.access import access


@access(SIGNED_IN)
def glossary(request: HttpRequest) -> HttpResponse:
    """The words of 2010 and those of today."""
    return render(request, "guide/glossary.html", {"groups": read_glossary()})
