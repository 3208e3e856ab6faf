"""Adding someone: search first, then create, or ask to be attached to the file another structure holds."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from essaim.accounts.permissions import WORKS_WITH_PEOPLE
from essaim.kernel.access import access
from essaim.kernel.actors import MemberRequest
from essaim.kernel.errors import OperationError
from essaim.kernel.forms import apply_operation_error
from essaim.kernel.operations.form_keys import create_once
from essaim.people.forms.details import NewPersonForm
from essaim.people.forms.identity import IdentityForm
from essaim.people.operations import (
    SearchBeforeCreate,
    create_person,
    request_attachment,
    search_before_create,
)
from essaim.people.queries import list_matches_for

PAGE = "people/person_new.html"


@access(WORKS_WITH_PEOPLE, methods=("GET", "POST"))
def create(request: MemberRequest) -> HttpResponse:
    """Search, then create."""
    if request.method == "GET":
        return render(request, PAGE, {"form": IdentityForm()})
    if request.POST.get("step") != "create":
        return _search(request)
    form = NewPersonForm(request.POST, viewer=request.membership)
    if form.is_valid():
        try:
            return redirect(_create_once(request, form))
        except OperationError as error:
            apply_operation_error(form, error)
    return render(request, PAGE, {"form": form, "found": _own_matches(request, form), "is_searched": True})


@access(WORKS_WITH_PEOPLE, methods=("POST",))
def attach(request: MemberRequest) -> HttpResponse:
    """Ask the referent of a file that another structure holds to share it."""
    form = IdentityForm(request.POST)
    if form.is_valid() and form.cleaned_data["birth_date"]:
        try:
            request_attachment(**form.cleaned_data, by=request.membership, now=timezone.now())
            messages.success(request, "Demande envoyée. Le référent de ce dossier y répondra.")
        except OperationError as error:
            messages.error(request, error.message)
    else:
        messages.error(request, "Le prénom, le nom et la date de naissance sont nécessaires à cette demande.")
    return redirect("people:person_list")


def _search(request: MemberRequest) -> HttpResponse:
    form = IdentityForm(request.POST)
    if not form.is_valid():
        return render(request, PAGE, {"form": form})
    found = search_before_create(**form.cleaned_data, by=request.membership, now=timezone.now())
    initial = form.cleaned_data | {"referent": request.user}
    creation = NewPersonForm(initial=initial, viewer=request.membership)
    if not any(match.likeness.is_same for match in found.own):
        del creation.fields["is_distinct"]
    context = {"form": creation, "found": found, "is_searched": True, "asked": form.cleaned_data}
    return render(request, PAGE, context)


def _own_matches(request: MemberRequest, form: NewPersonForm) -> SearchBeforeCreate:
    asked = IdentityForm(request.POST)
    own = list_matches_for(request.membership, asked.identity) if asked.is_valid() else []
    if not any(match.likeness.is_same for match in own):
        del form.fields["is_distinct"]
    return SearchBeforeCreate(own)


def _create_once(request: MemberRequest, form: NewPersonForm) -> str:
    now = timezone.now()

    def make() -> str:
        person = create_person(
            details=form.details,
            is_distinct=form.cleaned_data.get("is_distinct", False),
            by=request.membership,
            now=now,
        )
        return reverse("people:person", args=[person.code])

    return create_once(key=form.cleaned_data["form_key"], user=request.user, now=now, create=make)
