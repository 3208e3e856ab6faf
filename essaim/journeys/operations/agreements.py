"""Agreements with funders: prepared, signed, settled; their instalments are claimed, then received."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import IntegrityError, transaction

from essaim.accounts.models import Membership
from essaim.directory.enums import OrganisationOrigin
from essaim.directory.models import Organisation
from essaim.journal.models import Action
from essaim.journal.operations import record
from essaim.journeys.enums import AgreementState, Evidence, PartnerRole
from essaim.journeys.models import ActionPartner, FundingAgreement
from essaim.journeys.operations.partners import PartnerPlan, add_partner
from essaim.journeys.operations.path_rules import tidied
from essaim.journeys.permissions import may_manage
from essaim.kernel.days import paris_day
from essaim.kernel.edit_versions import check_version
from essaim.kernel.errors import OperationError
from essaim.kernel.formats import money

FUNDING = "journeys"
LONGEST_TITLE, LONGEST_NUMBER = 120, 60
MOST = Decimal(1_000_000_000)
CENT = Decimal("0.01")


class AgreementRefused(OperationError):  # noqa: N818 - the words of the screen
    """An agreement or an instalment that cannot be written so."""


@dataclass(frozen=True, slots=True)
class AgreementDetails:
    """Who grants how much (euros) over which period, days included, and what it asks to see for each person."""

    funder: Organisation
    title: str
    amount: Decimal
    starts: date
    ends: date
    number: str = ""
    evidence: tuple[str, ...] = ()


@transaction.atomic
def prepare_agreement(*, action: Action, details: AgreementDetails, by: Membership, now: datetime) -> FundingAgreement:
    """Write an agreement being prepared: it commits nobody until it is signed.

    Refused (AgreementRefused): by someone who does not manage the carrier, the carrier as its own funder, no title,
    an amount of 0 or less, dates out of order, evidence unknown, the same title twice for one funder.
    """
    agreement = FundingAgreement(action=action, created_by=by.user, created_at=now, **_columns(action, details, by))
    return _saved(agreement)


@transaction.atomic
def correct_agreement(
    *, agreement: FundingAgreement, details: AgreementDetails, version: int, by: Membership, now: datetime
) -> FundingAgreement:
    """Change an agreement that is neither settled nor cancelled; once signed, its funder stays.

    Refused (AgreementRefused): as ``prepare_agreement``, an amount below the sum of its instalments. EditConflict.
    """
    columns = _columns(agreement.action, details, by)
    locked = take_agreement(agreement=agreement, version=version)
    if locked.state == AgreementState.SIGNED and details.funder.pk != locked.funder_id:
        raise AgreementRefused("La convention est signée : son financeur ne change plus.", field="funder")
    for name, value in columns.items():
        setattr(locked, name, value)
    return _saved(locked)


@transaction.atomic
def sign_agreement(
    *, agreement: FundingAgreement, on: date, version: int, by: Membership, now: datetime
) -> FundingAgreement:
    """Write the day of the signature, with its fact; a funder who had no such role in the action takes it, committed
    by ``org_committed``.

    Refused (AgreementRefused): by someone who does not manage the carrier, already signed, a day in the future.
    EditConflict.
    """
    _require(agreement.action, by)
    locked = take_agreement(agreement=agreement, version=version)
    if locked.state == AgreementState.SIGNED:
        raise AgreementRefused("Cette convention est déjà signée.")
    if on > paris_day(now):
        raise AgreementRefused("Cette date est dans l’avenir.", field="on")
    action, funder = locked.action, locked.funder
    parts = ActionPartner.objects.filter(action=action, organisation=funder, until__isnull=True)
    if not parts.filter(role=PartnerRole.FUNDER).exists():
        add_partner(action=action, plan=PartnerPlan(funder, PartnerRole.FUNDER), by=by, now=now)
    locked.signed_fact = record(
        "journeys.agreement_signed",
        emitter=FUNDING,
        action=action,
        at=on,
        organisation=funder,
        by=by,
        now=now,
        data={"agreement": locked.ref, "amount": float(locked.amount)},
    )
    locked.signed_on, locked.state = on, AgreementState.SIGNED
    return _saved(locked)


@transaction.atomic
def end_agreement(
    *, agreement: FundingAgreement, state: str, version: int, by: Membership, now: datetime
) -> FundingAgreement:
    """Settle a signed agreement (``settled``), or cancel one that paid and was asked nothing (``cancelled``).

    Refused (AgreementRefused): by someone who does not manage the carrier; settled while an instalment claimed is not
    received; cancelled while one was claimed; another state. EditConflict.
    """
    _require(agreement.action, by)
    locked = take_agreement(agreement=agreement, version=version)
    open_ones = locked.instalments.filter(cancelled_at__isnull=True, claimed_on__isnull=False)
    if state == AgreementState.SETTLED:
        if locked.state != AgreementState.SIGNED:
            raise AgreementRefused("Une convention se solde une fois signée.")
        if open_ones.filter(received_on__isnull=True).exists():
            raise AgreementRefused("Un versement demandé n’est pas encore reçu.")
    elif state == AgreementState.CANCELLED:
        if open_ones.exists():
            raise AgreementRefused("Un versement a déjà été demandé : la convention ne s’annule plus.")
    else:
        raise AgreementRefused("Choisissez : soldée ou annulée.")
    locked.state = AgreementState(state)
    return _saved(locked)


def take_agreement(*, agreement: FundingAgreement, version: int) -> FundingAgreement:
    """Return the agreement locked, its version raised. Raises EditConflict, AgreementRefused when it is over."""
    locked = check_version(agreement, version)
    refuse_over(agreement=locked)
    locked.action, locked.funder = agreement.action, agreement.funder
    return locked


def refuse_over(*, agreement: FundingAgreement) -> None:
    """Raise AgreementRefused when the agreement is settled or cancelled."""
    if agreement.state in {AgreementState.SETTLED, AgreementState.CANCELLED}:
        raise AgreementRefused(f"Cette convention est {agreement.get_state_display()}.")


def check_money(*, amount: Decimal, field: str = "amount") -> None:
    """Raise AgreementRefused unless this is an amount of euros above 0, to the cent."""
    if not amount.is_finite() or not 0 < amount <= MOST or amount != amount.quantize(CENT):
        raise AgreementRefused("Écrivez un montant en euros, au-dessus de zéro.", field=field)


def refuse_beyond(*, error: IntegrityError, agreement: FundingAgreement) -> None:
    """Say in words what the database refused of the amounts; anything else is raised again."""
    if "instalments_within_agreement" in str(error):
        granted = money(agreement.amount)
        words = f"Les versements dépasseraient le montant de la convention ({granted})."
        raise AgreementRefused(words, field="amount") from None
    if "agreement_once" in str(error):
        raise AgreementRefused("Ce financeur a déjà une convention de ce nom ici.", field="title") from None
    raise error


def _require(action: Action, by: Membership) -> None:
    if not may_manage(by, action):
        raise AgreementRefused("Seule une personne responsable de la structure porteuse tient les conventions.")


def _columns(action: Action, details: AgreementDetails, by: Membership) -> dict[str, object]:
    _require(action, by)
    if details.funder.pk == action.organisation_id:
        raise AgreementRefused("La structure porteuse ne se finance pas elle-même par convention.", field="funder")
    if details.funder.origin != OrganisationOrigin.LOCAL:
        raise AgreementRefused("Choisissez une structure de cette instance.", field="funder")
    title = tidied(words=details.title, longest=LONGEST_TITLE)
    if not title:
        raise AgreementRefused("Donnez un intitulé.", field="title")
    check_money(amount=details.amount)
    if details.ends < details.starts:
        raise AgreementRefused("La fin est avant le début.", field="ends")
    if not set(details.evidence) <= set(Evidence.values):
        raise AgreementRefused("Une des pièces demandées n’existe pas.", field="evidence")
    columns = {name: getattr(details, name) for name in details.__dataclass_fields__}
    number = tidied(words=details.number, longest=LONGEST_NUMBER)
    evidence = [one for one in Evidence.values if one in details.evidence]
    return columns | {"title": title, "number": number, "evidence": evidence}


def _saved(agreement: FundingAgreement) -> FundingAgreement:
    try:
        with transaction.atomic():
            agreement.save()
    except IntegrityError as error:
        refuse_beyond(error=error, agreement=agreement)
    return agreement
