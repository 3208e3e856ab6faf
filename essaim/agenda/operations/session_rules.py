"""What the operations on sessions check alike: who, when, where, how many half-days a week."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from essaim.accounts.models import Membership, User
from essaim.agenda.engine.weeks import half_days_by_week, monday_of
from essaim.agenda.enums import OccupationSource, SessionState
from essaim.agenda.models import Occupation, PlannedSession, Room
from essaim.agenda.operations.occupations import free, occupy, occupy_those_free
from essaim.agenda.queries.rooms import list_open_rooms_for, list_trainers_for
from essaim.agenda.queries.training import contents_of
from essaim.journal.enums import ActionState, SessionKind
from essaim.journal.models import Action
from essaim.journeys.models import Group
from essaim.journeys.permissions import may_accompany
from essaim.journeys.queries import is_partner_seeing_people, practice_of, settings_of
from essaim.kernel.days import paris_day
from essaim.kernel.errors import OperationError
from essaim.kernel.formats import long_day

STEP = "agenda.sessions"
INSTRUMENT = "agenda"
WEEKLY, AROUND, TRAINING = "weekly", "around", "training"


class PlanRefused(OperationError):  # noqa: N818 - the words of the screen
    """A session that cannot be planned, moved, changed or cancelled so."""


@dataclass(frozen=True, slots=True)
class SessionPlan:
    """What a session is. ``place`` and ``trainer_name`` stand for a room and a trainer that Essaim does not know."""

    kind: str
    title: str
    starts: datetime
    ends: datetime
    group: Group | None = None
    step: str = ""
    room: Room | None = None
    place: str = ""
    trainer: User | None = None
    trainer_name: str = ""
    contents: tuple[str, ...] = ()
    capacity: int | None = None


def require_following(*, action: Action, by: Membership) -> None:
    """Refuse (PlanRefused) whoever does not follow people in this action."""
    partner = is_partner_seeing_people(by, action)
    if not may_accompany(by, action, is_partner_seeing_people=partner):
        raise PlanRefused("Vous n’animez pas de séances dans cette action.")


def check_plan(
    *, action: Action, plan: SessionPlan, by: Membership, kept: PlannedSession | None = None, step_kind: str = STEP
) -> None:
    """Refuse (PlanRefused) a plan that the action, its practice or its calendar does not allow.

    ``kept`` is the session being changed: what it already has is not refused again. ``step_kind``: of a meeting, who
    may chair it and where is the business of meetings.
    """
    if action.state != ActionState.OPEN:
        raise PlanRefused("Cette action est terminée : rien ne s’y planifie.")
    if plan.kind not in SessionKind.values:
        raise PlanRefused("Choisissez une nature de séance.", field="kind")
    if not plan.title.strip():
        raise PlanRefused("Donnez un titre à la séance.", field="title")
    if plan.ends <= plan.starts or paris_day(plan.ends) != paris_day(plan.starts):
        raise PlanRefused("La séance finit après son début, le même jour.", field="ends_at")
    if not action.starts <= paris_day(plan.starts) <= action.ends:
        raise PlanRefused(
            f"L’action va du {long_day(action.starts)} au {long_day(action.ends)}.",
            field="day",
        )
    if plan.group is not None and plan.group.action_id != action.pk:
        raise PlanRefused("Ce groupe est celui d’une autre action.", field="group")
    if plan.capacity is not None and plan.capacity < 1:
        raise PlanRefused("Une séance a au moins une place, ou aucune limite.", field="capacity")
    if step_kind == STEP:
        _check_step(action, plan)
        _check_where_and_who(action, plan, by, kept)
    elif plan.step and not _is_step(action, plan.step, step_kind):
        raise PlanRefused("Cette étape n’est pas une réunion dans la fiche.", field="step")


def _check_step(action: Action, plan: SessionPlan) -> None:
    settings = step_settings(action=action, step=plan.step)
    known = {code for code, _ in contents_of(action, plan.step)} if plan.step else set()
    if not set(plan.contents) <= known:
        raise PlanRefused("Ce contenu n’est pas dans la fiche de l’action.", field="contents")
    if settings.get("phase") == AROUND and plan.kind == SessionKind.FORUM and not settings.get("forums"):
        raise PlanRefused("D’après ses réglages, cette action ne participe pas aux forums.", field="kind")


def _check_where_and_who(action: Action, plan: SessionPlan, by: Membership, kept: PlannedSession | None) -> None:
    has_kept_room = kept is not None and kept.room_id == (plan.room and plan.room.pk)
    if plan.room and not has_kept_room and not list_open_rooms_for(by, action).filter(pk=plan.room.pk).exists():
        raise PlanRefused("Ce lieu n’est pas ouvert aux séances de cette action.", field="room")
    has_kept_trainer = kept is not None and kept.trainer_id == (plan.trainer and plan.trainer.pk)
    known = list_trainers_for(by, action)
    if plan.trainer and not has_kept_trainer and not known.filter(pk=plan.trainer.pk).exists():
        raise PlanRefused("Cette personne n’anime pas de séances ici.", field="trainer")


def step_settings(*, action: Action, step: str) -> dict[str, object]:
    """Return the settings of the step a session carries out, none without step. Refuse (PlanRefused) another step."""
    if not step:
        return {}
    if not _is_step(action, step, STEP):
        raise PlanRefused("Cette étape n’est pas faite de séances dans la fiche.", field="step")
    return settings_of(action, step)


def _is_step(action: Action, step: str, kind: str) -> bool:
    return any(one.key == step and one.kind == kind for one in practice_of(action).steps)


def emitter_of(*, planned: PlannedSession) -> str:
    """Return who records the facts of a session: the kind of its step, or the agenda without step."""
    kinds = {one.key: one.kind for one in practice_of(planned.session.action).steps} if planned.step else {}
    return kinds.get(planned.step, INSTRUMENT)


def check_half_days(
    *,
    action: Action,
    step: str,
    group: Group | None,
    spans: Iterable[tuple[datetime, datetime]],
    kept: PlannedSession | None = None,
) -> None:
    """Refuse (PlanRefused) to give a group more half-days in a week than the practice plans.

    The action's row is locked first: two plans made at once are counted one after the other.
    """
    settings = step_settings(action=action, step=step)
    most, spans = settings.get("per_week_max"), list(spans)
    if settings.get("phase") != WEEKLY or not isinstance(most, int) or not spans:
        return
    Action.objects.select_for_update(of=("self",), no_key=True).get(pk=action.pk)
    known = PlannedSession.objects.filter(session__action=action, step=step, group=group)
    known = known.exclude(state=SessionState.CANCELLED).exclude(pk=kept.pk if kept else 0)
    weeks = {monday_of(paris_day(starts)) for starts, _ in spans}
    taken = [span for span in known.values_list("starts", "ends") if monday_of(paris_day(span[0])) in weeks]
    for monday, number in sorted(half_days_by_week([*taken, *spans]).items()):
        if number > most:
            whom = f"«\u00a0{group.name}\u00a0»" if group else "le groupe"
            raise PlanRefused(
                f"La semaine du {long_day(monday)} compterait {number} demi-journées pour {whom} :"
                f" l’action en prévoit {most} au plus. Allégez la semaine ou changez le réglage de l’action.",
                field="day",
            )


def take_resources(*, planned: PlannedSession, by: Membership) -> None:
    """Take the room and the trainer of a session for its time. Raises OccupationConflict."""
    resources = [f"room:{planned.room_id}"] if planned.room_id else []
    resources += [f"user:{planned.trainer_id}"] if planned.trainer_id else []
    if resources:
        occupy(
            resources=resources,
            starts=planned.starts,
            ends=planned.ends,
            source=OccupationSource.SESSION,
            source_ref=planned.session.ref,
            by=by,
        )


def take_people(*, planned: PlannedSession, person_keys: Iterable[int], by: Membership) -> None:
    """Take people for the time of a session, all or none. Raises OccupationConflict, which does not name who ``by``
    cannot see.
    """
    occupy(
        resources=[f"person:{key}" for key in person_keys],
        starts=planned.starts,
        ends=planned.ends,
        source=OccupationSource.SESSION,
        source_ref=planned.session.ref,
        by=by,
    )


def take_people_free(*, planned: PlannedSession, person_keys: Iterable[int], by: Membership) -> dict[int, str]:
    """Take, for the time of a session, those of these people who are free. Return why the others are not, by key."""
    refused = occupy_those_free(
        resources=[f"person:{key}" for key in person_keys],
        starts=planned.starts,
        ends=planned.ends,
        source=OccupationSource.SESSION,
        source_ref=planned.session.ref,
        by=by,
    )
    return {int(resource.partition(":")[2]): words for resource, words in refused.items()}


def take_users_free(*, planned: PlannedSession, user_keys: Iterable[int]) -> set[int]:
    """Take, for the time of a session, those of these accounts that are free. Return the keys of the others."""
    refused = occupy_those_free(
        resources=[f"user:{key}" for key in user_keys],
        starts=planned.starts,
        ends=planned.ends,
        source=OccupationSource.SESSION,
        source_ref=planned.session.ref,
    )
    return {int(resource.partition(":")[2]) for resource in refused}


def free_person(*, planned: PlannedSession, person_key: int) -> None:
    """Free one person of the time of a session; nothing to do when it had not taken her."""
    taken = Occupation.objects.filter(source=OccupationSource.SESSION, source_ref=planned.session.ref)
    taken.filter(resource=f"person:{person_key}").delete()


def free_all(*, planned: PlannedSession) -> None:
    """Free the room, the trainer and the people of a session."""
    free(source=OccupationSource.SESSION, source_ref=planned.session.ref)
