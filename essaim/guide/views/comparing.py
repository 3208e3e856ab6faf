"""Three fiches side by side."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from essaim.accounts.permissions import SIGNED_IN
from essaim.guide.forms.asking import MOST_COMPARED
from essaim.guide.queries import compare_practices
from essaim.kernel.access import access


@access(SIGNED_IN)
def compare(request: HttpRequest) -> HttpResponse:
    """The fiches of the address, three at most, line by line."""
    asked = list(dict.fromkeys(slug for slug in request.GET.getlist("fiche") if slug and "\x00" not in slug))
    found = compare_practices(asked[:MOST_COMPARED])
    context = {"comparison": found, "is_full": len(found.fiches) == MOST_COMPARED, "is_cut": len(asked) > MOST_COMPARED}
    return render(request, "guide/compare.html", context)
