"""A person's file: the page that the apps above fill with their parts, and the parts that are people's own."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from essaim.accounts.permissions import WORKS_WITH_PEOPLE
from essaim.kernel.access import access
from essaim.kernel.actors import MemberRequest
from essaim.kernel.errors import OperationError
from essaim.kernel.forms import apply_operation_error
from essaim.kernel.panels import compose
from essaim.people.forms.details import EditPersonForm
from essaim.people.operations import update_person
from essaim.people.permissions import shows_sensitive
from essaim.people.queries import (
    describe_age,
    get_kept_code_for,
    get_profile_for,
    is_under_age,
    list_present_readers_for,
    list_team_for,
)
from essaim.people.views.finding import find_own_person, find_person


@access(WORKS_WITH_PEOPLE)
def person(request: MemberRequest, code: str) -> HttpResponse:
    """The file: who she is, her parcours, and the open tab. That of a merged file leads to the one that was kept."""
    if kept := get_kept_code_for(request.membership, code):
        return redirect("people:person", kept)
    subject = find_person(request, code)
    context = {
        "person": subject,
        "age": describe_age(subject),
        "is_minor": is_under_age(subject),
        "team": list_team_for(request.membership, subject).filter(until=None),
        "is_referent_team": shows_sensitive(subject),
        "profile": get_profile_for(request.membership, subject),
        "grants": list_present_readers_for(request.membership, subject),
        "page": compose(request, "person", code, subject),
    }
    return render(request, "people/person.html", context)


@access(WORKS_WITH_PEOPLE, methods=("GET", "POST"))
def edit(request: MemberRequest, code: str) -> HttpResponse:
    """Names, contacts and referent."""
    subject = find_own_person(request, code)
    form = EditPersonForm(request.POST or None, viewer=request.membership, person=subject)
    if request.method == "POST" and form.is_valid():
        try:
            update_person(
                person=subject,
                details=form.details,
                version=form.cleaned_data["version"],
                by=request.membership,
                now=timezone.now(),
            )
            messages.success(request, "Les coordonnées sont enregistrées.")
            return redirect("people:person", code)
        except OperationError as error:
            apply_operation_error(form, error)
    return render(request, "people/person_edit.html", {"person": subject, "form": form})
