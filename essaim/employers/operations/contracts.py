"""Writes of employers: the work contract, from its signature to its end. The row and the fil always say the
same.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import transaction

from essaim.accounts.models import Membership
from essaim.agenda.enums import AppointmentType, MeetingMode
from essaim.agenda.operations import Where, make_appointment
from essaim.directory.enums import OrganisationOrigin, Sector
from essaim.directory.models import Organisation
from essaim.employers.engine.terms import LONGEST_TERM, planned_end
from essaim.employers.enums import TYPES_WITH_TERM, ContractType, EndInitiator
from essaim.employers.models import Application, WorkContract
from essaim.employers.operations.applications import link_contract, release_contract
from essaim.employers.queries.contracts import is_check_in_offered
from essaim.journal.enums import Source
from essaim.journal.models import Fact
from essaim.journal.operations import record, void_fact
from essaim.journeys.enums import EnrolmentState
from essaim.journeys.models import Enrolment
from essaim.journeys.operations import complete_step, reset_step
from essaim.journeys.permissions import may_accompany
from essaim.journeys.queries import is_partner_seeing_people, steps_of_kind
from essaim.kernel.days import paris_day
from essaim.kernel.edit_versions import check_version
from essaim.kernel.errors import OperationError
from essaim.kernel.formats import long_day
from essaim.people.queries import scope_for

STEP = "employers.contract"
LONGEST_HOURS = Decimal(100_000)
CHECK_IN = timedelta(minutes=30)


class ContractRefused(OperationError):  # noqa: N818 - the words of the screen, not a fault
    """A contract that cannot be signed, corrected, ended or cancelled so."""


@dataclass(frozen=True, slots=True)
class ContractTerms:
    """What a work contract says. ``term_months`` is required by the types that have a term (FACTS §6.17)."""

    type: str
    signed_on: date
    starts: date
    ends: date | None = None
    term_months: int | None = None
    total_hours: Decimal | None = None
    sector: str = ""
    source: str = Source.DECLARED.value


@transaction.atomic
def sign_contract(
    *,
    enrolment: Enrolment,
    organisation: Organisation | None,
    terms: ContractTerms,
    application: Application | None = None,
    check_in_at: datetime | None = None,
    by: Membership,
    now: datetime,
) -> WorkContract:
    """Write a contract signed by a person of the action, during her parcours or after it.

    Guarantees the row, one ``contract_signed`` and the contract step of the parcours done; the ``application`` that
    it follows moves to ``hired``; ``check_in_at`` makes the call of half an hour that the practice offers after hiring.
    Refused (ApplicationRefused; ContractRefused): someone who does not follow people in
    this action or does not see this file, a cancelled parcours, no employer (but for someone who works for herself),
    terms that FACTS §17 refuses, a signature in the future or before the entry into the action.
    """
    _require_accompanying(enrolment, by)
    if enrolment.state == EnrolmentState.CANCELLED:
        raise ContractRefused("Ce parcours est annulé : aucun contrat ne peut s’y rattacher.")
    _check_employer(organisation, terms)
    _check_terms(terms, enrolment, paris_day(now))
    contract = WorkContract(
        person=enrolment.person,
        action=enrolment.action,
        enrolment=enrolment,
        organisation=organisation,
        created_at=now,
        **_columns(terms),
    )
    contract.signed_fact = _record_signature(contract, by, now)
    contract.save()
    for step in steps_of_kind(enrolment.action, STEP):
        complete_step(enrolment=enrolment, step=step.key, outcome=terms.type, on=terms.signed_on, by=by, now=now)
    if application is not None:
        link_contract(application=application, contract=contract, by=by, now=now)
    if check_in_at is not None:
        _plan_check_in(contract, check_in_at, by, now)
    return contract


@transaction.atomic
def correct_contract(
    *,
    contract: WorkContract,
    organisation: Organisation | None,
    terms: ContractTerms,
    version: int,
    by: Membership,
    now: datetime,
) -> WorkContract:
    """Set a contract right: the row changes and a new ``contract_signed`` replaces the former one.

    The end already recorded follows the employer. Refused as ``sign_contract``; a cancelled contract; terms
    that start or are signed after its recorded end; EditConflict when someone else changed it meanwhile.
    """
    _require_accompanying(contract.enrolment, by)
    contract = _take(contract, version)
    _check_employer(organisation, terms)
    _check_terms(terms, contract.enrolment, paris_day(now))
    if contract.ended_on and contract.ended_on < max(terms.starts, terms.signed_on):
        raise ContractRefused(
            f"La fin de ce contrat est enregistrée le {long_day(contract.ended_on)} : corrigez-la d’abord.",
            field="starts",
        )
    has_moved = contract.organisation != organisation
    contract.organisation = organisation
    for name, value in _columns(terms).items():
        setattr(contract, name, value)
    contract.signed_fact = _record_signature(contract, by, now, corrects=contract.signed_fact)
    if has_moved and contract.ended_fact is not None:
        contract.ended_fact = _record_end(contract, by, now, corrects=contract.ended_fact)
    contract.save()
    return contract


@transaction.atomic
def end_contract(
    *,
    contract: WorkContract,
    on: date,
    early: bool,
    initiator: str = "",
    version: int,
    by: Membership,
    now: datetime,
) -> WorkContract:
    """Write the last day worked of a contract: the row and one ``contract_ended``.

    Refused (ContractRefused): already ended or cancelled, a day in the future, before the start or the
    signature, at its term while its term is later, broken early without saying by whom; EditConflict.
    """
    _require_accompanying(contract.enrolment, by)
    contract = _take(contract, version)
    if contract.ended_on is not None:
        raise ContractRefused("La fin de ce contrat est déjà enregistrée : corrigez-la.")
    _set_end(contract, on, early, initiator, paris_day(now))
    contract.ended_fact = _record_end(contract, by, now)
    contract.save()
    return contract


@transaction.atomic
def correct_end(
    *,
    contract: WorkContract,
    on: date,
    early: bool,
    initiator: str = "",
    version: int,
    by: Membership,
    now: datetime,
) -> WorkContract:
    """Set right the end of a contract: a new ``contract_ended`` replaces the former. Refused as
    ``end_contract``.
    """
    _require_accompanying(contract.enrolment, by)
    contract = _take(contract, version)
    if contract.ended_fact is None:
        raise ContractRefused("Aucune fin n’est enregistrée pour ce contrat.")
    _set_end(contract, on, early, initiator, paris_day(now))
    contract.ended_fact = _record_end(contract, by, now, corrects=contract.ended_fact)
    contract.save()
    return contract


@transaction.atomic
def cancel_end(*, contract: WorkContract, version: int, by: Membership, now: datetime) -> WorkContract:
    """Cancel an end entered by mistake: its fact is voided, the contract runs again. Refused when there is
    none.
    """
    _require_accompanying(contract.enrolment, by)
    contract = _take(contract, version)
    if contract.ended_fact is None:
        raise ContractRefused("Aucune fin n’est enregistrée pour ce contrat.")
    void_fact(contract.ended_fact, emitter=STEP, by=by, now=now)
    contract.ended_fact, contract.ended_on, contract.ended_early = None, None, None
    contract.end_initiator = ""
    contract.save()
    return contract


@transaction.atomic
def cancel_contract(*, contract: WorkContract, version: int, by: Membership, now: datetime) -> WorkContract:
    """Cancel a contract entered by mistake: its facts are voided, the row stays as a trace.

    The contract step of the parcours is to do again when no other contract remains. Refused: already
    cancelled; EditConflict.
    """
    _require_accompanying(contract.enrolment, by)
    contract = _take(contract, version)
    if contract.ended_fact is not None:
        void_fact(contract.ended_fact, emitter=STEP, by=by, now=now)
    void_fact(contract.signed_fact, emitter=STEP, by=by, now=now)
    contract.cancelled_at = now
    contract.save()
    release_contract(contract=contract, by=by, now=now)
    others = WorkContract.objects.filter(enrolment=contract.enrolment, cancelled_at__isnull=True)
    if contract.enrolment.state == EnrolmentState.OPEN and not others.exists():
        for step in steps_of_kind(contract.action, STEP):
            reset_step(enrolment=contract.enrolment, step=step.key, on=paris_day(now))
    return contract


def _take(contract: WorkContract, version: int) -> WorkContract:
    locked = check_version(contract, version)
    if locked.cancelled_at is not None:
        raise ContractRefused("Ce contrat est annulé.")
    return locked


def _require_accompanying(enrolment: Enrolment, by: Membership) -> None:
    partner = is_partner_seeing_people(by, enrolment.action)
    if not may_accompany(by, enrolment.action, is_partner_seeing_people=partner):
        raise ContractRefused("Vous n’enregistrez pas de contrats dans cette action.")
    if scope_for(by, enrolment.person) is None:
        raise ContractRefused("Ce dossier ne vous est pas ouvert.")


def _plan_check_in(contract: WorkContract, at: datetime, by: Membership, now: datetime) -> None:
    if not is_check_in_offered(contract.action):
        raise ContractRefused("La fiche de cette action ne prévoit pas de point après l’embauche.", field="check_in_on")
    if at < now:
        raise ContractRefused("Choisissez un moment à venir.", field="check_in_on")
    try:
        make_appointment(
            person=contract.person,
            type=AppointmentType.POST_HIRE,
            user=by.user,
            starts=at,
            ends=at + CHECK_IN,
            action=contract.action,
            enrolment=contract.enrolment,
            where=Where(MeetingMode.PHONE),
            by=by,
            now=now,
        )
    except OperationError as error:
        raise ContractRefused(error.message, field="check_in_on") from error


def _check_employer(organisation: Organisation | None, terms: ContractTerms) -> None:
    if organisation is None:
        if terms.type != ContractType.SELF_EMPLOYMENT:
            raise ContractRefused("Choisissez l’employeur.", field="organisation")
    elif organisation.origin != OrganisationOrigin.LOCAL:
        raise ContractRefused("Choisissez un employeur de cette instance.", field="organisation")


def _check_terms(terms: ContractTerms, enrolment: Enrolment, today: date) -> None:
    if terms.type not in ContractType.values:
        raise ContractRefused("Choisissez un type de contrat.", field="type")
    if terms.signed_on > today:
        raise ContractRefused("La signature ne peut pas être dans l’avenir.", field="signed_on")
    if terms.signed_on < enrolment.opened_on:
        raise ContractRefused(
            f"La personne est entrée dans l’action le {long_day(enrolment.opened_on)}.", field="signed_on"
        )
    if terms.ends and terms.ends < terms.starts:
        raise ContractRefused("La fin est avant le début.", field="ends")
    if terms.type in TYPES_WITH_TERM and terms.term_months is None:
        raise ContractRefused("Indiquez la durée en mois de ce contrat.", field="term_months")
    if terms.type == ContractType.CDI and (terms.term_months is not None or terms.ends):
        field = "term_months" if terms.term_months is not None else "ends"
        raise ContractRefused("Un CDI n’a pas de terme : laissez ce champ vide.", field=field)
    if terms.term_months is not None and not 0 <= terms.term_months <= LONGEST_TERM:
        raise ContractRefused(f"Entre 0 et {LONGEST_TERM} mois.", field="term_months")
    if terms.total_hours is not None and not 0 <= terms.total_hours <= LONGEST_HOURS:
        raise ContractRefused("Entre 0 et 100 000 heures.", field="total_hours")
    if terms.sector and terms.sector not in Sector.values:
        raise ContractRefused("Choisissez un secteur.", field="sector")
    if terms.source not in Source.values:
        raise ContractRefused("Dites d’où vient l’information.", field="source")


def _set_end(contract: WorkContract, on: date, early: bool, initiator: str, today: date) -> None:
    if on > today:
        raise ContractRefused("Le dernier jour travaillé ne peut pas être dans l’avenir.", field="on")
    if on < contract.starts:
        raise ContractRefused(f"Le contrat commence le {long_day(contract.starts)}.", field="on")
    if on < contract.signed_on:
        raise ContractRefused(f"Le contrat a été signé le {long_day(contract.signed_on)}.", field="on")
    end = planned_end(contract.starts, contract.ends, contract.term_months)
    if not early and end is not None and on < end:
        raise ContractRefused(f"Le terme prévu est le {long_day(end)} : ce contrat s’est arrêté avant.", field="early")
    if initiator and initiator not in EndInitiator.values:
        raise ContractRefused("Dites à l’initiative de qui.", field="initiator")
    contract.ended_on, contract.ended_early, contract.end_initiator = on, early, initiator if early else ""


def _columns(terms: ContractTerms) -> dict[str, object]:
    return {name: getattr(terms, name) for name in terms.__dataclass_fields__}


def _record_signature(contract: WorkContract, by: Membership, now: datetime, corrects: Fact | None = None) -> Fact:
    hours = contract.total_hours
    data = {
        "contract": contract.ref,
        "type": contract.type,
        "starts": contract.starts.isoformat(),
        "ends": contract.ends.isoformat() if contract.ends else None,
        "term_months": contract.term_months,
        "total_hours": None if hours is None else int(hours) if hours == int(hours) else float(hours),
        "sector": contract.sector or None,
    }
    return record(
        "contract_signed",
        emitter=STEP,
        action=contract.action,
        at=contract.signed_on,
        person=contract.person,
        organisation=contract.organisation,
        source=contract.source,
        by=by,
        now=now,
        data={key: value for key, value in data.items() if value is not None},
        corrects=corrects,
    )


def _record_end(contract: WorkContract, by: Membership, now: datetime, corrects: Fact | None = None) -> Fact:
    assert contract.ended_on is not None
    data = {"contract": contract.ref, "early": contract.ended_early}
    if contract.end_initiator:
        data["initiator"] = contract.end_initiator
    return record(
        "contract_ended",
        emitter=STEP,
        action=contract.action,
        at=contract.ended_on,
        person=contract.person,
        organisation=contract.organisation,
        by=by,
        now=now,
        data=data,
        corrects=corrects,
    )
