"""Applications by stage, and the job interviews they lead to."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from essaim.accounts.permissions import WORKS_WITH_PEOPLE
from essaim.employers.enums import ApplicationStage
from essaim.employers.forms.prospecting import (
    ApplyForm,
    FixInterviewForm,
    InterviewForm,
    MoveForm,
    NextStageForm,
    company_initial,
)
from essaim.employers.models import Application, Approach, JobInterview
from essaim.employers.operations import (
    apply,
    cancel_interview,
    cancel_last_move,
    correct_last_move,
    fix_interview,
    hold_interview,
    miss_interview,
    move_application,
    prepare_interview,
)
from essaim.employers.queries import (
    is_preparation_offered,
    list_applications_for,
    list_interviews_of,
    list_moves_of,
)
from essaim.employers.views.finding import (
    find_action,
    find_application,
    find_approach,
    find_company,
    find_followed,
    find_interview,
    follows,
)
from essaim.journal.models import Action
from essaim.journeys.queries import list_enrolments_for
from essaim.kernel.access import access
from essaim.kernel.actors import MemberRequest
from essaim.kernel.errors import OperationError
from essaim.kernel.forms import EditForm, apply_operation_error
from essaim.kernel.operations.form_keys import create_once
from essaim.kernel.panels import panel

Save = Callable[[Any], str]


@access(WORKS_WITH_PEOPLE)
@panel("journeys:action", "applications")
def board(request: MemberRequest, ref: str) -> HttpResponse:
    """The tab of an action's applications, a column a stage."""
    action = find_action(request, ref)
    found = list(list_applications_for(request.membership, action=action))
    columns = [(stage.label, [one for one in found if one.stage == stage]) for stage in ApplicationStage]
    context = {"action": action, "columns": columns, "total": len(found), "may_apply": follows(request, action)}
    return render(request, "employers/_board.html", context)


@access(WORKS_WITH_PEOPLE, methods=("GET", "POST"))
def apply_for(request: MemberRequest, ref: str) -> HttpResponse:
    """Write a new application. Opened from an approach (``demarche``), the page is filled, and it follows that one."""
    action = find_followed(request, ref)
    enrolments = list(list_enrolments_for(request.membership, action).order_by("person__search_key", "pk"))
    approach = find_approach(request, ref, request.GET["demarche"]) if request.GET.get("demarche") else None
    form = ApplyForm(request.POST or None, enrolments=enrolments, initial=_known(request, approach))
    if request.method == "POST" and form.is_valid():
        try:
            return redirect(_apply(request, form, approach))
        except OperationError as error:
            apply_operation_error(form, error)
    context = {"action": action, "form": form, "approach": approach, "back": _board_url(action)}
    return render(request, "employers/application_form.html", context)


def _apply(request: MemberRequest, form: ApplyForm, approach: Approach | None) -> str:
    def make() -> str:
        made = apply(
            enrolment=form.enrolment,
            company=None,
            approach=approach,
            by=request.membership,
            now=timezone.now(),
            **{name: form.cleaned_data[name] for name in ("company_name", "job", "stage", "on")},
        )
        return _url(made)

    return create_once(key=form.cleaned_data["form_key"], user=request.user, now=timezone.now(), create=make)


@access(WORKS_WITH_PEOPLE, methods=("GET", "POST"))
def application(request: MemberRequest, ref: str, application: str) -> HttpResponse:
    """An application: its stages, its interviews, and the next stage to write."""
    found = find_application(request, ref, application)
    form = NextStageForm(request.POST or None, application=found)

    def save(data: dict[str, Any]) -> str:
        move_application(application=found, by=request.membership, now=timezone.now(), **data)
        return "L’étape est notée."

    done = _saved(request, form, save, _url(found))
    if done:
        return done
    context = {
        "application": found,
        "action": found.action,
        "form": form,
        "moves": list(list_moves_of(found)),
        "interviews": list(list_interviews_of(found)),
        "is_over": found.stage in (ApplicationStage.HIRED, ApplicationStage.REJECTED),
        "back": _board_url(found.action),
    }
    return render(request, "employers/application.html", context)


@access(WORKS_WITH_PEOPLE, methods=("GET", "POST"))
def correct(request: MemberRequest, ref: str, application: str) -> HttpResponse:
    """Set the last stage of an application right."""
    found = find_application(request, ref, application)
    last = list(list_moves_of(found))[-1]
    initial = {"stage": last.stage, "on": last.moved_on, "feedback": last.feedback}
    form = MoveForm(request.POST or None, application=found, initial=initial)

    def save(data: dict[str, Any]) -> str:
        correct_last_move(application=found, by=request.membership, now=timezone.now(), **data)
        return "La dernière étape est corrigée."

    context = {"title": "Corriger la dernière étape", "lead": f"{found.person.full_name}, {found.company.name}"}
    page = {"action": found.action, "form": form, "back": _url(found), "submit": "Corriger"}
    return _saved(request, form, save, _url(found)) or render(request, "employers/stage_form.html", context | page)


