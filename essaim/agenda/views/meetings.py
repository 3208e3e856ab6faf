"""Meetings: the tab of an action, one's own meetings, the page of one, its documents."""

from dataclasses import replace
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header

from essaim.accounts.permissions import MEMBER
from essaim.agenda.enums import DecisionState, MeetingKind, SessionState
from essaim.agenda.models import Meeting, MeetingDecision
from essaim.agenda.permissions import may_run_meetings, may_settle
from essaim.agenda.queries import (
    document_of,
    get_decision_for,
    get_meeting_for,
    get_sheet_for,
    keep_meetings,
    list_attendees_of,
    list_decisions_for,
    list_decisions_of,
    list_items_of,
    list_meetings_for,
    list_to_review_at,
    minutes_of,
    reads_minutes,
    reminders_of,
    rhythm_in_words,
)
from essaim.agenda.views.session_finding import find_action, follows
from essaim.agenda.views.sessions import when_of, where_of, who_of
from essaim.journal.models import Action
from essaim.kernel.access import access
from essaim.kernel.actors import MemberRequest
from essaim.kernel.days import PARIS, today
from essaim.kernel.formats import clock, long_day
from essaim.kernel.panels import panel
from essaim.kernel.pdf import render_pdf
from essaim.kernel.tables import Column, Empty, Filter, Rows, Table, TableView
from essaim.people.permissions import works_with_people

MEETING_PREFIX, DECISION_PREFIX, OPEN = "r-", "d-", "open"
MOMENTS = [("coming", "À venir"), ("to_write", "Compte rendu à écrire"), ("past", "Passées")]
STATES = [("late", "En retard"), ("open", "À faire"), ("done", "Faites"), ("dropped", "Abandonnées")]


def meeting_url(meeting: Meeting) -> str:
    """Where a meeting is."""
    return reverse("agenda:meeting", args=[meeting.planned.session.ref])


def meetings_url(action: Action) -> str:
    """Where the meetings of an action are."""
    return f"{reverse('journeys:action', args=[action.ref])}?onglet=meetings"


def state_of(meeting: Meeting) -> tuple[str, str, str]:
    """Where a meeting stands: words, tone, icon."""
    if meeting.planned.state == SessionState.CANCELLED:
        return "Annulée", "", "close"
    if meeting.approved_at is not None:
        return "Compte rendu approuvé", "success", "check"
    if meeting.planned.ends <= timezone.now():
        return "Compte rendu à écrire", "warning", "note"
    return "Prévue", "info", "clock"


def _state_words(meeting: Meeting) -> str:
    return state_of(meeting)[0]


def _day(meeting: Meeting) -> str:
    day = long_day(meeting.planned.starts, weekday=True)
    return day[:1].upper() + day[1:]


def _hours(meeting: Meeting) -> str:
    return f"{clock(meeting.planned.starts)} à {clock(meeting.planned.ends)}"


def _kind(meeting: Any) -> str:
    words = str(meeting.get_kind_display())
    return words[:1].upper() + words[1:]


def _people(meeting: Any) -> str:
    if meeting.planned.state == SessionState.HELD:
        return f"{meeting.present} sur {meeting.invited}"
    return f"{meeting.invited} invité·e{'s' * (meeting.invited > 1)}" if meeting.invited else ""


def _decided(meeting: Any) -> str:
    if not meeting.decided:
        return "aucune"
    return f"{meeting.decided}, dont {meeting.undone} à faire" if meeting.undone else str(meeting.decided)


def _keep_kind(rows: Rows, value: str) -> Rows:
    return rows.filter(kind=value)


def _keep_state(rows: Rows, value: str) -> Rows:
    if value == "late":
        return rows.filter(state=DecisionState.OPEN, due_on__lt=today())
    return rows.filter(state=value)


def _due(decision: MeetingDecision) -> str:
    late = decision.state == DecisionState.OPEN and decision.due_on < today()
    return f"{long_day(decision.due_on)}{', en retard' if late else ''}"


def _came(decision: MeetingDecision) -> str:
    words = str(decision.get_state_display())
    return words[:1].upper() + words[1:]


def _decision_url(decision: MeetingDecision) -> str:
    return reverse("agenda:decision", args=[decision.ref])


