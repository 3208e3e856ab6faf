"""Targets of a running action: each change is dated and traced."""

from datetime import datetime
from decimal import Decimal

from django.db import transaction

from essaim.accounts.models import Membership
from essaim.journal.models import Action
from essaim.journeys.models import Target, TargetChange
from essaim.journeys.permissions import may_steer
from essaim.journeys.queries.actions import practice_of
from essaim.kernel.edit_versions import check_version
from essaim.kernel.errors import OperationError

LARGEST = Decimal(1_000_000_000)
PLACES = Decimal("0.0001")


class TargetRefused(OperationError):  # noqa: N818 - the words of the screen
    """A target that cannot be set so."""


@transaction.atomic
def set_target(
    *, action: Action, indicator: str, value: Decimal | None, version: int, by: Membership, now: datetime
) -> TargetChange | None:
    """Give an indicator of the action a target from now on (None withdraws it), and keep the old one, the date, the
    author. ``version`` is the action's. Returns None when the value is the same.

    Refused (TargetRefused): by someone who does not steer the action, an indicator that the practice does not have, a
    value below 0, above a billion or with more than four decimals. EditConflict.
    """
    if not may_steer(by, action):
        raise TargetRefused("Vous ne pouvez pas modifier les cibles de cette action.")
    if indicator not in {one.id for one in practice_of(action).indicators}:
        raise TargetRefused("Cet indicateur n’existe pas dans la fiche.")
    if value is not None and (not value.is_finite() or not 0 <= value <= LARGEST or value != value.quantize(PLACES)):
        raise TargetRefused("Écrivez un nombre positif, quatre décimales au plus.", field="value")
    locked = check_version(action, version)
    former = Target.objects.filter(action=locked, indicator=indicator).first()
    old = former.value if former else None
    if old == value:
        return None
    locked.save(update_fields=["version"])
    if value is None:
        Target.objects.filter(action=locked, indicator=indicator).delete()
    else:
        Target.objects.update_or_create(action=locked, indicator=indicator, defaults={"value": value})
    return TargetChange.objects.create(
        action=locked, indicator=indicator, old_value=old, new_value=value, at=now, by=by.user
    )
