"""The documents of a file: the tab, the one door through which a file goes out, and its removal."""

from functools import partial

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone

from essaim.accounts.permissions import WORKS_WITH_PEOPLE, note_read
from essaim.kernel.access import access
from essaim.kernel.actors import MemberRequest
from essaim.kernel.errors import OperationError
from essaim.kernel.panels import panel
from essaim.people.engine.filetypes import extension_of
from essaim.people.forms.documents import DocumentForm
from essaim.people.models import Document
from essaim.people.operations import delete_document, store_document
from essaim.people.permissions import shows_sensitive
from essaim.people.queries import get_document_for, list_documents_for
from essaim.people.views.finding import add_part, find_own_person, find_person, tab_url

TAB = "documents"


@access(WORKS_WITH_PEOPLE)
@panel("people:person", TAB)
def documents(request: MemberRequest, code: str) -> HttpResponse:
    """The tab."""
    subject = find_person(request, code)
    context = {
        "person": subject,
        "is_referent_team": shows_sensitive(subject),
        "documents": list_documents_for(request.membership, subject),
    }
    return render(request, "people/_documents.html", context)


@access(WORKS_WITH_PEOPLE, methods=("GET", "POST"))
def document_new(request: MemberRequest, code: str) -> HttpResponse:
    """Keep a document."""
    subject = find_person(request, code)
    form = DocumentForm(request.POST or None, request.FILES or None, is_referent_team=shows_sensitive(subject))
    make = partial(store_document, person=subject)
    return add_part(request, subject, form, make, tab=TAB, title="Ajouter un document", submit="Ajouter le document")


@access(WORKS_WITH_PEOPLE)
def document(request: MemberRequest, code: str, ref: str) -> HttpResponseBase:
    """Give a document back, as a file to keep: no browser opens it in our pages."""
    found = _find(request, code, ref)
    try:
        content = found.file.open("rb")
    except FileNotFoundError:
        raise Http404 from None
    name = f"{found.title}.{extension_of(found.content_type)}"
    response = FileResponse(content, as_attachment=True, filename=name, content_type=found.content_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


@access(WORKS_WITH_PEOPLE, methods=("GET", "POST"))
def document_delete(request: MemberRequest, code: str, ref: str) -> HttpResponse:
    """Remove a document for good."""
    subject, found = find_own_person(request, code), _find(request, code, ref)
    if request.method == "POST":
        try:
            delete_document(document=found, by=request.membership, now=timezone.now())
            messages.success(request, "Le document est supprimé.")
        except OperationError as error:
            messages.error(request, error.message)
        return redirect(tab_url(code, TAB))
    context = {"person": subject, "document": found, "back": tab_url(code, TAB)}
    return render(request, "people/document_delete.html", context)


def _find(request: MemberRequest, code: str, ref: str) -> Document:
    try:
        found = get_document_for(request.membership, code, ref)
    except Document.DoesNotExist:
        raise Http404 from None
    note_read(request, "document", found.ref)
    return found
