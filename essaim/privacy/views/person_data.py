"""What a person may ask of her data: until when they are kept, a copy, their erasure."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from essaim.accounts.permissions import MANAGES_ORGANISATION, WORKS_WITH_PEOPLE, manages
from essaim.kernel.access import access
from essaim.kernel.actors import MemberRequest
from essaim.kernel.days import today
from essaim.kernel.errors import OperationError
from essaim.kernel.forms import apply_operation_error
from essaim.kernel.panels import panel
from essaim.privacy.enums import ErasureCause
from essaim.privacy.forms.merging import ErasureForm
from essaim.privacy.operations import erase_person, export_person
from essaim.privacy.queries import get_standing, list_reasons_to_wait
from essaim.privacy.views.finding import find_file


@access(WORKS_WITH_PEOPLE)
@panel("people:person", "privacy")
def person_data(request: MemberRequest, ref: str) -> HttpResponse:
    """The tab of the data, for the referent team."""
    person = find_file(request, ref)
    context = {
        "person": person,
        "due": get_standing(person, today()),
        "may_erase": manages(request.membership),
    }
    return render(request, "privacy/_person_data.html", context)


@access(WORKS_WITH_PEOPLE, methods=("POST",))
def export(request: MemberRequest, ref: str) -> HttpResponse:
    """The copy to hand her, as a ZIP."""
    person = find_file(request, ref)
    packed = export_person(person=person, by=request.membership, now=timezone.now())
    response = HttpResponse(packed, content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="donnees-{person.code}.zip"'
    return response


@access(MANAGES_ORGANISATION, methods=("GET", "POST"))
def erase(request: MemberRequest, ref: str) -> HttpResponse:
    """Erase her identity, once its code is typed again."""
    person = find_file(request, ref)
    form = ErasureForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if form.cleaned_data["code"] != person.code:
            form.add_error("code", "Ce n’est pas l’identifiant de ce dossier.")
        else:
            try:
                now = timezone.now()
                erase_person(person=person, cause=ErasureCause.REQUEST, by=request.membership, now=now)
                messages.success(request, "Son identité est effacée. Les chiffres des bilans n’ont pas changé.")
                return redirect("people:person_list")
            except OperationError as error:
                apply_operation_error(form, error)
    context = {"person": person, "form": form, "reasons": list_reasons_to_wait(person, timezone.now())}
    return render(request, "privacy/erase.html", context)
