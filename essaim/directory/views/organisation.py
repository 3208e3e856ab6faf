"""The fiche of one's own organisation."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from essaim.directory.forms import OrganisationForm, initial_of
from essaim.directory.operations import update_organisation
from essaim.directory.permissions import MANAGES_ORGANISATION, MEMBER, manages_organisation
from essaim.directory.queries import get_own_organisation_for, list_territories_for
from essaim.kernel.access import access
from essaim.kernel.actors import MemberRequest
from essaim.kernel.errors import OperationError
from essaim.kernel.forms import apply_operation_error


@access(MEMBER)
def show_organisation(request: MemberRequest) -> HttpResponse:
    context = {
        "organisation": get_own_organisation_for(request.membership),
        "territories": list_territories_for(request.membership),
        "manages": manages_organisation(request),
    }
    return render(request, "directory/organisation.html", context)


@access(MANAGES_ORGANISATION, methods=("GET", "POST"))
def edit_organisation(request: MemberRequest) -> HttpResponse:
    organisation = get_own_organisation_for(request.membership)
    form = OrganisationForm(request.POST or None, initial=initial_of(organisation))
    if request.method == "POST" and form.is_valid():
        try:
            update_organisation(
                organisation=organisation, by=request.membership, now=timezone.now(), **form.cleaned_data
            )
        except OperationError as error:
            apply_operation_error(form, error)
        else:
            messages.success(request, "La fiche de votre organisation est à jour.")
            return redirect("directory:organisation")
    return render(request, "directory/organisation_form.html", {"form": form, "organisation": organisation})
