"""Meetings of an action, for who runs them and for who was invited: a partner reads those she attends, never a file."""

from typing import Any

from django.db.models import Count, Exists, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from essaim.accounts.models import Membership, User
from essaim.accounts.permissions import ROLES_STEERING, has_role
from essaim.agenda.enums import AttendanceState, DecisionState, MeetingKind, SessionState
from essaim.agenda.models import AgendaItem, Attendee, Meeting, MeetingDecision, Room
from essaim.agenda.permissions import may_run_meetings
from essaim.guide.engine.practice import text_in_words
from essaim.guide.engine.schema import Step
from essaim.guide.engine.settings import is_reference, resolve
from essaim.guide.engine.words import setting_in_words
from essaim.journal.models import Action
from essaim.journeys.models import ActionPartner
from essaim.journeys.queries import practice_of, settings_of, steps_of_kind
from essaim.kernel.days import present
from essaim.kernel.formats import long_day

MEETING = "agenda.meeting"


def list_meetings_for(viewer: Membership | None, action: Action | None = None) -> QuerySet[Meeting]:
    """Return the meetings the viewer may read, latest first: those of the actions her organisation carries, when she
    steers or works with people; those she was invited to for the organisation she acts for.

    Each carries ``invited``, ``present`` (people), ``decided`` and ``undone`` (decisions).
    """
    meetings = readable_meetings(viewer)
    if action is not None:
        meetings = meetings.filter(planned__session__action=action)
    present = Attendee.objects.filter(presence=AttendanceState.PRESENT)
    undone = MeetingDecision.objects.filter(state=DecisionState.OPEN)
    return (
        meetings.select_related(
            "planned__session__action__practice",
            "planned__session__action__organisation",
            "planned__room",
            "planned__trainer",
            "approved_by",
        )
        .defer("frozen", "planned__session__action__definition", "planned__session__action__practice__definition")
        .annotate(
            invited=_number(Attendee.objects.all()),
            present=_number(present),
            decided=_number(MeetingDecision.objects.all()),
            undone=_number(undone),
        )
        .order_by("-planned__starts", "-pk")
    )


def readable_meetings(viewer: Membership | None) -> QuerySet[Meeting]:
    """Return the meetings the viewer may read, as ``list_meetings_for`` says, for queries that only join them."""
    if viewer is None or viewer.until is not None:
        return Meeting.objects.none()
    attends = Attendee.objects.filter(meeting=OuterRef("pk"), user=viewer.user_id, represents=viewer.organisation_id)
    readable = Q(Exists(attends))
    if has_role(viewer, ROLES_STEERING):
        readable |= Q(
            planned__session__action__organisation=viewer.organisation_id, planned__session__action__is_imported=False
        )
    return Meeting.objects.filter(readable)


def get_meeting_for(viewer: Membership | None, ref: str) -> Meeting:
    """Return a meeting by the reference of its session. Raises Meeting.DoesNotExist when the viewer may not read it."""
    return list_meetings_for(viewer).get(planned__session__ref=ref)


def is_meeting(planned_id: int) -> bool:
    """Tell whether this session is a meeting with an agenda and minutes."""
    return Meeting.objects.filter(planned=planned_id).exists()


def has_meetings(viewer: Membership | None, action: Action) -> bool:
    """Tell whether the tab of meetings is for this viewer: who steers in the organisation that carries the action, or
    was invited to one.
    """
    if action.is_imported or viewer is None:
        return False
    return may_run_meetings(viewer, action) or list_meetings_for(viewer, action).exists()


def keep_meetings(meetings: QuerySet[Meeting], value: str) -> QuerySet[Meeting]:
    """Keep the meetings ``coming``, ``past``, or ``to_write``: over, and whose minutes nobody approved."""
    now = present()
    if value == "to_write":
        return meetings.filter(planned__ends__lte=now, approved_at=None).exclude(planned__state=SessionState.CANCELLED)
    return meetings.filter(planned__ends__gt=now) if value == "coming" else meetings.filter(planned__ends__lte=now)


def reads_minutes(viewer: Membership | None, meeting: Meeting) -> bool:
    """Tell whether the viewer reads what was noted: who runs the meetings always, who was invited once approved."""
    return meeting.approved_at is not None or may_run_meetings(viewer, meeting.planned.session.action)


def list_items_of(meeting: Meeting) -> list[AgendaItem]:
    """Return the agenda of a meeting the viewer obtained, in order."""
    return list(meeting.items.all())


def list_attendees_of(meeting: Meeting) -> list[Attendee]:
    """Return who is invited to a meeting the viewer obtained: accounts by name, then names from outside."""
    found = meeting.attendees.select_related("user", "represents").prefetch_related("sendings")
    return sorted(found, key=lambda one: (one.user_id is None, one.full_name.casefold(), one.pk))