@access(WORKS_WITH_PEOPLE, methods=("GET", "POST"))
def undo(request: MemberRequest, ref: str, application: str) -> HttpResponse:
    """Cancel the last stage of an application."""
    found = find_application(request, ref, application)
    moves = list(list_moves_of(found))
    form = EditForm(request.POST or None, initial={"version": found.version})

    def save(data: dict[str, Any]) -> str:
        cancel_last_move(application=found, by=request.membership, now=timezone.now(), **data)
        return "La dernière étape est annulée."

    after = _url(found) if len(moves) > 1 else _board_url(found.action)
    context = {
        "title": "Annuler la dernière étape" if len(moves) > 1 else "Annuler cette candidature",
        "lead": f"{found.person.full_name}, {found.company.name}",
        "action": found.action,
        "form": form,
        "back": _url(found),
        "consequences": [f"« {found.get_stage_display()} » ne compte plus.", "Le fil en garde la trace."],
    }
    return _saved(request, form, save, after) or render(request, "employers/confirm.html", context)


@access(WORKS_WITH_PEOPLE, methods=("GET", "POST"))
def fix(request: MemberRequest, ref: str, application: str) -> HttpResponse:
    """Fix a job interview."""
    found = find_application(request, ref, application)
    form = FixInterviewForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            return redirect(_fix(request, found, form))
        except OperationError as error:
            error.field = "starts_at" if error.field == "starts" else error.field
            apply_operation_error(form, error)
    context = {"application": found, "action": found.action, "form": form, "back": _url(found)}
    return render(request, "employers/interview_form.html", context)


def _fix(request: MemberRequest, application: Application, form: FixInterviewForm) -> str:
    def make() -> str:
        made = fix_interview(
            application=application,
            starts=form.starts,
            ends=form.ends,
            place=form.cleaned_data["place"],
            by=request.membership,
            now=timezone.now(),
        )
        messages.success(request, "L’entretien est fixé.")
        return _interview_url(made)

    return create_once(key=form.cleaned_data["form_key"], user=request.user, now=timezone.now(), create=make)


@access(WORKS_WITH_PEOPLE)
def interview(request: MemberRequest, ref: str, interview: str) -> HttpResponse:
    """A job interview: prepared, then held or missed."""
    found = find_interview(request, ref, interview)
    return _show_interview(request, found, InterviewForm(interview=found))


@access(WORKS_WITH_PEOPLE, methods=("POST",))
def settle(request: MemberRequest, ref: str, interview: str, act: str) -> HttpResponse:
    """What came of a job interview: ``preparer``, ``passe``, ``manque`` or ``annuler``."""
    found = find_interview(request, ref, interview)
    if act not in SETTLEMENTS:
        raise Http404
    form = InterviewForm(request.POST, interview=found)
    if form.is_valid():
        try:
            messages.success(request, SETTLEMENTS[act](request, found, form.cleaned_data))
            return redirect(_url(found.application) if act == "passe" else _interview_url(found))
        except OperationError as error:
            apply_operation_error(form, error)
    return _show_interview(request, found, form)


def _prepare(request: MemberRequest, interview: JobInterview, data: dict[str, Any]) -> str:
    on, now = data["prepared_on"], timezone.now()
    prepare_interview(interview=interview, on=on or now.date(), version=data["version"], by=request.membership, now=now)
    return "La préparation est notée."


def _hold(request: MemberRequest, interview: JobInterview, data: dict[str, Any]) -> str:
    hold_interview(
        interview=interview,
        feedback=data["feedback"],
        version=data["version"],
        by=request.membership,
        now=timezone.now(),
    )
    return "L’entretien est noté comme passé."


def _miss(request: MemberRequest, interview: JobInterview, data: dict[str, Any]) -> str:
    miss_interview(interview=interview, version=data["version"], by=request.membership, now=timezone.now())
    return "L’entretien est noté comme manqué."


def _cancel(request: MemberRequest, interview: JobInterview, data: dict[str, Any]) -> str:
    cancel_interview(interview=interview, version=data["version"], by=request.membership, now=timezone.now())
    return "L’entretien est annulé : ce moment est libre de nouveau."


SETTLEMENTS: dict[str, Callable[[MemberRequest, JobInterview, dict[str, Any]], str]] = {
    "preparer": _prepare,
    "passe": _hold,
    "manque": _miss,
    "annuler": _cancel,
}


def _show_interview(request: MemberRequest, interview: JobInterview, form: InterviewForm) -> HttpResponse:
    application = interview.application
    context = {
        "interview": interview,
        "application": application,
        "action": application.action,
        "form": form,
        "is_past": interview.starts <= timezone.now(),
        "may_prepare": is_preparation_offered(application.action) and interview.prepared_on is None,
        "back": _url(application),
    }
    return render(request, "employers/interview.html", context)


def _known(request: MemberRequest, approach: Approach | None) -> dict[str, str]:
    """The person and the employer, from the approach or from the page left."""
    if approach is not None:
        participant = approach.enrolment.ref if approach.enrolment else request.GET.get("parcours", "")
        return {"participant": participant, **company_initial(approach.company)}
    company = find_company(request, request.GET["entreprise"]) if request.GET.get("entreprise") else None
    return {"participant": request.GET.get("parcours", ""), **company_initial(company)}


def _saved(request: MemberRequest, form: EditForm, save: Save, after: str) -> HttpResponse | None:
    if request.method != "POST" or not form.is_valid():
        return None
    try:
        messages.success(request, save(form.cleaned_data))
        return redirect(after)
    except OperationError as error:
        apply_operation_error(form, error)
        return None


def _url(application: Application) -> str:
    return reverse("employers:application", args=[application.action.ref, application.ref])


def _interview_url(interview: JobInterview) -> str:
    return reverse("employers:interview", args=[interview.application.action.ref, interview.ref])


def _board_url(action: Action) -> str:
    return f"{reverse('journeys:action', args=[action.ref])}?onglet=applications"