MEETINGS = Table(
    name="réunions",
    noun="réunion",
    columns=(
        Column(
            "title", "Réunion", "planned.session.title", sort=("planned__session__title",), link=meeting_url, sub=_kind
        ),
        Column("starts", "Quand", _day, sort=("planned__starts",), sub=_hours),
        Column("people", "Personnes", _people),
        Column("decisions", "Décisions", _decided),
        Column("state", "État", _state_words),
    ),
    order="-starts",
    filters=(
        Filter("moment", "Quand", "Toutes les dates", MOMENTS, keep_meetings),
        Filter("nature", "Nature", "Toutes les natures", MeetingKind.choices, _keep_kind),
    ),
    search=("planned__session__title",),
    search_label="Filtrer par titre",
    prefix=MEETING_PREFIX,
    is_exported=False,
    empty=Empty(
        "Aucune réunion pour l’instant", "Comités, jurys et bilans convoqués seront ici, avec leurs comptes rendus."
    ),
)

# A file has one thing a column.
MEETINGS_FILE = replace(
    MEETINGS,
    is_exported=True,
    columns=(
        Column("starts", "Début", "planned.starts", sort=("planned__starts",)),
        Column("ends", "Fin", "planned.ends"),
        Column("title", "Réunion", "planned.session.title"),
        Column("kind", "Nature", "get_kind_display"),
        Column("action", "Action", "planned.session.action.title"),
        Column("where", "Lieu", lambda meeting: where_of(meeting.planned)),
        Column("who", "Tenue par", lambda meeting: who_of(meeting.planned)),
        Column("state", "État", _state_words),
        Column("invited", "Invités", "invited"),
        Column("present", "Présents", "present"),
        Column("decided", "Décisions", "decided"),
        Column("undone", "Décisions à faire", "undone"),
    ),
)
DECISIONS = Table(
    name="décisions des réunions",
    noun="décision",
    columns=(
        Column("words", "Décision", "words", link=_decision_url, sub=lambda one: one.meeting.planned.session.title),
        Column("owner", "Confiée à", "owner_words"),
        Column("due", "Pour le", _due, sort=("due_on", "pk")),
        Column("state", "État", _came, sub=lambda one: one.reason),
    ),
    order="due",
    filters=(Filter("etat", "État", "Tous les états", STATES, _keep_state),),
    search=("words",),
    search_label="Filtrer par mot",
    prefix=DECISION_PREFIX,
    is_exported=False,
    empty=Empty(
        "Aucune décision à montrer", "Ce que les réunions décident sera ici, avec qui s’en charge et pour quand."
    ),
)
DECISIONS_FILE = replace(
    DECISIONS,
    is_exported=True,
    columns=(
        Column("due", "Pour le", "due_on", sort=("due_on", "pk")),
        Column("words", "Décision", "words"),
        Column("owner", "Confiée à", "owner_words"),
        Column("state", "État", "get_state_display"),
        Column("reason", "Ce qui s’est passé", "reason"),
        Column("settled", "Réglée le", "settled_on"),
        Column("meeting", "Réunion", "meeting.planned.session.title"),
        Column("day", "Décidée le", "meeting.planned.starts"),
        Column("action", "Action", "action.title"),
    ),
)


def _files(name: str, table: TableView, *args: str) -> list[tuple[str, str]]:
    address = reverse(name, args=args)
    return [(words, address + table.url(format=fmt)) for words, fmt in (("CSV", "csv"), ("Excel", "xlsx"))]


@access(MEMBER)
@panel("journeys:action", "meetings")
def meeting_list(request: MemberRequest, ref: str) -> HttpResponse:
    """The tab of the meetings of an action, and what they decided."""
    action = find_action(request, ref)
    table = MEETINGS.read(request.GET, list_meetings_for(request.membership, action))
    decisions = DECISIONS.read(request.GET, list_decisions_for(request.membership, action))
    context = {
        "action": action,
        "table": table,
        "decisions": decisions,
        "files": _files("agenda:meeting_file", table, ref),
        "decision_files": _files("agenda:decision_file", decisions, ref),
        "may_run": may_run_meetings(request.membership, action),
    }
    return render(request, "agenda/_meetings.html", context)


@access(MEMBER)
def meeting_file(request: MemberRequest, ref: str) -> HttpResponse:
    """The meetings of an action asked for, as a file."""
    return MEETINGS_FILE.file(request.GET, list_meetings_for(request.membership, find_action(request, ref)))


@access(MEMBER)
def decision_file(request: MemberRequest, ref: str) -> HttpResponse:
    """The decisions of an action asked for, as a file."""
    return DECISIONS_FILE.file(request.GET, list_decisions_for(request.membership, find_action(request, ref)))


