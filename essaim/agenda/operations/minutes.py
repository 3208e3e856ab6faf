"""Minutes of meetings: invitations, who came, notes, approval, and the minutes sent.

A first saving says that the meeting took place; approved, its minutes no longer change, whoever writes.
"""

from collections.abc import Mapping
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse

from essaim.accounts.models import Membership
from essaim.agenda.engine.weeks import hours_of
from essaim.agenda.enums import AttendanceState, SessionState
from essaim.agenda.models import Attendee, Meeting, MinutesSending
from essaim.agenda.operations.meetings import MeetingRefused, lock_meeting, require_running
from essaim.agenda.operations.session_rules import emitter_of
from essaim.agenda.queries.decisions import minutes_of
from essaim.directory.models import Organisation
from essaim.journal.models import Fact
from essaim.journal.operations import record
from essaim.kernel.enums import Channel
from essaim.kernel.operations.messages import prepare_message

INVITATION, MINUTES = "agenda.invitation", "agenda.minutes"
LONGEST_NOTES = 20_000


@transaction.atomic
def invite_attendees(*, meeting: Meeting, version: int, by: Membership, now: datetime) -> list[Attendee]:
    """Send the agenda, the day and the place to whoever has an address and was not invited yet. Return them.

    Refused (MeetingRefused): cancelled or over, nobody left to invite, someone who does not steer; EditConflict.
    """
    require_running(action=meeting.planned.session.action, by=by)
    meeting = lock_meeting(meeting=meeting, version=version)
    if meeting.planned.state != SessionState.PLANNED or meeting.planned.ends <= now:
        raise MeetingRefused("Cette réunion est passée ou annulée : il n’y a plus à y inviter.")
    waiting = meeting.attendees.filter(invited_at=None).select_related("user", "represents")
    reached = [one for one in waiting if one.address]
    if not reached:
        raise MeetingRefused("Personne à inviter : tous le sont déjà, ou n’ont pas d’adresse électronique.")
    for one in reached:
        one.invited_at = now
        one.save(update_fields=["invited_at"])
        _send(meeting, one, INVITATION, by, now)
    meeting.save(update_fields=["version"])
    return reached


@transaction.atomic
def write_minutes(
    *,
    meeting: Meeting,
    presence: Mapping[int, str],
    notes: Mapping[int, str],
    version: int,
    by: Membership,
    now: datetime,
) -> Meeting:
    """Say who came and what was said of each point; the first saving says that the meeting took place.

    ``presence``: state by key of attendee, empty when unknown; ``notes``: text by key of point. Refused
    (MeetingRefused): a meeting to come or cancelled, approved minutes, an unknown state, someone or a point of another
    meeting, notes longer than 20 000 characters, someone who does not steer the action; EditConflict.
    """
    require_running(action=meeting.planned.session.action, by=by)
    meeting = lock_meeting(meeting=meeting, version=version)
    _refuse_approved(meeting)
    if meeting.planned.state == SessionState.CANCELLED or meeting.planned.starts > now:
        raise MeetingRefused("Cette réunion est annulée, ou n’a pas encore commencé.")
    _set_presence(meeting, presence)
    _set_notes(meeting, notes)
    _hold(meeting, by, now)
    meeting.save(update_fields=["version"])
    return meeting


@transaction.atomic
def approve_minutes(*, meeting: Meeting, version: int, by: Membership, now: datetime) -> Meeting:
    """Approve the minutes: they are frozen as they are, and the fil counts their decisions and the partners present.

    Refused (MeetingRefused): a meeting not held, approved already, nobody noted present, someone who does not steer;
    EditConflict. Of two who approve at once one does, and the other is told.
    """
    require_running(action=meeting.planned.session.action, by=by)
    meeting = lock_meeting(meeting=meeting, version=version)
    _refuse_approved(meeting)
    if meeting.planned.state != SessionState.HELD:
        raise MeetingRefused("Notez d’abord qui était là : la réunion n’est pas encore tenue.")
    present = list(meeting.attendees.filter(presence=AttendanceState.PRESENT).select_related("represents"))
    if not present:
        raise MeetingRefused("Personne n’est noté présent : complétez avant d’approuver.")
    meeting.frozen = minutes_of(meeting, approved_by=by.user.full_name, approved_at=now)
    meeting.approved_at, meeting.approved_by = now, by.user
    carrier = meeting.planned.session.action.organisation_id
    partners = {one.represents for one in present if one.represents and one.represents_id != carrier}
    for partner in sorted(partners, key=lambda one: one.pk):
        _record(meeting, "attendance_recorded", {"role": "partner", "state": "present"}, by, now, organisation=partner)
    meeting.fact = _record(meeting, "minutes_recorded", {"decisions": meeting.decisions.count()}, by, now)
    meeting.save(update_fields=["frozen", "approved_at", "approved_by", "fact", "version"])
    return meeting


