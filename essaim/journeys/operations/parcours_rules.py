"""What every change of a parcours checks and locks."""

from datetime import date, datetime

from django.db.models import QuerySet

from essaim.accounts.models import Membership
from essaim.journal.models import Action
from essaim.journeys.enums import EnrolmentState
from essaim.journeys.models import Enrolment, Group
from essaim.journeys.permissions import may_accompany
from essaim.journeys.queries.actions import is_partner_seeing_people, partners_seeing_people
from essaim.kernel.edit_versions import check_version
from essaim.kernel.errors import OperationError
from essaim.kernel.instruments import all_planned
from essaim.people.enums import GrantScope
from essaim.people.models import Person
from essaim.people.operations import open_grant
from essaim.people.queries import scope_for

ENTRY, EXIT = "journeys.enrolment", "journeys.exit"


class EnrolmentRefused(OperationError):  # noqa: N818 - the words of the screen
    """A parcours that cannot be opened, closed or corrected so."""


class NoPlaceLeft(EnrolmentRefused):
    """Every place of the action is taken."""


def lock_action(*, action: Action) -> Action:
    """Return the action's row, locked until the end of the transaction: its places are counted under that lock."""
    locked = Action.objects.select_for_update(of=("self",), no_key=True).select_related("territory", "organisation")
    return locked.select_related("practice").get(pk=action.pk)


def lock_group(*, action: Action, group: Group | None) -> Group | None:
    """Return the group's row locked, always after its action's. Refused (EnrolmentRefused): not one of it, closed."""
    if group is None:
        return None
    locked = Group.objects.select_for_update(of=("self",)).filter(action=action, pk=group.pk).first()
    if locked is None or locked.closed_on is not None:
        raise EnrolmentRefused("Ce groupe n’est plus ouvert dans l’action.", field="group")
    return locked


def refuse_without_place(
    *, action: Action, group: Group | None, words: str = "La dernière place vient d’être prise"
) -> None:
    """Raise NoPlaceLeft when the action, or the group, has no place left. Both rows are locked by the caller."""
    inside = Enrolment.objects.filter(action=action, state=EnrolmentState.OPEN)
    if action.places is not None and inside.count() >= action.places:
        raise NoPlaceLeft(f"{words} : l’action est complète.")
    if group is not None and inside.filter(group=group).count() >= group.places:
        raise NoPlaceLeft(f"{words} : «\u00a0{group.name}\u00a0» est complet.", field="group")


def take_enrolment(*, enrolment: Enrolment, version: int) -> Enrolment:
    """Return the parcours locked, its version raised. Raises EditConflict."""
    locked = check_version(enrolment, version)
    locked.action, locked.person = enrolment.action, enrolment.person
    return locked


def parcours_of(*, action: Action, person: Person) -> QuerySet[Enrolment]:
    """Return the parcours of a person in an action, cancelled ones aside."""
    return Enrolment.objects.filter(action=action, person=person).exclude(state=EnrolmentState.CANCELLED)


def require_accompanying(*, action: Action, person: Person, by: Membership) -> None:
    """Raise EnrolmentRefused unless ``by`` follows people in this action and may open this file."""
    partner = is_partner_seeing_people(by, action)
    if not may_accompany(by, action, is_partner_seeing_people=partner):
        raise EnrolmentRefused("Vous n’inscrivez pas de personnes dans cette action.")
    if scope_for(by, person) is None:
        raise EnrolmentRefused("Ce dossier ne vous est pas ouvert.")


def refuse_cancelled(*, enrolment: Enrolment) -> None:
    """Raise EnrolmentRefused for a cancelled parcours."""
    if enrolment.state == EnrolmentState.CANCELLED:
        raise EnrolmentRefused("Ce parcours est annulé.")


def withdraw_planned(*, enrolment: Enrolment, on: date, by: Membership, now: datetime) -> None:
    """Withdraw what the apps above planned with the person after the last day of her parcours."""
    for planned in all_planned():
        planned.withdraw(enrolment=enrolment, on=on, by=by, now=now)


def open_files(*, enrolment: Enrolment, by: Membership, now: datetime) -> None:
    """Open her file to the organisation that carries the action and to the partners that see its people."""
    action = enrolment.action
    assert action.organisation is not None
    seeing = {partner.organisation: partner for partner in partners_seeing_people(action)}
    for organisation in [action.organisation, *seeing]:
        open_grant(
            person=enrolment.person,
            organisation=organisation,
            scope=GrantScope.FILE,
            origin=action.ref,
            reason=f"action «\u00a0{action.title}\u00a0»"[:120],
            by=by,
            now=now,
        )
