"""A person's file: the page that the apps above fill with their parts, and the parts that are people's own."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from essaim.accounts.permissions import WORKS_WITH_PEOPLE, note_read
from essaim.kernel.access import access
from essaim.kernel.actors import MemberRequest
from essaim.kernel.errors import OperationError
from essaim.kernel.forms import apply_operation_error
from essaim.kernel.operations.form_keys import create_once
from essaim.kernel.panels import compose, panel
from essaim.people.forms.files import EditPersonForm, NoteForm
from essaim.people.models import AttachmentRequest, Person
from essaim.people.operations import AttachmentRefused, add_note, answer_attachment_request, update_person
from essaim.people.permissions import shows_sensitive
from essaim.people.queries import (
    describe_age,
    get_attachment_request_for,
    get_person_for,
    get_profile_for,
    list_attachment_requests_for,
    list_grants_for,
    list_notes_for,
    list_present_readers_for,
)


@access(WORKS_WITH_PEOPLE)
def person(request: MemberRequest, code: str) -> HttpResponse:
    """The file: who she is, her parcours, and the open tab."""
    subject = _find(request, code)
    context = {
        "person": subject,
        "age": describe_age(subject),
        "is_referent_team": shows_sensitive(subject),
        "profile": get_profile_for(request.membership, subject),
        "grants": list_present_readers_for(request.membership, subject),
        "page": compose(request, "person", code, subject),
    }
    return render(request, "people/person.html", context)


@access(WORKS_WITH_PEOPLE, methods=("GET", "POST"))
def edit(request: MemberRequest, code: str) -> HttpResponse:
    """Names, contacts and referent."""
    subject = _find(request, code)
    if not shows_sensitive(subject):
        raise Http404
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


@access(WORKS_WITH_PEOPLE)
@panel("people:person", "notes")
def notes(request: MemberRequest, code: str) -> HttpResponse:
    """The tab of the notes, for the referent team."""
    subject = _find(request, code)
    context = {
        "person": subject,
        "is_referent_team": shows_sensitive(subject),
        "notes": list_notes_for(request.membership, subject),
        "form": NoteForm(),
    }
    return render(request, "people/_notes.html", context)


@access(WORKS_WITH_PEOPLE, methods=("GET", "POST"))
def note_new(request: MemberRequest, code: str) -> HttpResponse:
    """Add a note."""
    subject = _find(request, code)
    if not shows_sensitive(subject):
        raise Http404
    form = NoteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            return redirect(_note_once(request, subject, form))
        except OperationError as error:
            apply_operation_error(form, error)
    return render(request, "people/note_new.html", {"person": subject, "form": form})


@access(WORKS_WITH_PEOPLE)
@panel("people:person", "access")
def grants(request: MemberRequest, code: str) -> HttpResponse:
    """The tab that says who sees this file, and answers those who ask to."""
    subject = _find(request, code)
    context = {
        "person": subject,
        "grants": list_grants_for(request.membership, subject),
        "requests": list_attachment_requests_for(request.membership, subject),
    }
    return render(request, "people/_access.html", context)


@access(WORKS_WITH_PEOPLE, methods=("POST",))
def answer(request: MemberRequest, ref: str) -> HttpResponse:
    """Accept or refuse to share the file."""
    try:
        asked = get_attachment_request_for(request.membership, ref)
    except AttachmentRequest.DoesNotExist:
        raise Http404 from None
    accept = {"accept": True, "refuse": False}.get(request.POST.get("answer", ""))
    try:
        if accept is None:
            raise AttachmentRefused("Choisissez d’accepter ou de refuser.")
        answer_attachment_request(request=asked, accept=accept, by=request.membership, now=timezone.now())
        messages.success(request, "Votre réponse est enregistrée.")
    except OperationError as error:
        messages.error(request, error.message)
    return redirect(f"{reverse('people:person', args=[asked.person.code])}?onglet=access")


def _find(request: MemberRequest, code: str) -> Person:
    try:
        subject = get_person_for(request.membership, code)
    except Person.DoesNotExist:
        raise Http404 from None
    note_read(request, "person", subject.code)
    return subject


def _note_once(request: MemberRequest, subject: Person, form: NoteForm) -> str:
    now = timezone.now()

    def make() -> str:
        add_note(person=subject, text=form.cleaned_data["text"], by=request.membership, now=now)
        return f"{reverse('people:person', args=[subject.code])}?onglet=notes"

    return create_once(key=form.cleaned_data["form_key"], user=request.user, now=now, create=make)
