"""Groups inside an action: clubs, promotions, waves, each with its own places and animateur."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction

from essaim.accounts.models import Membership, User
from essaim.journal.models import Action
from essaim.journal.operations import record
from essaim.journeys.enums import EnrolmentState
from essaim.journeys.models import Enrolment, Group
from essaim.journeys.operations.parcours_rules import (
    lock_action,
    lock_group,
    take_enrolment,
)
from essaim.journeys.permissions import may_steer
from essaim.journeys.queries.entry_rules import EntryRules, entry_rules_of
from essaim.journeys.queries.groups import coordinates
from essaim.kernel.days import paris_day
from essaim.kernel.edit_versions import check_version
from essaim.kernel.errors import OperationError
from essaim.people.queries import is_working_in, scope_for


class GroupRefused(OperationError):  # noqa: N818 - the words of the screen
    """A group that cannot be made, changed, closed or joined so."""


@dataclass(frozen=True, slots=True)
class GroupPlan:
    """What a group is. With ``starts`` (and ``ends``) its people enter together; without, as places come free."""

    name: str
    places: int
    facilitator: User | None = None
    venue: str = ""
    starts: date | None = None
    ends: date | None = None


@transaction.atomic
def create_group(
    *,
    action: Action,
    name: str,
    places: int,
    facilitator: User | None = None,
    venue: str = "",
    starts: date | None = None,
    ends: date | None = None,
    adds_places: bool = False,
    by: Membership,
    now: datetime,
) -> Group:
    """Open a group in an action. With ``adds_places``, an action that had fewer gets the places of all its groups.

    Refused (GroupRefused): by someone who does not steer the action, a name already taken, places outside what the
    practice allows, dates out of order or outside the action, an animateur of another organisation.
    """
    action = lock_action(action=action)
    _require_steering(action, by)
    plan = _checked(action, GroupPlan(name, places, facilitator, venue, starts, ends), by)
    group = _save(Group(action=action, created_at=now), plan)
    if adds_places:
        _raise_places(action)
    return group


@transaction.atomic
def create_proposed_groups(*, action: Action, by: Membership, now: datetime) -> list[Group]:
    """Open at once the groups that the practice starts with, numbered (« Club 1 », « Club 2 »…) and all editable; the
    action gets their places in all, if it had fewer.

    Refused (GroupRefused): by someone who does not steer the action, a practice that proposes none, an action that
    has groups already.
    """
    action = lock_action(action=action)
    _require_steering(action, by)
    rules = entry_rules_of(action)
    if not rules.groups or not rules.proposed_places:
        raise GroupRefused("La fiche ne propose pas de groupes.")
    if action.groups.exists():
        raise GroupRefused("L’action a déjà des groupes.")
    names = [f"{rules.group_word} {number}".capitalize() for number in range(1, rules.groups + 1)]
    plans = [GroupPlan(name, rules.proposed_places) for name in names]
    made = [_save(Group(action=action, created_at=now), plan) for plan in plans]
    _raise_places(action)
    return made


@transaction.atomic
def update_group(
    *,
    group: Group,
    name: str,
    places: int,
    facilitator: User | None = None,
    venue: str = "",
    starts: date | None = None,
    ends: date | None = None,
    adds_places: bool = False,
    version: int,
    by: Membership,
    now: datetime,
) -> Group:
    """Change what a group is. Refused as ``create_group``, closed, fewer places than people in it; EditConflict."""
    action = lock_action(action=group.action)
    _require_steering(action, by)
    locked = check_version(group, version)
    locked.action = action
    if locked.closed_on is not None:
        raise GroupRefused("Ce groupe est fermé.")
    plan = _checked(action, GroupPlan(name, places, facilitator, venue, starts, ends), by, present=locked.facilitator)
    inside = _inside(locked)
    if places < inside:
        raise GroupRefused(f"{inside} personnes y sont déjà : gardez au moins {inside} places.", field="places")
    locked = _save(locked, plan)
    if adds_places:
        _raise_places(action)
    return locked


@transaction.atomic
def close_group(*, group: Group, on: date, version: int, by: Membership, now: datetime) -> Group:
    """Close a group nobody is in any more: no one enters it from that day; its past stays.

    Refused (GroupRefused): by someone who does not steer the action, people are in it or wait for it, already closed,
    a day in the future; EditConflict.
    """
    action = lock_action(action=group.action)
    _require_steering(action, by)
    locked = check_version(group, version)
    if locked.closed_on is not None:
        raise GroupRefused("Ce groupe est déjà fermé.")
    if on > paris_day(now):
        raise GroupRefused("Cette date est dans l’avenir.", field="on")
    if inside := _inside(locked):
        raise GroupRefused(f"{inside} personnes y sont encore : changez-les de groupe d’abord.")
    if locked.waiting.filter(state__in=["waiting", "called"]).exists():
        raise GroupRefused("Des personnes attendent une place dans ce groupe.")
    locked.closed_on = on
    locked.save()
    return locked


@transaction.atomic
def move_to_group(*, enrolment: Enrolment, group: Group, version: int, by: Membership, now: datetime) -> Enrolment:
    """Move someone to another group of her action. Her clock is kept: entry, term and renewals do not change.

    The place is exact: the action, then the group are locked. Traced as ``journeys.group_changed``. Refused
    (GroupRefused, NoPlaceLeft): by someone who does not coordinate the action, a file not open to her, no longer in,
    already in that group, no place; EditConflict.
    """
    action = lock_action(action=enrolment.action)
    if not coordinates(by, action):
        raise GroupRefused("Seules la coordination et les responsables changent quelqu’un de groupe.")
    if scope_for(by, enrolment.person) is None:
        raise GroupRefused("Ce dossier ne vous est pas ouvert.")
    wanted = lock_group(action=action, group=group)
    assert wanted is not None
    moved = take_enrolment(enrolment=enrolment, version=version)
    if moved.state != EnrolmentState.OPEN:
        raise GroupRefused("Ce parcours est terminé.")
    former = moved.group
    if former == wanted:
        raise GroupRefused("Elle est déjà dans ce groupe.", field="group")
    if _inside(wanted) >= wanted.places:
        raise GroupRefused(f"«\u00a0{wanted.name}\u00a0» est complet.", field="group")
    moved.group = wanted
    moved.save()
    record(
        "journeys.group_changed",
        emitter="journeys",
        action=action,
        at=paris_day(now),
        person=moved.person,
        cohort=wanted.ref,
        by=by,
        now=now,
        data={"after": wanted.ref} | ({"before": former.ref} if former else {}),
    )
    return moved


def _require_steering(action: Action, by: Membership) -> None:
    if not may_steer(by, action):
        raise GroupRefused("Vous ne modifiez pas les groupes de cette action.")


def _inside(group: Group) -> int:
    return group.enrolments.filter(state=EnrolmentState.OPEN).count()


def _save(group: Group, plan: GroupPlan) -> Group:
    for name in GroupPlan.__slots__:
        setattr(group, name, getattr(plan, name))
    try:
        with transaction.atomic():
            group.save()
    except IntegrityError as clash:
        if "group_name_once" not in str(clash):
            raise
        raise GroupRefused("Un groupe de l’action porte déjà ce nom.", field="name") from clash
    return group


def _raise_places(action: Action) -> None:
    """An action has at least the places of its groups."""
    total = sum(action.groups.filter(closed_on__isnull=True).values_list("places", flat=True))
    if action.places is not None and action.places < total:
        action.places = total
        action.save(update_fields=["places"])


def _checked(action: Action, plan: GroupPlan, by: Membership, *, present: User | None = None) -> GroupPlan:
    name = " ".join(plan.name.split())
    if not name:
        raise GroupRefused("Donnez un nom au groupe.", field="name")
    _check_size(entry_rules_of(action), plan.places)
    if plan.ends and (plan.starts is None or plan.ends < plan.starts):
        raise GroupRefused("La fin doit suivre le début.", field="ends")
    if plan.starts and not action.starts <= plan.starts <= action.ends:
        raise GroupRefused("Ce début est en dehors des dates de l’action.", field="starts")
    facilitator = plan.facilitator
    is_known = facilitator is None or facilitator in (by.user, present)
    if facilitator is not None and not is_known and not is_working_in(facilitator, by.organisation_id):
        raise GroupRefused("L’animation revient à quelqu’un de votre organisation.", field="facilitator")
    return GroupPlan(name, plan.places, facilitator, " ".join(plan.venue.split()), plan.starts, plan.ends)


def _check_size(rules: EntryRules, places: int) -> None:
    low, high = rules.group_min, rules.group_max
    if low is not None and high is not None and not low <= places <= high:
        raise GroupRefused(f"La fiche demande de {low} à {high} places par groupe.", field="places")
    if places < 1 or (low is not None and places < low):
        raise GroupRefused(f"{low or 1} places au moins.", field="places")
    if places > 1000 or (high is not None and places > high):
        raise GroupRefused(f"{high or 1000} places au plus.", field="places")
