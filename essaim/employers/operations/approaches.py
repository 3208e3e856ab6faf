"""Writes of approaches to employers: logged in seconds, with what comes next."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from essaim.accounts.models import Membership
from essaim.directory.models import Organisation
from essaim.employers.enums import ApproachAnswer, ApproachChannel, NextStep
from essaim.employers.models import Approach, CompanyContact
from essaim.employers.operations.companies import take_company
from essaim.employers.permissions import may_prospect_in
from essaim.employers.queries.companies import (
    APPROACH_STEP,
    get_company_profile,
    get_contact_named,
    prospecting_rules,
)
from essaim.employers.queries.prospecting import may_prospect
from essaim.journal.models import Action, Fact
from essaim.journal.operations import record, void_fact
from essaim.journeys.enums import EnrolmentState
from essaim.journeys.models import Enrolment
from essaim.journeys.permissions import may_accompany
from essaim.journeys.queries import is_partner_seeing_people
from essaim.kernel.days import paris_day
from essaim.kernel.edit_versions import check_version
from essaim.kernel.errors import OperationError
from essaim.kernel.formats import long_day
from essaim.people.queries import get_profile, scope_for


class ApproachRefused(OperationError):  # noqa: N818 - the words of the screen
    """An approach that cannot be logged, corrected or cancelled so."""


@dataclass(frozen=True, slots=True)
class ApproachPlan:
    """What an approach says. ``by_person``: she did it herself; ``accepts_distance``: she agreed to a longer travel."""

    channel: str
    made_on: date
    answer: str
    by_person: bool = False
    next_step: str = ""
    next_on: date | None = None
    accepts_distance: bool = False


@transaction.atomic
def log_approach(
    *,
    action: Action,
    enrolment: Enrolment | None = None,
    company: Organisation | None,
    company_name: str = "",
    channel: str,
    made_on: date,
    by_person: bool = False,
    answer: str,
    next_step: str = "",
    next_on: date | None = None,
    contact: CompanyContact | None = None,
    contact_name: str = "",
    accepts_distance: bool = False,
    by: Membership,
    now: datetime,
) -> Approach:
    """Log an employer approached, by a person of the action or for her, or for the whole group (no ``enrolment``).

    Guarantees the row and one ``org_contacted`` (purpose ``follow_up`` when this employer was approached before for
    this action); an unknown ``company_name`` is created in the directory, a known one reused. Refused
    (ApproachRefused): someone who does not prospect for this action or does not see this file, a practice without
    approaches, a person who has not finished her training when the practice asks for it first, an employer farther
    than the practice's limit unless she accepts it, a day in the future or outside the parcours, a next step
    without its date, a ``contact_name`` that nobody noted for this employer; as ``take_company``.
    """
    plan = ApproachPlan(channel, made_on, answer, by_person, next_step, next_on, accepts_distance)
    require_prospecting(action=action, enrolment=enrolment, by=by)
    _check_plan(action, enrolment, plan, paris_day(now))
    company = take_company(company=company, name=company_name, by=by, now=now)
    contact = contact or _find_contact(company, contact_name, by)
    _check_contact(company, contact, by)
    _check_distance(action, enrolment, company, plan)
    approach = Approach(
        action=action, enrolment=enrolment, company=company, contact=contact, user=by.user, created_at=now
    )
    _fill(approach, plan)
    approach.fact = _record(approach, by, now)
    approach.save()
    return approach


@transaction.atomic
def correct_approach(
    *,
    approach: Approach,
    company: Organisation | None = None,
    company_name: str = "",
    contact_name: str | None = None,
    plan: ApproachPlan,
    version: int,
    by: Membership,
    now: datetime,
) -> Approach:
    """Set an approach right: the row changes and a new ``org_contacted`` replaces the former one. Without
    ``contact_name``, the contact stays as long as the company does.

    Refused as ``log_approach``; a cancelled approach; EditConflict when someone else changed it meanwhile.
    """
    require_prospecting(action=approach.action, enrolment=approach.enrolment, by=by)
    approach = _take(approach, version)
    _check_plan(approach.action, approach.enrolment, plan, paris_day(now))
    company = take_company(company=company, name=company_name, by=by, now=now)
    _check_distance(approach.action, approach.enrolment, company, plan)
    if company.pk != approach.company_id:
        approach.company, approach.contact = company, None
    if contact_name is not None:
        approach.contact = _find_contact(company, contact_name, by)
    if (approach.next_step, approach.next_on) != (plan.next_step, plan.next_on):
        approach.next_done_at = None
    _fill(approach, plan)
    approach.fact = _record(approach, by, now, corrects=approach.fact)
    approach.save()
    return approach


@transaction.atomic
def cancel_approach(*, approach: Approach, version: int, by: Membership, now: datetime) -> Approach:
    """Cancel an approach logged by mistake: its fact is voided, the row stays as a trace.

    Refused (ApproachRefused): already cancelled, someone who does not prospect for this action; EditConflict.
    """
    require_prospecting(action=approach.action, enrolment=approach.enrolment, by=by)
    approach = _take(approach, version)
    void_fact(approach.fact, emitter=APPROACH_STEP, by=by, now=now)
    approach.cancelled_at = now
    approach.save()
    return approach


@transaction.atomic
def finish_next_step(*, approach: Approach, version: int, by: Membership, now: datetime) -> Approach:
    """Say that what was to follow an approach is done. Refused (ApproachRefused): nothing left to do; EditConflict."""
    require_prospecting(action=approach.action, enrolment=approach.enrolment, by=by)
    approach = _take_with_next_step(approach, version)
    approach.next_done_at = now
    approach.save()
    return approach


@transaction.atomic
def postpone_next_step(*, approach: Approach, on: date, version: int, by: Membership, now: datetime) -> Approach:
    """Move what is to follow an approach to another day. Refused (ApproachRefused): nothing left to do, a day
    before today; EditConflict.
    """
    require_prospecting(action=approach.action, enrolment=approach.enrolment, by=by)
    approach = _take_with_next_step(approach, version)
    if on < paris_day(now):
        raise ApproachRefused("Choisissez aujourd’hui ou un jour à venir.", field="on")
    approach.next_on = on
    approach.save()
    return approach


def require_prospecting(*, action: Action, enrolment: Enrolment | None, by: Membership) -> None:
    """Refuse (ApproachRefused) who does not prospect for this action, or does not see the file of this person."""
    partner = is_partner_seeing_people(by, action)
    if not may_prospect_in(by, action, is_partner_seeing_people=partner):
        raise ApproachRefused("Vous n’enregistrez pas de démarches dans cette action.")
    if enrolment is None:
        return
    if enrolment.action_id != action.pk or not may_accompany(by, action, is_partner_seeing_people=partner):
        raise ApproachRefused("Vous ne suivez pas de personnes dans cette action.")
    if scope_for(by, enrolment.person) is None:
        raise ApproachRefused("Ce dossier ne vous est pas ouvert.")


def check_prospecting_day(*, enrolment: Enrolment, on: date, field: str) -> None:
    """Refuse (ApproachRefused, on ``field``) a day outside the parcours, or before the end of the training that the
    practice puts first.
    """
    if enrolment.state == EnrolmentState.CANCELLED:
        raise ApproachRefused("Ce parcours est annulé : aucune démarche ne peut s’y rattacher.")
    if on < enrolment.opened_on:
        raise ApproachRefused(f"La personne est entrée dans l’action le {long_day(enrolment.opened_on)}.", field=field)
    if enrolment.closed_on and on > enrolment.closed_on:
        raise ApproachRefused(f"La personne est sortie de l’action le {long_day(enrolment.closed_on)}.", field=field)
    if not may_prospect(enrolment, on):
        raise ApproachRefused(
            "Les démarches commencent après l’entraînement que prévoit la fiche : ce jour-là, il n’était pas terminé.",
            field=field,
        )


def _check_plan(action: Action, enrolment: Enrolment | None, plan: ApproachPlan, today: date) -> None:
    if prospecting_rules(action) is None:
        raise ApproachRefused("La fiche de cette action ne prévoit pas de démarches auprès des employeurs.")
    if plan.channel not in ApproachChannel.values:
        raise ApproachRefused("Dites comment.", field="channel")
    if plan.answer not in ApproachAnswer.values:
        raise ApproachRefused("Choisissez la réponse reçue.", field="answer")
    if plan.made_on > today:
        raise ApproachRefused("Une démarche s’enregistre une fois faite.", field="made_on")
    if plan.made_on < action.starts:
        raise ApproachRefused(f"L’action commence le {long_day(action.starts)}.", field="made_on")
    if plan.next_step and plan.next_step not in NextStep.values:
        raise ApproachRefused("Choisissez la suite à donner.", field="next_step")
    if plan.next_step and plan.next_on is None:
        raise ApproachRefused("Pour quel jour ?", field="next_on")
    if plan.next_on and not plan.next_step:
        raise ApproachRefused("Dites ce qu’il faudra faire ce jour-là.", field="next_step")
    if plan.next_on and plan.next_on < plan.made_on:
        raise ApproachRefused("La suite ne peut pas précéder la démarche.", field="next_on")
    if enrolment is None:
        if plan.by_person:
            raise ApproachRefused("Dites quelle personne a fait cette démarche.", field="participant")
        return
    check_prospecting_day(enrolment=enrolment, on=plan.made_on, field="made_on")


def _find_contact(company: Organisation, name: str, by: Membership) -> CompanyContact | None:
    if not name.strip():
        return None
    if found := get_contact_named(company, by.organisation, name):
        return found
    raise ApproachRefused(
        f"{company.name} n’a pas d’interlocuteur de ce nom : notez-le d’abord sur sa page, ou laissez vide.",
        field="contact_name",
    )


def _check_contact(company: Organisation, contact: CompanyContact | None, by: Membership) -> None:
    if contact is not None and (contact.company_id != company.pk or contact.organisation_id != by.organisation_id):
        raise ApproachRefused("Cet interlocuteur n’est pas de cette entreprise.", field="contact")


def _check_distance(action: Action, enrolment: Enrolment | None, company: Organisation, plan: ApproachPlan) -> None:
    rules = prospecting_rules(action)
    known = get_company_profile(company, action.organisation)
    if rules is None or rules.travel_minutes is None or known is None or known.travel_minutes is None:
        return
    if known.travel_minutes <= rules.travel_minutes:
        return
    if enrolment is not None:
        profile = get_profile(enrolment.person)
        accepted = profile.travel_minutes if profile else None
        if plan.accepts_distance or (accepted is not None and accepted >= known.travel_minutes):
            return
    end = (
        "cochez que la personne accepte ce trajet."
        if enrolment is not None
        else "elle n’est pas à viser pour le groupe."
    )
    raise ApproachRefused(
        f"{company.name} est à {known.travel_minutes} minutes, au-delà des {rules.travel_minutes} de la fiche : {end}",
        field="accepts_distance",
    )


def _fill(approach: Approach, plan: ApproachPlan) -> None:
    for name in ApproachPlan.__slots__:
        setattr(approach, name, getattr(plan, name))


def _take(approach: Approach, version: int) -> Approach:
    locked = check_version(approach, version)
    if locked.cancelled_at is not None:
        raise ApproachRefused("Cette démarche est annulée.")
    return locked


def _take_with_next_step(approach: Approach, version: int) -> Approach:
    locked = _take(approach, version)
    if not locked.next_step or locked.next_done_at is not None:
        raise ApproachRefused("Il n’y a plus rien à faire après cette démarche.")
    return locked


def _record(approach: Approach, by: Membership, now: datetime, corrects: Fact | None = None) -> Fact:
    former = Approach.objects.filter(
        action=approach.action, company=approach.company, cancelled_at__isnull=True, made_on__lte=approach.made_on
    ).exclude(pk=approach.pk)
    enrolment = approach.enrolment
    return record(
        "org_contacted",
        emitter=APPROACH_STEP,
        action=approach.action,
        at=approach.made_on,
        person=enrolment.person if enrolment else None,
        organisation=approach.company,
        cohort=enrolment.group.ref if enrolment and enrolment.group else None,
        by=by,
        now=now,
        data={
            "mode": ApproachChannel(approach.channel).fact_mode,
            "purpose": "follow_up" if former.exists() else "prospecting",
        },
        corrects=corrects,
    )
