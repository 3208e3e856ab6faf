"""Who works for an action, in which role and for what part of her time. Each says the same in the journal."""

from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from essaim.accounts.models import Membership, User
from essaim.journal.models import Action, Fact
from essaim.journal.operations import record
from essaim.journeys.enums import StaffRole
from essaim.journeys.models import Group, StaffMember
from essaim.journeys.operations.parcours_rules import lock_action
from essaim.journeys.permissions import may_steer
from essaim.kernel.errors import OperationError

STAFF = "journeys"


class StaffRefused(OperationError):  # noqa: N818 - the words of the screen
    """Someone who cannot join or leave the team of an action so."""


@transaction.atomic
def assign_staff(
    *,
    action: Action,
    user: User | None = None,
    name: str = "",
    role: str,
    group: Group | None = None,
    fte: Decimal | None = None,
    starts: date,
    ends: date | None = None,
    by: Membership,
    now: datetime,
) -> StaffMember:
    """Give someone a role in an action (or in one of its groups), with ``staff_assigned``: its ``member`` is a code,
    always the same for one person of one action, that does not say who. ``fte`` is a share of full time, 0 to 1.

    Refused (StaffRefused): by someone who does not steer the action, nobody named, an unknown role, a share outside 0
    to 1, dates out of order, a group of another action.
    """
    if not may_steer(by, action):
        raise StaffRefused("Vous ne modifiez pas l’équipe de cette action.")
    name = "" if user else " ".join(name.split())
    action = lock_action(action=action)
    if user is None and not name:
        raise StaffRefused("Indiquez qui rejoint l’équipe.", field="name")
    if role not in StaffRole.values:
        raise StaffRefused("Choisissez un rôle.", field="role")
    if fte is not None and not 0 <= fte <= 1:
        raise StaffRefused("La part de temps plein va de 0 à 1.", field="fte")
    if ends is not None and ends < starts:
        raise StaffRefused("La fin doit suivre le début.", field="ends")
    if group is not None and group.action_id != action.pk:
        raise StaffRefused("Ce groupe est celui d’une autre action.", field="group")
    member = StaffMember(action=action, user=user, name=name, role=role, group=group, fte=fte, starts=starts, ends=ends)
    member.fact = _record_assignment(member, _code_of(action, user, name), by, now)
    member.save()
    return member


@transaction.atomic
def end_staff(*, staff: StaffMember, on: date, by: Membership, now: datetime) -> StaffMember:
    """Write the last day of someone in a role: her ``staff_assigned`` is replaced by one that ends.

    Refused (StaffRefused): by someone who does not steer the action, a day before the role began.
    """
    locked = StaffMember.objects.select_for_update(of=("self",)).select_related("action", "group", "fact")
    member = locked.get(pk=staff.pk)
    if not may_steer(by, member.action):
        raise StaffRefused("Vous ne modifiez pas l’équipe de cette action.")
    if on < member.starts:
        raise StaffRefused("Cette date précède le début.", field="on")
    member.ends = on
    member.fact = _record_assignment(member, member.fact.data["member"], by, now, corrects=member.fact)
    member.save()
    return member


def _code_of(action: Action, user: User | None, name: str) -> str:
    """The code already given to this person in this action, or a new one."""
    known = action.staff.select_related("fact").filter(user=user, name=name).order_by("pk").first()
    if known is not None:
        return str(known.fact.data["member"])
    taken = {one.fact.data["member"] for one in action.staff.select_related("fact")}
    return f"M{len(taken) + 1}"


def _record_assignment(
    member: StaffMember, code: str, by: Membership, now: datetime, corrects: Fact | None = None
) -> Fact:
    data: dict[str, object] = {"member": code, "role": member.role, "starts": member.starts.isoformat()}
    if member.fte is not None:
        data["fte"] = float(member.fte)
    if member.ends is not None:
        data["ends"] = member.ends.isoformat()
    return record(
        "staff_assigned",
        emitter=STAFF,
        action=member.action,
        at=member.starts,
        cohort=member.group.ref if member.group else None,
        by=by,
        now=now,
        data=data,
        corrects=corrects,
    )
