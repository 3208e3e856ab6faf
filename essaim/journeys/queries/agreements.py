"""Agreements with funders, for the carrier that holds them and the funder that signed them."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import DateField, DecimalField, ExpressionWrapper, F, Func, IntegerField, Q, QuerySet, Sum, Value
from django.db.models.functions import Coalesce

from essaim.accounts.models import Membership
from essaim.journal.models import Action
from essaim.journeys.enums import AgreementState
from essaim.journeys.models import FundingAgreement, Instalment
from essaim.journeys.permissions import ROLES_LAUNCHING
from essaim.journeys.queries.actions import visible_actions
from essaim.kernel.alerts import AlertScope, alert_rows

SIGNED = (AgreementState.SIGNED, AgreementState.SETTLED)
EURO = DecimalField(max_digits=12, decimal_places=2)


def visible_agreements(viewer: Membership | None) -> QuerySet[FundingAgreement]:
    """The agreements this viewer may read: those of the actions her organisation carries, to who steers; those that
    her organisation signed as funder. Empty without an open membership.
    """
    if viewer is None or viewer.until is not None:
        return FundingAgreement.objects.none()
    allowed = Q(funder_id=viewer.organisation_id, state__in=SIGNED)
    if viewer.role in ROLES_LAUNCHING:
        allowed |= Q(action__organisation_id=viewer.organisation_id)
    found = FundingAgreement.objects.filter(allowed, action__in=visible_actions(viewer).values("pk"))
    return found.select_related("action", "action__organisation", "funder").defer("action__definition")


def list_agreements_for(viewer: Membership | None, action: Action) -> QuerySet[FundingAgreement]:
    """Return the agreements of an action with ``planned``, ``claimed`` and ``received`` euros, cancelled ones last."""
    live = Q(instalments__cancelled_at__isnull=True)
    found = visible_agreements(viewer).filter(action=action).annotate(
        planned=_total("instalments__amount", live),
        claimed=_total("instalments__amount", live & Q(instalments__claimed_on__isnull=False)),
        received=_total("instalments__received_amount", live),
        is_cancelled=Q(state=AgreementState.CANCELLED),
    )  # fmt: skip
    return found.order_by("is_cancelled", "starts", "pk")


def _total(path: str, condition: Q) -> Coalesce:
    return Coalesce(Sum(path, filter=condition), Value(Decimal(0)), output_field=EURO)


def reads_agreements_of(viewer: Membership | None, action: Action) -> bool:
    """Whether the viewer has agreements to read in this action, or may write some."""
    if viewer is not None and viewer.role in ROLES_LAUNCHING and action.organisation_id == viewer.organisation_id:
        return not action.is_imported
    return visible_agreements(viewer).filter(action=action).exists()


def get_agreement_for(viewer: Membership | None, ref: str) -> FundingAgreement:
    """Return one agreement. Raises FundingAgreement.DoesNotExist when the viewer may not read it."""
    return visible_agreements(viewer).get(ref=ref)


def list_instalments_of(agreement: FundingAgreement) -> QuerySet[Instalment]:
    """Return the instalments of an agreement obtained through ``get_agreement_for``, cancelled ones left out."""
    return agreement.instalments.filter(cancelled_at__isnull=True).order_by("expected_on", "pk")


def get_instalment_for(viewer: Membership | None, ref: str) -> Instalment:
    """Return one instalment. Raises Instalment.DoesNotExist when the viewer may not read its agreement."""
    found = Instalment.objects.filter(agreement__in=visible_agreements(viewer), cancelled_at__isnull=True)
    related = found.select_related("agreement__action__organisation", "agreement__funder")
    return related.defer("agreement__action__definition").get(ref=ref)


@dataclass(frozen=True, slots=True)
class AgreementTotals:
    """Where an agreement stands, in euros."""

    granted: Decimal
    planned: Decimal
    claimed: Decimal
    received: Decimal

    @property
    def unplanned(self) -> Decimal:
        """What no instalment takes yet."""
        return self.granted - self.planned


def total_agreement(agreement: FundingAgreement, instalments: list[Instalment]) -> AgreementTotals:
    """Return the totals of an agreement from its instalments, already read."""
    return AgreementTotals(
        granted=agreement.amount,
        planned=sum((one.amount for one in instalments), Decimal(0)),
        claimed=sum((one.amount for one in instalments if one.claimed_on), Decimal(0)),
        received=sum((one.received_amount or Decimal(0) for one in instalments), Decimal(0)),
    )


def find_claim_due(scope: AlertScope) -> QuerySet[Any]:
    """Return the instalments of signed agreements to claim within ``days``, or late. ``number``: days left."""
    seen_from = ExpressionWrapper(
        F("claim_by") - scope.setting_of("days", "agreement__action"), output_field=DateField()
    )
    rows = Instalment.objects.filter(
        agreement__action__in=scope.actions,
        agreement__state=AgreementState.SIGNED,
        claimed_on__isnull=True,
        cancelled_at__isnull=True,
    )
    return alert_rows(
        rows.alias(seen_from=seen_from).filter(seen_from__lte=scope.on),
        scope,
        action="agreement__action",
        subject=F("ref"),
        title=F("agreement__title"),
        since=seen_from,
        due=F("claim_by"),
        number=Func(F("claim_by"), Value(scope.on, DateField()), function="date_mi", output_field=IntegerField()),
    )
