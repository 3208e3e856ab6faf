"""The organisations that take part in an action, and what that lets them see."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from essaim.accounts.models import Membership
from essaim.directory.models import Organisation
from essaim.journal.models import Action
from essaim.journal.operations import record
from essaim.journeys.enums import EnrolmentState, PartnerRole
from essaim.journeys.models import ActionPartner, Enrolment
from essaim.journeys.permissions import may_steer
from essaim.kernel.days import paris_day
from essaim.kernel.errors import OperationError
from essaim.people.enums import GrantScope
from essaim.people.operations import close_grants, open_grant


class PartnerRefused(OperationError):  # noqa: N818 - the words of the screen
    """An organisation that cannot join or leave the action so."""


@dataclass(frozen=True, slots=True)
class PartnerPlan:
    """An organisation, its role, and whether that role sees the people of the action."""

    organisation: Organisation
    role: str
    sees_people: bool = False


@transaction.atomic
def add_partner(*, action: Action, plan: PartnerPlan, by: Membership, now: datetime) -> ActionPartner:
    """Let an organisation take part, with its ``org_committed``; in a role that sees people, open their
    files to it.

    Refused (PartnerRefused): by someone who does not steer the action, the carrying organisation itself, a
    role it already has.
    """
    if not may_steer(by, action):
        raise PartnerRefused("Vous ne pouvez pas modifier les partenaires de cette action.")
    if plan.organisation.pk == action.organisation_id:
        raise PartnerRefused("L’organisation porteuse fait déjà partie de l’action.", field="organisation")
    if plan.role not in PartnerRole.values:
        raise PartnerRefused("Choisissez un rôle.", field="role")
    Action.objects.select_for_update(no_key=True).get(pk=action.pk)
    open_ones = ActionPartner.objects.filter(action=action, organisation=plan.organisation, until__isnull=True)
    if open_ones.filter(role=plan.role).exists():
        raise PartnerRefused("Cette organisation a déjà ce rôle dans l’action.", field="role")
    today = paris_day(now)
    day = min(action.starts, today)
    fact = record(
        "org_committed",
        emitter="journeys",
        action=action,
        at=day,
        organisation=plan.organisation,
        by=by,
        now=now,
        data={"role": plan.role, "starts": max(action.starts, day).isoformat()},
    )
    partner = ActionPartner.objects.create(
        action=action,
        organisation=plan.organisation,
        role=plan.role,
        sees_people=plan.sees_people,
        since=day,
        committed_fact=fact,
    )
    if plan.sees_people:
        _open_files(partner, by, now)
    return partner


@transaction.atomic
def end_partner(*, partner: ActionPartner, on: date, by: Membership, now: datetime) -> ActionPartner:
    """End a partnership on that day, today at the latest: its commitment gets that end, the files close at
    once.

    Refused (PartnerRefused): by someone who does not steer the action, already ended, a day in the future
    or before the partnership began.
    """
    locked = ActionPartner.objects.select_for_update(of=("self",)).select_related("action", "organisation")
    partner = locked.get(pk=partner.pk)
    if not may_steer(by, partner.action):
        raise PartnerRefused("Vous ne pouvez pas modifier les partenaires de cette action.")
    if partner.until is not None:
        raise PartnerRefused("Ce partenariat est déjà terminé.")
    if on > paris_day(now):
        raise PartnerRefused("Cette date est dans l’avenir.", field="until")
    starts = date.fromisoformat(partner.committed_fact.data["starts"])
    if on < max(partner.since, starts):
        raise PartnerRefused("Cette date précède le début du partenariat.", field="until")
    partner.until = on
    partner.committed_fact = record(
        "org_committed",
        emitter="journeys",
        action=partner.action,
        at=partner.since,
        organisation=partner.organisation,
        by=by,
        now=now,
        data={"role": partner.role, "starts": starts.isoformat(), "ends": on.isoformat()},
        corrects=partner.committed_fact,
    )
    partner.save()
    others = ActionPartner.objects.filter(
        action=partner.action, organisation=partner.organisation, until__isnull=True, sees_people=True
    )
    if partner.sees_people and not others.exists():
        close_grants(origin=partner.action.ref, organisation=partner.organisation, by=by, now=now)
    return partner


def _open_files(partner: ActionPartner, by: Membership, now: datetime) -> None:
    inside = Enrolment.objects.filter(action=partner.action, state=EnrolmentState.OPEN).select_related("person")
    for enrolment in inside:
        open_grant(
            person=enrolment.person,
            organisation=partner.organisation,
            scope=GrantScope.FILE,
            origin=partner.action.ref,
            reason=f"{partner.get_role_display()} de l’action",
            by=by,
            now=now,
        )
