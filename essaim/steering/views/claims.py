"""The claim of an instalment: what is ready, what is missing, the frozen file and its ZIP."""

from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header

from essaim.accounts.permissions import MANAGES_ORGANISATION, note_read
from essaim.journeys.models import Instalment
from essaim.journeys.queries.budget import get_budget_for
from essaim.kernel.access import access
from essaim.kernel.actors import MemberRequest
from essaim.kernel.days import today
from essaim.kernel.errors import OperationError
from essaim.kernel.exports import export_response
from essaim.kernel.operations.form_keys import create_once
from essaim.kernel.zips import stream_zip
from essaim.steering.forms import ClaimForm, ClaimPeriodForm
from essaim.steering.models import ClaimFile
from essaim.steering.operations.claims import freeze_claim
from essaim.steering.queries.claims import (
    claimed_period,
    count_claim,
    get_claim_file_for,
    get_claim_for,
    list_claim_files_of,
    list_claim_lines_for,
    list_figures_since,
    list_frozen_lines_for,
    list_session_sheets_for,
)
from essaim.steering.views.claim_archive import PEOPLE, archive_of, missing_words, people_rows


@access(MANAGES_ORGANISATION)
def claim(request: MemberRequest, ref: str) -> HttpResponse:
    """Who is counted and what each misses, for the period asked."""
    instalment = _find(request, ref)
    agreement = instalment.agreement
    form = ClaimPeriodForm(request.GET, usual=claimed_period(instalment, today()))
    since, until = form.period()
    lines = list_claim_lines_for(request.membership, agreement, since, until)
    context = {
        "instalment": instalment,
        "agreement": agreement,
        "action": agreement.action,
        "form": form,
        "freeze": ClaimForm(initial={"since": since, "until": until}),
        "question": urlencode({"since": since.isoformat(), "until": until.isoformat()}),
        "count": count_claim(lines),
        "incomplete": [(line, missing_words(line.missing)) for line in lines if not line.is_complete],
        "evidence": [missing_words([code]) for code in agreement.evidence],
        "budget": get_budget_for(request.membership, agreement.action),
        "files": list_claim_files_of(instalment),
    }
    return render(request, "steering/claim.html", context)


@access(MANAGES_ORGANISATION, methods=("POST",))
def claim_freeze(request: MemberRequest, ref: str) -> HttpResponse:
    """Freeze the file of a claim."""
    instalment = _find(request, ref)
    form = ClaimForm(request.POST)
    if not form.is_valid():
        messages.error(request, "La période n’est pas lisible : choisissez-la de nouveau.")
        return redirect("steering:claim", ref)
    given = {name: form.cleaned_data[name] for name in ("since", "until")}

    def create() -> str:
        made = freeze_claim(instalment=instalment, by=request.membership, now=timezone.now(), **given)
        return reverse("steering:claim_file", args=[made.ref])

    try:
        key = form.cleaned_data["form_key"]
        return redirect(create_once(key=key, user=request.user, now=timezone.now(), create=create))
    except OperationError as error:
        messages.error(request, error.message)
        return redirect("steering:claim", ref)


@access(MANAGES_ORGANISATION)
def claim_people(request: MemberRequest, ref: str) -> HttpResponse:
    """Everyone counted, with what each misses, as a file."""
    instalment = _find(request, ref)
    since, until = ClaimPeriodForm(request.GET, usual=claimed_period(instalment, today())).period()
    lines = list_claim_lines_for(request.membership, instalment.agreement, since, until)
    note_read(request, "steering.claim", instalment.ref)
    is_workbook = request.GET.get("format") == "xlsx"
    name = f"participants {instalment.ref}"
    return export_response(name, PEOPLE, people_rows(lines), "xlsx" if is_workbook else "csv")


@access(MANAGES_ORGANISATION)
def claim_file(request: MemberRequest, ref: str) -> HttpResponse:
    """A frozen file: what was counted, what changed since."""
    found = _find_file(request, ref)
    lines = list_frozen_lines_for(request.membership, found)
    agreement = found.instalment.agreement
    context = {
        "claim": found,
        "instalment": found.instalment,
        "agreement": agreement,
        "action": agreement.action,
        "count": count_claim(lines),
        "papers": sum(len(line.papers) for line in lines),
        "incomplete": [(line, missing_words(line.missing)) for line in lines if not line.is_complete],
        "changes": list_figures_since(found),
        "evidence": missing_words(found.evidence),
    }
    return render(request, "steering/claim_file.html", context)


@access(MANAGES_ORGANISATION)
def claim_zip(request: MemberRequest, ref: str) -> StreamingHttpResponse:
    """The ZIP of a frozen file; that it was taken, and whose papers, is noted."""
    found = _find_file(request, ref)
    lines = list_frozen_lines_for(request.membership, found)
    sheets = list_session_sheets_for(request.membership, found)
    note_read(request, "steering.claim_file", found.ref)
    for line in lines:
        if line.papers:
            note_read(request, "person", line.enrolment.person.code)
    response = StreamingHttpResponse(
        stream_zip(archive_of(found, lines, sheets, timezone.now())), content_type="application/zip"
    )
    response["Content-Disposition"] = content_disposition_header(True, f"demande-{found.ref}.zip") or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _find(request: MemberRequest, ref: str) -> Instalment:
    try:
        return get_claim_for(request.membership, ref)
    except ObjectDoesNotExist:
        raise Http404 from None


def _find_file(request: MemberRequest, ref: str) -> ClaimFile:
    try:
        return get_claim_file_for(request.membership, ref)
    except ObjectDoesNotExist:
        raise Http404 from None