def list_invitable(action: Action) -> QuerySet[Membership]:
    """Return the accounts that can be invited to the meetings of an action: the open memberships of the organisation
    that carries it and of its partners, by organisation and name. For who runs its meetings.
    """
    partners = ActionPartner.objects.filter(action=action, until__isnull=True).values("organisation")
    memberships = Membership.objects.filter(
        Q(organisation=action.organisation_id) | Q(organisation__in=partners), until__isnull=True, user__is_active=True
    )
    return memberships.select_related("user", "organisation").order_by(
        "organisation__name", "user__last_name", "user__first_name", "pk"
    )


def list_meeting_chairs(action: Action) -> QuerySet[User]:
    """Return who may chair a meeting of an action: the members of the organisation that carries it who steer."""
    members = Membership.objects.filter(
        user=OuterRef("pk"), organisation=action.organisation_id, until__isnull=True, role__in=ROLES_STEERING
    )
    return User.objects.filter(Exists(members), is_active=True).order_by("last_name", "first_name", "pk")


def list_rooms_of_meetings(action: Action) -> QuerySet[Room]:
    """Return the open rooms of the organisation that carries an action, by name."""
    return Room.objects.filter(organisation=action.organisation_id, closed_on__isnull=True).order_by("name", "pk")


def meeting_steps(action: Action) -> list[Step]:
    """Return the steps of the action's practice that are meetings, in order."""
    return steps_of_kind(action, MEETING)


def kind_of_step(action: Action, step: str) -> str:
    """Return the kind of meeting that a step of the practice names, « autre » without one."""
    kind = str(settings_of(action, step).get("kind") or "")
    return kind if kind in MeetingKind.values else MeetingKind.OTHER.value


def proposals_of(action: Action, step: str, key: str) -> list[str]:
    """Return what the practice proposes for a meeting of this step, in words: its "agenda" or its "attendees"."""
    written: Any = _written(action, step).get(key)
    chosen = resolve(written, action.settings) or ()
    labels = practice_of(action).choice_labels.get(written["setting"], {}) if is_reference(written) else {}
    words = [labels.get(str(one), str(one)) for one in chosen if one] if isinstance(chosen, list | tuple) else []
    return [word[:1].upper() + word[1:] for word in words]


def reminders_of(action: Action, step: str) -> list[tuple[str, str]]:
    """Return what a meeting of this step keeps in view: (label, value) of the "reminders" the practice names."""
    if not step:
        return []
    practice = practice_of(action)
    found = []
    for one in _written(action, step).get("reminders") or ():
        setting = practice.settings[one["setting"]] if is_reference(one) else None
        value = action.settings.get(setting.key) if setting else None
        if setting and value is not None:
            words = setting_in_words(setting, value, practice.choice_labels.get(setting.key))
            found.append((setting.label or setting.key, words))
    return found


def usual_length(action: Action, step: str) -> int | None:
    """Return how many minutes the practice gives to a meeting of this step, None when it says nothing."""
    minutes = settings_of(action, step).get("minutes") if step else None
    return minutes if isinstance(minutes, int) and minutes > 0 else None


def rhythm_in_words(action: Action, step: str) -> list[str]:
    """Return what the practice says of how often, how long and how a meeting of this step is held, in words."""
    settings = settings_of(action, step) if step else {}
    told = {
        "every": "tous les {} jours",
        "every_months": "tous les {} mois",
        "per_year": "{} par an",
        "number": "{} en tout",
        "within": "{} jours au plus après l’étape d’avant",
        "minutes": "{} minutes",
    }
    found = [words.format(settings[key]) for key, words in told.items() if settings.get(key)]
    return [*found, "par téléphone"] if settings.get("mode") == "phone" else found


def _written(action: Action, step: str) -> dict[str, Any]:
    found = next((one for one in practice_of(action).steps if one.key == step), None)
    return dict(found.settings) if found else {}


def _number(rows: QuerySet[Any]) -> Coalesce:
    counted = rows.filter(meeting=OuterRef("pk")).order_by().values("meeting").annotate(number=Count("pk"))
    return Coalesce(Subquery(counted.values("number"), output_field=IntegerField()), 0)


def document_of(meeting: Meeting, viewer: Membership | None = None) -> dict[str, Any]:
    """Return the form of the practice to fill in during this meeting, as its document reads it; empty without one."""
    planned, action = meeting.planned, meeting.planned.session.action
    key = settings_of(action, planned.step).get("tool") if planned.step else None
    practice = practice_of(action)
    tool = next((one for one in practice.tools if one.key == key and one.kind == MEETING), None)
    if tool is None:
        return {}
    return {
        "title": tool.label,
        "meeting": planned.session.title,
        "action": action.title,
        "organisation": action.organisation.name if action.organisation else "",
        "when": long_day(planned.starts, weekday=True),
        "where": planned.room.name if planned.room else planned.place,
        "sections": [
            {
                "title": str(one["title"]),
                "items": [text_in_words(practice, str(item), action.settings) for item in one.get("items", ())],
            }
            for one in tool.fields
        ],
    }
