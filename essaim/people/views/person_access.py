"""Who sees a file: the tab that says so, the answers to those who ask, the end of what was accepted."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from essaim.accounts.permissions import WORKS_WITH_PEOPLE
from essaim.kernel.access import access
from essaim.kernel.actors import MemberRequest
from essaim.kernel.errors import OperationError
from essaim.kernel.panels import panel
from essaim.people.models import AccessGrant, AttachmentRequest
from essaim.people.operations import AttachmentRefused, answer_attachment_request, end_attachment
from essaim.people.permissions import shows_sensitive
from essaim.people.queries import (
    get_attached_grant_for,
    get_attachment_request_for,
    list_attachment_requests_for,
    list_grants_for,
)
from essaim.people.views.finding import find_own_person, find_person, tab_url


@access(WORKS_WITH_PEOPLE)
@panel("people:person", "access")
def grants(request: MemberRequest, code: str) -> HttpResponse:
    """The tab that says who sees this file, and answers those who ask to."""
    subject = find_person(request, code)
    context = {
        "person": subject,
        "is_referent_team": shows_sensitive(subject),
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
    return redirect(tab_url(asked.person.code, "access"))


@access(WORKS_WITH_PEOPLE, methods=("GET", "POST"))
def end(request: MemberRequest, code: str, ref: str) -> HttpResponse:
    """End the attachment that the request ``ref`` opened."""
    subject = find_own_person(request, code)
    try:
        grant = get_attached_grant_for(request.membership, subject, ref)
    except AccessGrant.DoesNotExist:
        raise Http404 from None
    if request.method == "POST":
        try:
            end_attachment(grant=grant, by=request.membership, now=timezone.now())
            messages.success(request, "L’accès est retiré.")
        except OperationError as error:
            messages.error(request, error.message)
        return redirect(tab_url(code, "access"))
    context = {"person": subject, "grant": grant, "back": tab_url(code, "access")}
    return render(request, "people/access_end.html", context)