@transaction.atomic
def send_minutes(*, meeting: Meeting, by: Membership, now: datetime) -> list[MinutesSending]:
    """Send the approved minutes to everyone invited who has an address and has not had them. Return the sendings.

    Refused (MeetingRefused): not approved, nobody left to send them to, someone who does not steer the action.
    """
    require_running(action=meeting.planned.session.action, by=by)
    planned = meeting.planned
    meeting = Meeting.objects.select_for_update(of=("self",), no_key=True).get(pk=meeting.pk)
    meeting.planned = planned
    if meeting.approved_at is None:
        raise MeetingRefused("Approuvez d’abord le compte rendu : il part tel qu’il restera.")
    waiting = meeting.attendees.filter(sendings=None).select_related("user", "represents")
    sent = []
    for one in (one for one in waiting if one.address):
        _send(meeting, one, MINUTES, by, now)
        sent.append(
            MinutesSending.objects.create(
                meeting=meeting, attendee=one, recipient=one.address, sent_at=now, sent_by=by.user
            )
        )
    if not sent:
        raise MeetingRefused("Tous ceux qui ont une adresse électronique l’ont déjà reçu.")
    return sent


def _refuse_approved(meeting: Meeting) -> None:
    if meeting.approved_at is not None:
        raise MeetingRefused("Le compte rendu est approuvé : il ne change plus.")


def _set_presence(meeting: Meeting, presence: Mapping[int, str]) -> None:
    attendees = {one.pk: one for one in meeting.attendees.all()}
    if not set(presence) <= set(attendees):
        raise MeetingRefused("Quelqu’un de cette liste n’est pas invité à la réunion.")
    for key, state in presence.items():
        if state and state not in AttendanceState.values:
            raise MeetingRefused("Choisissez présent, excusé ou absent.")
        if attendees[key].presence != state:
            attendees[key].presence = state
            attendees[key].save(update_fields=["presence"])


def _set_notes(meeting: Meeting, notes: Mapping[int, str]) -> None:
    items = {one.pk: one for one in meeting.items.all()}
    if not set(notes) <= set(items):
        raise MeetingRefused("Un de ces points n’est pas à l’ordre du jour de la réunion.")
    for key, words in notes.items():
        if len(words) > LONGEST_NOTES:
            raise MeetingRefused(f"« {items[key].title} » : 20 000 caractères au plus.")
        if items[key].notes != words.strip():
            items[key].notes = words.strip()
            items[key].save(update_fields=["notes"])


def _hold(meeting: Meeting, by: Membership, now: datetime) -> None:
    planned = meeting.planned
    if planned.fact_id is not None:
        return
    planned.fact = _record(meeting, "session_held", {"hours": hours_of(planned.starts, planned.ends)}, by, now)
    planned.state, planned.version = SessionState.HELD, planned.version + 1
    planned.save(update_fields=["fact", "state", "version"])


def _record(
    meeting: Meeting,
    kind: str,
    data: dict[str, object],
    by: Membership,
    now: datetime,
    organisation: Organisation | None = None,
) -> Fact:
    planned = meeting.planned
    return record(
        kind,
        emitter=emitter_of(planned=planned),
        action=planned.session.action,
        at=planned.starts,
        session=planned.session,
        organisation=organisation,
        data=data,
        by=by,
        now=now,
    )


def _send(meeting: Meeting, attendee: Attendee, what: str, by: Membership, now: datetime) -> None:
    ref, is_invitation = meeting.planned.session.ref, what == INVITATION
    words = {
        "minutes": minutes_of(meeting),
        "attendee": attendee,
        "by": by,
        "link": f"{settings.PUBLIC_URL}{reverse('agenda:meeting', args=[ref])}" if attendee.user_id else "",
    }
    title = meeting.planned.session.title
    prepare_message(
        business_key=f"{what}:{ref}:{attendee.pk}",
        channel=Channel.EMAIL,
        recipient=attendee.address,
        subject=(f"Invitation : {title}" if is_invitation else f"Compte rendu : {title}")[:200],
        body=render_to_string(f"agenda/mails/{'invitation' if is_invitation else 'minutes'}.txt", words),
        about_kind=what,
        about_ref=ref,
        now=now,
    )
