"""Who is expected, who came: registration, the attendance screen, the sign-in sheet."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from essaim.accounts.permissions import WORKS_WITH_PEOPLE
from essaim.agenda.enums import SessionState
from essaim.agenda.forms.attendance import EXTRA, AttendanceForm, with_someone
from essaim.agenda.forms.sessions import ConfirmForm
from essaim.agenda.models import PlannedSession
from essaim.agenda.operations import cancel_attendance, record_attendance, register, register_group, unregister
from essaim.agenda.queries import Sheet, get_presence_for, get_sheet_for, list_addable_for, list_printable_for
from essaim.agenda.views.planning import warn_left_out
from essaim.agenda.views.session_finding import find_followed_session, find_person, find_session
from essaim.agenda.views.sessions import when_of, where_of, who_of
from essaim.agenda.views.sign_in_sheet import sign_in_sheet
from essaim.kernel.access import access
from essaim.kernel.actors import MemberRequest
from essaim.kernel.days import today
from essaim.kernel.errors import OperationError
from essaim.kernel.formats import count
from essaim.kernel.forms import apply_operation_error
from essaim.kernel.panels import panel
from essaim.people.models import Person

MOST_EXTRA = 50


@access(WORKS_WITH_PEOPLE, methods=("POST",))
def register_people(request: MemberRequest, ref: str) -> HttpResponse:
    """Register everyone of the group, or one person of the action."""
    planned = find_followed_session(request, ref)
    who, now = request.POST.get("personne", ""), timezone.now()
    try:
        if who:
            person = _one_of(list_addable_for(request.membership, planned), who)
            register(planned=planned, person=person, by=request.membership, now=now)
            messages.success(request, f"{person.full_name} est inscrite.")
        else:
            found = register_group(planned=planned, by=request.membership, now=now)
            words = count(found.registered, "personne est inscrite", "personnes sont inscrites")
            messages.success(request, f"{words}.")
            warn_left_out(request, found.left_out)
    except OperationError as error:
        messages.error(request, error.message)
    return redirect("agenda:session", ref)


@access(WORKS_WITH_PEOPLE, methods=("POST",))
def unregister_person(request: MemberRequest, ref: str, code: str) -> HttpResponse:
    """No longer expect someone."""
    planned, person = find_followed_session(request, ref), find_person(request, code)
    try:
        unregister(planned=planned, person=person, by=request.membership, now=timezone.now())
        messages.success(request, f"{person.full_name} n’est plus attendue.")
    except OperationError as error:
        messages.error(request, error.message)
    return redirect("agenda:session", ref)


@access(WORKS_WITH_PEOPLE, methods=("GET", "POST"))
def attendance(request: MemberRequest, ref: str) -> HttpResponse:
    """The sheet of a session: who came, in one screen and one save."""
    planned = find_followed_session(request, ref)
    if planned.state == SessionState.CANCELLED:
        raise Http404
    sheet = get_sheet_for(request.membership, planned, _extra(request, planned))
    data, fills = request.POST or None, "presentes" in request.GET
    initial = {"version": planned.version}
    if data is not None and "ajouter" in data:
        sheet, data = _with_one_more(request, planned, sheet)
    form = AttendanceForm(data, sheet=sheet.rows, fills=fills, initial=initial)
    if request.method == "POST" and "ajouter" not in request.POST and form.is_valid():
        try:
            version, now = form.cleaned_data["version"], timezone.now()
            record_attendance(planned=planned, rows=form.rows, version=version, by=request.membership, now=now)
            messages.success(request, "Les présences sont enregistrées.")
            return redirect("agenda:session", ref)
        except OperationError as error:
            apply_operation_error(form, error)
    return render(request, "agenda/attendance.html", _sheet_context(request, planned, sheet, form))


@access(WORKS_WITH_PEOPLE, methods=("GET", "POST"))
def attendance_cancel(request: MemberRequest, ref: str) -> HttpResponse:
    """Say that a session was noted as held by mistake."""
    planned = find_followed_session(request, ref)
    if planned.state != SessionState.HELD:
        raise Http404
    form = ConfirmForm(request.POST or None, initial={"version": planned.version})
    if request.method == "POST" and form.is_valid():
        try:
            cancel_attendance(planned=planned, by=request.membership, now=timezone.now(), **form.cleaned_data)
            messages.success(request, "Les présences sont annulées : la séance est de nouveau à noter.")
            return redirect("agenda:session", ref)
        except OperationError as error:
            apply_operation_error(form, error)
    context = {"form": form, "planned": planned, "action": planned.session.action, "when": when_of(planned)}
    return render(request, "agenda/attendance_cancel.html", context)


@access(WORKS_WITH_PEOPLE)
def sheet_pdf(request: MemberRequest, ref: str) -> HttpResponse:
    """The sign-in sheet, on paper."""
    planned = find_session(request, ref)
    people = list_printable_for(request.membership, planned)
    return sign_in_sheet(
        planned, people, when=when_of(planned), where=where_of(planned), who=who_of(planned), today=today()
    )


@access(WORKS_WITH_PEOPLE)
@panel("people:person", "presence")
def person_presence(request: MemberRequest, ref: str) -> HttpResponse:
    """What the attendance of a person says."""
    person = find_person(request, ref)
    context = {"person": person, "presence": get_presence_for(request.membership, person, today())}
    return render(request, "agenda/_presence.html", context)


def _one_of(people: Any, code: str) -> Person:
    try:
        return people.get(code=code.replace("\x00", "")[:64])  # type: ignore[no-any-return]
    except Person.DoesNotExist:
        raise Http404 from None


def _extra(request: MemberRequest, planned: PlannedSession) -> list[Person]:
    codes = [code.replace("\x00", "")[:64] for code in request.POST.getlist(EXTRA)[:MOST_EXTRA]]
    return list(list_addable_for(request.membership, planned).filter(code__in=codes)) if codes else []


def _with_one_more(request: MemberRequest, planned: PlannedSession, sheet: Sheet) -> tuple[Sheet, Any]:
    code = request.POST.get("personne", "")
    if not code:
        return sheet, request.POST
    person = _one_of(list_addable_for(request.membership, planned), code)
    sheet = get_sheet_for(request.membership, planned, [*_extra(request, planned), person])
    row = next(row for row in sheet.rows if row.person.pk == person.pk)
    return sheet, with_someone(request.POST, row)


def _sheet_context(
    request: MemberRequest, planned: PlannedSession, sheet: Sheet, form: AttendanceForm
) -> dict[str, Any]:
    shown = {row.person.pk for row in sheet.rows}
    return {
        "planned": planned,
        "action": planned.session.action,
        "sheet": sheet,
        "form": form,
        "extra": [row.person.code for row in sheet.rows if not row.is_registered and row.attendance is None],
        "addable": [person for person in list_addable_for(request.membership, planned) if person.pk not in shown],
        "when": when_of(planned),
        "has_begun": planned.starts <= timezone.now(),
    }
