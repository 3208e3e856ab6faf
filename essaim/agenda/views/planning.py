"""Planning: a session or a series, and the training of newcomers."""

from datetime import date, timedelta

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from essaim.accounts.permissions import WORKS_WITH_PEOPLE
from essaim.agenda.enums import Holiday
from essaim.agenda.forms.sessions import NewSessionForm, TrainingForm
from essaim.agenda.operations import PlannedSeries, plan_series, plan_session, plan_training
from essaim.agenda.queries import (
    contents_of,
    list_open_rooms_for,
    list_trainers_for,
    proposed_capacity,
    session_steps,
)
from essaim.agenda.views.session_finding import find_followed_action
from essaim.agenda.views.sessions import session_url, sessions_url
from essaim.guide.engine.schema import Step
from essaim.journal.enums import SessionKind
from essaim.journal.models import Action
from essaim.journeys.models import Enrolment
from essaim.journeys.queries import list_groups_of, settings_of
from essaim.kernel.access import access
from essaim.kernel.actors import MemberRequest
from essaim.kernel.days import today
from essaim.kernel.errors import OperationError
from essaim.kernel.formats import count, long_day
from essaim.kernel.forms import apply_operation_error
from essaim.kernel.operations.form_keys import create_once

# What a session and a series take alike from the form.
COMMON = {"kind", "title", "group", "room", "place", "trainer", "trainer_name", "contents", "capacity", "registers"}
USUAL_KINDS = {"training": SessionKind.WORKSHOP, "weekly": SessionKind.GROUP, "around": SessionKind.OTHER}


@access(WORKS_WITH_PEOPLE, methods=("GET", "POST"))
def session_new(request: MemberRequest, ref: str) -> HttpResponse:
    """Plan a session, once or each week, for a step of the practice or beside them."""
    action = find_followed_action(request, ref)
    steps = session_steps(action)
    step = _chosen_step(request, steps)
    form = NewSessionForm(
        request.POST or None,
        initial=_proposals(action, step) | {"group": request.GET.get("groupe", "")},
        groups=list_groups_of(action),
        contents=contents_of(action, step) if step else [],
        rooms=list_open_rooms_for(request.membership, action),
        trainers=list_trainers_for(request.membership, action),
    )
    if request.method == "POST" and form.is_valid():
        try:
            return redirect(_plan_once(request, action, step, form))
        except OperationError as error:
            apply_operation_error(form, error)
    return render(request, "agenda/session_new.html", {"form": form, "action": action, "steps": steps, "step": step})


@access(WORKS_WITH_PEOPLE, methods=("GET", "POST"))
def training_new(request: MemberRequest, ref: str, step: str) -> HttpResponse:
    """Plan the training of newcomers: all its contents, in one go."""
    action = find_followed_action(request, ref)
    if step not in {one.key for one in session_steps(action, "training")}:
        raise Http404
    form = TrainingForm(
        request.POST or None,
        initial={"first_day": _next_monday(), "group": request.GET.get("groupe", "")},
        groups=list_groups_of(action),
        rooms=list_open_rooms_for(request.membership, action),
        trainers=list_trainers_for(request.membership, action),
    )
    if request.method == "POST" and form.is_valid():
        try:
            return redirect(_train_once(request, action, step, form))
        except OperationError as error:
            apply_operation_error(form, error)
    context = {"form": form, "action": action, "contents": contents_of(action, step), "label": _label(action, step)}
    return render(request, "agenda/training_new.html", context | {"weeks": settings_of(action, step).get("weeks")})


def _chosen_step(request: MemberRequest, steps: list[Step]) -> str:
    asked = request.GET.get("etape", steps[0].key if steps else "")
    return asked if asked in {step.key for step in steps} else ""


def _label(action: Action, step: str) -> str:
    return next(one.label for one in session_steps(action) if one.key == step)


def _proposals(action: Action, step: str) -> dict[str, object]:
    phase = str(settings_of(action, step).get("phase")) if step else ""
    return {
        "day": min(max(today(), action.starts), action.ends),
        "starts_at": "09:00",
        "ends_at": "12:00",
        "kind": USUAL_KINDS.get(phase, SessionKind.OTHER),
        "title": _label(action, step) if phase == "weekly" else "",
        "capacity": proposed_capacity(action, step),
    }


def _plan_once(request: MemberRequest, action: Action, step: str, form: NewSessionForm) -> str:
    now, data = timezone.now(), form.cleaned_data
    given = {name: value for name, value in data.items() if name in COMMON} | {"action": action, "step": step}
    given |= {"by": request.membership, "now": now}

    def make() -> str:
        if form.is_series:
            days = {"weekdays": form.chosen_weekdays, "first_day": data["day"], "last_day": data["last_day"]}
            clocks = {"starts_at": data["starts_at"], "ends_at": data["ends_at"]}
            return _told(request, plan_series(**given, **days, **clocks, skips_holidays=not data["keeps_holidays"]))
        plan = form.plan(group=data["group"], step=step)
        planned = plan_session(**given, starts=plan.starts, ends=plan.ends)
        messages.success(request, "La séance est planifiée.")
        return session_url(planned)

    return create_once(key=data["form_key"], user=request.user, now=now, create=make)


def _told(request: MemberRequest, planned: PlannedSeries) -> str:
    words = count(len(planned.sessions), "séance est planifiée", "séances sont planifiées")
    days = ", ".join(f"{long_day(day)} ({Holiday(code).label})" for day, code in planned.holidays)
    messages.success(request, f"{words}." + (f" Jours fériés rencontrés : {days}." if days else ""))
    warn_left_out(request, planned.left_out)
    return sessions_url(planned.series.action)


def _train_once(request: MemberRequest, action: Action, step: str, form: TrainingForm) -> str:
    now = timezone.now()
    given = {key: value for key, value in form.cleaned_data.items() if key != "form_key"}

    def make() -> str:
        planned = plan_training(action=action, step=step, by=request.membership, now=now, **given)
        done = count(len(planned.sessions), "séance est planifiée", "séances sont planifiées")
        messages.success(request, f"{done} : tous les contenus y sont.")
        warn_left_out(request, planned.left_out)
        return sessions_url(action)

    return create_once(key=form.cleaned_data["form_key"], user=request.user, now=now, create=make)


def warn_left_out(request: MemberRequest, left_out: tuple[tuple[Enrolment, str], ...]) -> None:
    """Tell who could not be registered, by reason."""
    reasons: dict[str, list[str]] = {}
    for enrolment, words in left_out:
        reasons.setdefault(words, []).append(enrolment.person.full_name)
    for words, names in reasons.items():
        messages.warning(request, f"Pas inscrites à toutes les séances : {', '.join(names)}. {words}")


def _next_monday() -> date:
    return today() + timedelta(days=7 - today().weekday())
