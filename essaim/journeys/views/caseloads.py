"""Caseloads: who follows how many people, and the review of each month."""

from datetime import date

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from essaim.accounts.models import User
from essaim.accounts.permissions import WORKS_WITH_PEOPLE
from essaim.journeys.enums import ReviewVerdict
from essaim.journeys.forms.hand_overs import HoldReviewForm, ReviewLineForm
from essaim.journeys.operations import CaseloadRefused, decide_review_line, hold_review
from essaim.journeys.queries.caseloads import (
    ReviewRow,
    get_colleague_for,
    get_review_for,
    list_caseloads_for,
    list_moves_for,
    list_review_rows_for,
    list_reviews_for,
)
from essaim.journeys.views.path_finding import find, save_or_show, url_above
from essaim.kernel.access import access
from essaim.kernel.actors import MemberRequest
from essaim.kernel.days import today
from essaim.kernel.exports import export_response
from essaim.kernel.formats import MONTHS

MOVES_SHOWN = 10
COLUMNS = [
    ("person", "Personne"),
    ("action", "Action"),
    ("opened", "Entrée"),
    ("week", "Semaine"),
    ("due", "Terme"),
    ("contact", "Dernier contact"),
    ("verdict", "Décision"),
    ("words", "Précision"),
]


@access(WORKS_WITH_PEOPLE)
def review_list(request: MemberRequest) -> HttpResponse:
    """Each counsellor with her people and the review of the month; a counsellor sees her own."""
    context = {
        "rows": list_caseloads_for(request.membership, today()),
        "month": f"{today():%Y-%m}",
        "moves": list_moves_for(request.membership)[:MOVES_SHOWN],
        "caseloads_url": url_above("agenda:caseloads"),
    }
    return render(request, "journeys/review_list.html", context)


@access(WORKS_WITH_PEOPLE, methods=("GET", "POST"))
def review(request: MemberRequest, user_uuid: str, month: str) -> HttpResponse:
    """The review of a counsellor's parcours for a month; sent, it is held."""
    counsellor, day = _find_colleague(request, user_uuid), _month(month)
    form = HoldReviewForm(
        request.POST or None, viewer=request.membership, counsellor=counsellor, initial={"held_on": today()}
    )

    def save() -> str:
        given = {name: form.cleaned_data[name] for name in ("held_on", "held_with")}
        _hold(request, counsellor, day, **given)
        messages.success(request, "La revue est close.")
        return reverse("journeys:review", args=[user_uuid, month])

    rows = list_review_rows_for(request.membership, counsellor, day, today())
    context = {
        "counsellor": counsellor,
        "month": month,
        "title": f"Revue de {MONTHS[day.month - 1]} {day.year}",
        "rows": rows,
        "verdicts": ReviewVerdict.choices,
        "review": get_review_for(request.membership, counsellor, day),
        "past": list_reviews_for(request.membership, counsellor),
    }
    return save_or_show(request, form, save, "journeys/review.html", context)


@access(WORKS_WITH_PEOPLE, methods=("POST",))
def review_line(request: MemberRequest, user_uuid: str, month: str, parcours: str) -> HttpResponse:
    """Keep what was decided for one parcours."""
    counsellor, day = _find_colleague(request, user_uuid), _month(month)
    rows = list_review_rows_for(request.membership, counsellor, day, today())
    row = next((one for one in rows if one.enrolment.ref == parcours), None)
    form = ReviewLineForm(request.POST)
    if row is None:
        raise Http404
    if form.is_valid():
        _decide(request, counsellor, day, row, form)
    return redirect(f"{reverse('journeys:review', args=[user_uuid, month])}#{parcours}")


@access(WORKS_WITH_PEOPLE)
def review_file(request: MemberRequest, user_uuid: str, month: str) -> HttpResponse:
    """The review as a spreadsheet."""
    counsellor, day = _find_colleague(request, user_uuid), _month(month)
    rows = list_review_rows_for(request.membership, counsellor, day, today())
    return export_response(f"revue-{month}", COLUMNS, [_cells(row) for row in rows], "xlsx")


def _cells(row: ReviewRow) -> list[object]:
    one, line = row.enrolment, row.line
    return [
        one.person.full_name,
        one.action.title,
        one.opened_on,
        row.term.weeks if row.term else "",
        one.due_on or "",
        row.last_contact or "",
        line.get_verdict_display() if line else "",
        line.words if line else "",
    ]


def _hold(request: MemberRequest, counsellor: User, day: date, held_on: date, held_with: User | None) -> None:
    hold_review(
        organisation=request.membership.organisation,
        counsellor=counsellor,
        month=day,
        held_on=held_on,
        held_with=held_with,
        by=request.membership,
        now=timezone.now(),
    )


def _decide(request: MemberRequest, counsellor: User, day: date, row: ReviewRow, form: ReviewLineForm) -> None:
    try:
        decide_review_line(
            organisation=request.membership.organisation,
            counsellor=counsellor,
            month=day,
            enrolment=row.enrolment,
            by=request.membership,
            now=timezone.now(),
            **form.cleaned_data,
        )
    except CaseloadRefused as refusal:
        messages.error(request, refusal.message)


def _find_colleague(request: MemberRequest, user_uuid: str) -> User:
    return find(request, get_colleague_for, user_uuid)


def _month(text: str) -> date:
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        raise Http404 from None