@access(MEMBER)
def my_meetings(request: MemberRequest) -> HttpResponse:
    """The meetings that the reader may read, whatever the action, and the decisions given to her."""
    table = MEETINGS.read(request.GET, list_meetings_for(request.membership))
    mine = list_decisions_for(request.membership).filter(owner=request.membership.user_id)
    decisions = DECISIONS.read(request.GET, mine)
    context = {
        "table": table,
        "decisions": decisions,
        "files": _files("agenda:my_meeting_file", table),
        "decision_files": _files("agenda:my_decision_file", decisions),
    }
    return render(request, "agenda/my_meetings.html", context)


@access(MEMBER)
def my_meeting_file(request: MemberRequest) -> HttpResponse:
    """The meetings that the reader may read, as a file."""
    return MEETINGS_FILE.file(request.GET, list_meetings_for(request.membership))


@access(MEMBER)
def my_decision_file(request: MemberRequest) -> HttpResponse:
    """The decisions given to the reader, as a file."""
    mine = list_decisions_for(request.membership).filter(owner=request.membership.user_id)
    return DECISIONS_FILE.file(request.GET, mine)


@access(MEMBER)
def meeting(request: MemberRequest, ref: str) -> HttpResponse:
    """The page of a meeting: agenda, who is invited, what was decided, what it reviews."""
    found = find_meeting(request, ref)
    action, planned = found.planned.session.action, found.planned
    may_run, reads = may_run_meetings(request.membership, action), reads_minutes(request.membership, found)
    context = {
        "meeting": found,
        "planned": planned,
        "action": action,
        "when": when_of(planned),
        "state": state_of(found),
        "has_begun": planned.starts <= timezone.now(),
        "may_run": may_run,
        "reads": reads,
        "items": list_items_of(found),
        "attendees": list_attendees_of(found),
        "decisions": list_decisions_of(found) if reads else [],
        "reviewed": list_to_review_at(found) if may_run else [],
        "rhythm": rhythm_in_words(action, planned.step),
        "reminders": reminders_of(action, planned.step) if may_run else [],
        "document": document_of(found) if may_run else None,
        "sheet": _examined(request, found),
        "is_mine": action.organisation_id == request.membership.organisation_id,
    }
    return render(request, "agenda/meeting.html", context)


@access(MEMBER)
def minutes_pdf(request: MemberRequest, ref: str) -> HttpResponse:
    """The minutes of a meeting, on paper: a draft for who runs it, then as they were approved."""
    found = find_meeting(request, ref)
    if not reads_minutes(request.membership, found):
        raise Http404
    words = minutes_of(found) | {"printed": f"imprimé le {long_day(today())}"}
    return _pdf("agenda/minutes", words, f"compte-rendu-{words['day']}-{ref}.pdf")


@access(MEMBER)
def meeting_document(request: MemberRequest, ref: str) -> HttpResponse:
    """The form of the practice to fill in during a meeting."""
    found = find_run_meeting(request, ref)
    words = document_of(found, request.membership)
    if not words:
        raise Http404
    day = f"{found.planned.starts.astimezone(PARIS):%Y-%m-%d}"
    return _pdf(
        "agenda/meeting_sheet", words | {"printed": f"imprimé le {long_day(today())}"}, f"support-{day}-{ref}.pdf"
    )


def find_meeting(request: MemberRequest, ref: str) -> Meeting:
    """A meeting, for this reader."""
    try:
        return get_meeting_for(request.membership, ref)
    except Meeting.DoesNotExist:
        raise Http404 from None


def find_run_meeting(request: MemberRequest, ref: str) -> Meeting:
    """A meeting, for who runs the meetings of its action."""
    found = find_meeting(request, ref)
    if not may_run_meetings(request.membership, found.planned.session.action):
        raise Http404
    return found


def find_decision(request: MemberRequest, ref: str) -> MeetingDecision:
    """A decision, for this reader."""
    try:
        return get_decision_for(request.membership, ref)
    except MeetingDecision.DoesNotExist:
        raise Http404 from None


def settles(request: MemberRequest, decision: MeetingDecision) -> bool:
    """Whether the reader may say what came of a decision."""
    return may_settle(request.membership, decision.action, decision.owner_id)


def _examined(request: MemberRequest, found: Meeting) -> Any:
    """Who a jury examines, for who follows people in its action: those whose file the reader may open."""
    if found.kind != MeetingKind.JURY or not works_with_people(request.membership):
        return None
    return get_sheet_for(request.membership, found.planned) if follows(request, found.planned.session.action) else None


def _pdf(template: str, words: dict[str, Any], name: str) -> HttpResponse:
    response = HttpResponse(render_pdf(template, words), content_type="application/pdf")
    response["Content-Disposition"] = content_disposition_header(False, name) or "inline"
    return response
