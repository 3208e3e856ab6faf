"""Instalments of an agreement: planned, claimed, received. The database bounds their sum and orders their days."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import IntegrityError, transaction

from essaim.accounts.models import Membership
from essaim.journal.models import Fact
from essaim.journal.operations import record, void_fact
from essaim.journeys.enums import AgreementState, InstalmentKind
from essaim.journeys.models import FundingAgreement, Instalment
from essaim.journeys.operations.agreements import FUNDING, AgreementRefused, check_money, refuse_beyond, refuse_over
from essaim.journeys.permissions import may_manage
from essaim.kernel.days import paris_day
from essaim.kernel.edit_versions import check_version
from essaim.kernel.formats import long_day, money


@dataclass(frozen=True, slots=True)
class InstalmentDetails:
    """How much (euros), to claim before which day, expected on which other."""

    kind: str
    amount: Decimal
    claim_by: date
    expected_on: date


@transaction.atomic
def plan_instalment(
    *, agreement: FundingAgreement, details: InstalmentDetails, by: Membership, now: datetime
) -> Instalment:
    """Plan a payment of the agreement.

    Refused (AgreementRefused): by someone who does not manage the carrier, an agreement that is over, an unknown kind,
    a second balance, an amount of 0 or less, or beyond what the agreement has left, dates out of order.
    """
    _require(agreement, by)
    return _saved(Instalment(agreement=_lock(agreement.pk), **_columns(details)))


@transaction.atomic
def correct_instalment(
    *, instalment: Instalment, details: InstalmentDetails, version: int, by: Membership, now: datetime
) -> Instalment:
    """Change an instalment that was not claimed yet. Refused as ``plan_instalment``; EditConflict."""
    _require(instalment.agreement, by)
    locked = _take(instalment, version)
    _refuse_claimed(locked)
    for name, value in _columns(details).items():
        setattr(locked, name, value)
    return _saved(locked)


@transaction.atomic
def cancel_instalment(*, instalment: Instalment, version: int, by: Membership, now: datetime) -> Instalment:
    """Take away an instalment that was not claimed; the row stays as a trace. Refused as ``correct_instalment``."""
    _require(instalment.agreement, by)
    locked = _take(instalment, version)
    _refuse_claimed(locked)
    locked.cancelled_at = now
    return _saved(locked)


@transaction.atomic
def claim_instalment(*, instalment: Instalment, on: date, version: int, by: Membership, now: datetime) -> Instalment:
    """Write that the payment was asked for that day, with its fact.

    Refused (AgreementRefused): by someone who does not manage the carrier, an agreement not signed, already claimed,
    a day in the future or before the signature. EditConflict.
    """
    _require(instalment.agreement, by)
    locked = _take(instalment, version)
    _refuse_claimed(locked)
    agreement = locked.agreement
    if agreement.state != AgreementState.SIGNED or agreement.signed_on is None:
        raise AgreementRefused("La convention n’est pas encore signée.")
    if on > paris_day(now):
        raise AgreementRefused("Cette date est dans l’avenir.", field="on")
    if on < agreement.signed_on:
        raise AgreementRefused(f"La convention est signée du {long_day(agreement.signed_on)}.", field="on")
    locked.claimed_on = on
    locked.claimed_fact = _record("journeys.grant_claimed", locked, locked.amount, on, by, now)
    return _saved(locked)


@transaction.atomic
def receive_instalment(
    *, instalment: Instalment, on: date, amount: Decimal, version: int, by: Membership, now: datetime
) -> Instalment:
    """Write that the payment arrived that day, whole or in part, with its fact.

    Refused (AgreementRefused): by someone who does not manage the carrier, not claimed, already received, more than
    was planned, a day in the future or before the claim. EditConflict.
    """
    _require(instalment.agreement, by)
    locked = _take(instalment, version)
    if locked.claimed_on is None:
        raise AgreementRefused("Notez d’abord la demande de ce versement.")
    if locked.received_on is not None:
        raise AgreementRefused("Ce versement est déjà reçu.")
    check_money(amount=amount)
    if amount > locked.amount:
        raise AgreementRefused(f"Ce versement est de {money(locked.amount)} au plus.", field="amount")
    if on > paris_day(now):
        raise AgreementRefused("Cette date est dans l’avenir.", field="on")
    if on < locked.claimed_on:
        raise AgreementRefused(f"Ce versement a été demandé le {long_day(locked.claimed_on)}.", field="on")
    locked.received_on, locked.received_amount = on, amount
    locked.received_fact = _record("journeys.grant_received", locked, amount, on, by, now)
    return _saved(locked)


@transaction.atomic
def undo_instalment(*, instalment: Instalment, version: int, by: Membership, now: datetime) -> Instalment:
    """Take back the last thing written by mistake: the reception, or else the claim; its fact is voided.

    Refused (AgreementRefused): by someone who does not manage the carrier, nothing to take back. EditConflict.
    """
    _require(instalment.agreement, by)
    locked = _take(instalment, version)
    name = "received" if locked.received_on else "claimed"
    fact = getattr(locked, f"{name}_fact")
    if fact is None:
        raise AgreementRefused("Rien n’est encore demandé ni reçu.")
    void_fact(fact, emitter=FUNDING, by=by, now=now)
    setattr(locked, f"{name}_on", None)
    setattr(locked, f"{name}_fact", None)
    if name == "received":
        locked.received_amount = None
    return _saved(locked)


def _require(agreement: FundingAgreement, by: Membership) -> None:
    if not may_manage(by, agreement.action):
        raise AgreementRefused("Seule une personne responsable de la structure porteuse tient les versements.")


def _take(instalment: Instalment, version: int) -> Instalment:
    locked = check_version(instalment, version)
    locked.agreement = _lock(locked.agreement_id)
    if locked.cancelled_at is not None:
        raise AgreementRefused("Ce versement est annulé.")
    return locked


def _lock(key: int) -> FundingAgreement:
    """The agreement, still open, locked: nobody settles it meanwhile."""
    found = FundingAgreement.objects.select_for_update(of=("self",), no_key=True)
    agreement = found.select_related("action", "funder").get(pk=key)
    refuse_over(agreement=agreement)
    return agreement


def _refuse_claimed(instalment: Instalment) -> None:
    if instalment.claimed_on is not None:
        raise AgreementRefused("Ce versement est déjà demandé.")


def _columns(details: InstalmentDetails) -> dict[str, object]:
    if details.kind not in InstalmentKind.values:
        raise AgreementRefused("Avance, acompte ou solde ?", field="kind")
    check_money(amount=details.amount)
    if details.expected_on < details.claim_by:
        raise AgreementRefused("Le versement suit sa demande.", field="expected_on")
    return {name: getattr(details, name) for name in details.__dataclass_fields__}


def _record(kind: str, instalment: Instalment, amount: Decimal, on: date, by: Membership, now: datetime) -> Fact:
    return record(
        kind,
        emitter=FUNDING,
        action=instalment.agreement.action,
        at=on,
        organisation=instalment.agreement.funder,
        by=by,
        now=now,
        data={"instalment": instalment.ref, "amount": float(amount)},
    )


def _saved(instalment: Instalment) -> Instalment:
    try:
        with transaction.atomic():
            instalment.save()
    except IntegrityError as error:
        if "instalment_one_balance" in str(error):
            raise AgreementRefused("Cette convention a déjà un solde.", field="kind") from None
        refuse_beyond(error=error, agreement=instalment.agreement)
    return instalment
