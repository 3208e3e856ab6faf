"""Sessions of an action: the tab, a session planned, changed or cancelled, a training planned in one go."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from essaim.accounts.permissions import WORKS_WITH_PEOPLE
from essaim.agenda.enums import SessionState
from essaim.agenda.forms.sessions import ConfirmForm, EditSessionForm
from essaim.agenda.models import PlannedSession
from essaim.agenda.operations import cancel_session, edit_session
from essaim.agenda.queries import (
    capacity_of,
    contents_of,
    days_present,
    expected_days,
    get_sheet_for,
    keep_moment,
    list_addable_for,
    list_open_rooms_for,
    list_sessions_for,
    list_trainers_for,
    session_steps,
    size_advice,
)
from essaim.agenda.views.session_finding import find_action, find_followed_session, find_session, follows
from essaim.journal.models import Action
from essaim.kernel.access import access
from essaim.kernel.actors import MemberRequest
from essaim.kernel.days import paris_day
from essaim.kernel.errors import OperationError
from essaim.kernel.formats import clock, long_day
from essaim.kernel.forms import apply_operation_error
from essaim.kernel.panels import compose, panel
from essaim.kernel.tables import Column, Empty, Filter, Rows, Table, TableView

EVERY, MOMENT, PREFIX = "toutes", "moment", "s-"
MOMENTS = [("to_record", "Présences à noter"), ("past", "Passées"), (EVERY, "Toutes les séances")]


def session_url(planned: PlannedSession) -> str:
    """Where a session is."""
    return reverse("agenda:session", args=[planned.session.ref])


def sessions_url(action: Action) -> str:
    """Where the sessions of an action are."""
    return f"{reverse('journeys:action', args=[action.ref])}?onglet=sessions"


def when_of(planned: PlannedSession) -> str:
    """The day and hours of a session, in words."""
    day = long_day(planned.starts, weekday=True)
    return f"{day[:1].upper()}{day[1:]}, {clock(planned.starts)} à {clock(planned.ends)}"


def where_of(planned: PlannedSession) -> str:
    """The place of a session, in words."""
    return planned.room.name if planned.room else planned.place


def who_of(planned: PlannedSession) -> str:
    """Who animates a session."""
    return planned.trainer.full_name if planned.trainer else planned.trainer_name


def _presence(planned: Any) -> str:
    if planned.state == SessionState.HELD:
        return f"{planned.present} présente{'s' * (planned.present > 1)}"
    if planned.state == SessionState.CANCELLED:
        return "annulée"
    return (
        f"{planned.expected}{f' sur {planned.places}' if planned.places else ''} attendue{'s' * (planned.expected > 1)}"
    )


def _keep(sessions: Rows, value: str) -> Rows:
    return sessions if value == EVERY else keep_moment(sessions, value)


def _acts(planned: PlannedSession) -> list[tuple[str, str]]:
    if planned.state == SessionState.PLANNED and planned.starts <= timezone.now():
        return [("Noter les présences", reverse("agenda:attendance", args=[planned.session.ref]))]
    return []


def _hours(planned: PlannedSession) -> str:
    return f"{clock(planned.starts)} à {clock(planned.ends)}"


def _about(planned: PlannedSession) -> str:
    parts = (planned.session.get_kind_display(), planned.group.name if planned.group else "", who_of(planned))
    words = ", ".join(part for part in parts if part)
    return words[:1].upper() + words[1:]


def _day(starts: datetime) -> str:
    day = long_day(starts, weekday=True, year=False)
    return day[:1].upper() + day[1:]


SESSIONS = Table(
    name="séances",
    noun="séance",
    columns=(
        Column("title", "Séance", "session.title", sort=("session__title",), link=session_url, sub=_about),
        Column("starts", "Quand", "starts", sort=("starts",), show=_day, sub=_hours),
        Column("where", "Lieu", where_of),
        Column("presence", "Personnes", _presence),
    ),
    order="starts",
    filters=(Filter(MOMENT, "Quand", "À venir", MOMENTS, _keep),),
    search=("session__title", "group__name", "room__name"),
    search_label="Titre, groupe ou lieu",
    actions=_acts,
    prefix=PREFIX,
    is_exported=False,
    empty=Empty("Aucune séance à montrer", "Les ateliers, demi-journées et sorties planifiés seront ici."),
)
# A file has one thing a column.
SESSIONS_FILE = replace(
    SESSIONS,
    is_exported=True,
    columns=(
        Column("starts", "Début", "starts", sort=("starts",)),
        Column("ends", "Fin", "ends"),
        Column("title", "Séance", "session.title"),
        Column("kind", "Nature", "session.get_kind_display"),
        Column("group", "Groupe", lambda planned: planned.group.name if planned.group else ""),
        Column("where", "Lieu", where_of),
        Column("who", "Animée par", who_of),
        Column("state", "État", "get_state_display"),
        Column("expected", "Attendues", "expected"),
        Column("present", "Présentes", "present"),
    ),
)


def _read_table(request: MemberRequest, ref: str, kind: Table) -> TableView:
    moment = request.GET.get(f"{PREFIX}{MOMENT}", "")
    found = list_sessions_for(request.membership, find_action(request, ref))
    order = "starts" if moment in ("", "to_record") else "-starts"
    return replace(kind, order=order).read(request.GET, found if moment else keep_moment(found, "coming"))


@access(WORKS_WITH_PEOPLE)
@panel("journeys:action", "sessions")
def session_list(request: MemberRequest, ref: str) -> HttpResponse:
    """The tab of the sessions of an action: those to come, unless it says otherwise."""
    action = find_action(request, ref)
    table = _read_table(request, ref, SESSIONS)
    waiting = keep_moment(list_sessions_for(request.membership, action), "to_record").count()
    file_url = reverse("agenda:session_file", args=[ref])
    context = {
        "action": action,
        "table": table,
        "waiting": waiting,
        "waiting_url": table.url(**{MOMENT: "to_record"}),
        "trainings": session_steps(action, "training") if follows(request, action) else [],
        "may_plan": follows(request, action),
        "files": [(words, file_url + table.url(format=fmt)) for words, fmt in (("CSV", "csv"), ("Excel", "xlsx"))],
    }
    return render(request, "agenda/_session_list.html", context)


@access(WORKS_WITH_PEOPLE)
def session_file(request: MemberRequest, ref: str) -> HttpResponse:
    """The sessions asked for, as a file."""
    return _read_table(request, ref, SESSIONS_FILE).export()


@access(WORKS_WITH_PEOPLE)
def session(request: MemberRequest, ref: str) -> HttpResponse:
    """The page of a session: when, where, with whom, who is expected and who came."""
    planned = find_session(request, ref)
    sheet = get_sheet_for(request.membership, planned)
    action = planned.session.action
    days = days_present([row.person.pk for row in sheet.rows], paris_day(planned.starts))
    may_follow = follows(request, action)
    context = {
        "planned": planned,
        "action": action,
        "sheet": sheet,
        "people": [(row, days.get(row.person.pk, 0)) for row in sheet.rows],
        "expected_days": expected_days(action),
        "places": capacity_of(planned),
        "advice": size_advice(planned, sheet.expected),
        "contents": _content_labels(planned),
        "when": when_of(planned),
        "has_begun": planned.starts <= timezone.now(),
        "may_follow": may_follow,
        "addable": list(list_addable_for(request.membership, planned)) if may_follow and _is_open(planned) else [],
        "page": compose(request, "session", ref, planned, own=("seance", "Séance")),
    }
    return render(request, "agenda/session.html", context)


@access(WORKS_WITH_PEOPLE, methods=("GET", "POST"))
def session_edit(request: MemberRequest, ref: str) -> HttpResponse:
    """Change or move a session."""
    planned = find_followed_session(request, ref)
    action = planned.session.action
    form = EditSessionForm(
        request.POST or None,
        planned=planned,
        contents=contents_of(action, planned.step) if planned.step else [],
        rooms=list_open_rooms_for(request.membership, action),
        trainers=list_trainers_for(request.membership, action),
    )
    if request.method == "POST" and form.is_valid():
        try:
            plan = form.plan(group=planned.group, step=planned.step)
            version = form.cleaned_data["version"]
            edit_session(planned=planned, plan=plan, version=version, by=request.membership, now=timezone.now())
            messages.success(request, "La séance est à jour.")
            return redirect("agenda:session", ref)
        except OperationError as error:
            apply_operation_error(form, error)
    return render(request, "agenda/session_form.html", {"form": form, "planned": planned, "action": action})


@access(WORKS_WITH_PEOPLE, methods=("GET", "POST"))
def session_cancel(request: MemberRequest, ref: str) -> HttpResponse:
    """Cancel a session that will not take place."""
    planned = find_followed_session(request, ref)
    if planned.state != SessionState.PLANNED:
        raise Http404
    form = ConfirmForm(request.POST or None, initial={"version": planned.version})
    if request.method == "POST" and form.is_valid():
        try:
            cancel_session(planned=planned, by=request.membership, now=timezone.now(), **form.cleaned_data)
            messages.success(request, "La séance est annulée. Prévenez les personnes attendues.")
            return redirect("agenda:session", ref)
        except OperationError as error:
            apply_operation_error(form, error)
    sheet = get_sheet_for(request.membership, planned)
    context = {"form": form, "planned": planned, "action": planned.session.action, "sheet": sheet}
    return render(request, "agenda/session_cancel.html", context | {"when": when_of(planned)})


def _content_labels(planned: PlannedSession) -> list[str]:
    labels = dict(contents_of(planned.session.action, planned.step)) if planned.step else {}
    return [labels.get(code, code) for code in planned.contents]


def _is_open(planned: PlannedSession) -> bool:
    return planned.state == SessionState.PLANNED
