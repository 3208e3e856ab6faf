"""The notes of a file, for its referent team."""

from functools import partial

from django.http import HttpResponse
from django.shortcuts import render

from essaim.accounts.permissions import WORKS_WITH_PEOPLE
from essaim.kernel.access import access
from essaim.kernel.actors import MemberRequest
from essaim.kernel.panels import panel
from essaim.people.forms.notes import NoteForm
from essaim.people.operations import add_note
from essaim.people.permissions import shows_sensitive
from essaim.people.queries import list_notes_for
from essaim.people.views.finding import add_part, find_own_person, find_person


@access(WORKS_WITH_PEOPLE)
@panel("people:person", "notes")
def notes(request: MemberRequest, code: str) -> HttpResponse:
    """The tab of the notes, for the referent team."""
    subject = find_person(request, code)
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
    subject = find_own_person(request, code)
    form = NoteForm(request.POST or None)
    return add_part(
        request,
        subject,
        form,
        partial(add_note, person=subject),
        tab="notes",
        title="Ajouter une note",
        submit="Ajouter la note",
    )
