"""The time that the team gives to an action, month by month, and what it costs when the carrier says so."""

from datetime import date, datetime
from decimal import Decimal

from django.db import IntegrityError, transaction

from essaim.accounts.models import Membership
from essaim.journeys.models import StaffMember, StaffTime
from essaim.journeys.permissions import may_manage, may_steer
from essaim.kernel.days import paris_day
from essaim.kernel.edit_versions import check_version
from essaim.kernel.errors import OperationError

MOST_HOURS = Decimal(744)
MOST_COST = Decimal(1_000_000_000)


class StaffTimeRefused(OperationError):  # noqa: N818 - the words of the screen
    """Time that cannot be written so."""


@transaction.atomic
def record_staff_time(
    *,
    member: StaffMember,
    month: date,
    hours: Decimal | None = None,
    share: Decimal | None = None,
    cost: Decimal | None = None,
    by: Membership,
    now: datetime,
) -> StaffTime:
    """Write what a member of the team gave in a month: hours, or a share of full time (0 to 1); ``cost`` in euros.

    Refused (StaffTimeRefused): by someone who does not steer the action; a cost by someone who does not manage the
    carrier; both hours and share, or neither; out of range; a month to come, or outside her time in the team; a month
    already written.
    """
    _check(member, month, hours, share, cost, by, now)
    time = StaffTime(
        member=member,
        month=month.replace(day=1),
        hours=hours,
        share=share,
        cost=cost,
        recorded_at=now,
        recorded_by=by.user,
    )
    return _saved(time)


@transaction.atomic
def correct_staff_time(
    *,
    time: StaffTime,
    hours: Decimal | None = None,
    share: Decimal | None = None,
    cost: Decimal | None = None,
    version: int,
    by: Membership,
    now: datetime,
) -> StaffTime:
    """Set the time of a month right; who does not manage the carrier leaves its cost as it is.

    Refused as ``record_staff_time``; EditConflict.
    """
    member = time.member
    _check(member, time.month, hours, share, cost, by, now)
    locked = check_version(time, version)
    locked.hours, locked.share = hours, share
    if may_manage(by, member.action):
        locked.cost = cost
    locked.recorded_at, locked.recorded_by = now, by.user
    return _saved(locked)


@transaction.atomic
def remove_staff_time(*, time: StaffTime, version: int, by: Membership, now: datetime) -> None:
    """Take away a month written by mistake. Refused (StaffTimeRefused): by someone who does not steer. EditConflict."""
    if not may_steer(by, time.member.action):
        raise StaffTimeRefused("Vous ne modifiez pas l’équipe de cette action.")
    check_version(time, version).delete()


def _check(
    member: StaffMember,
    month: date,
    hours: Decimal | None,
    share: Decimal | None,
    cost: Decimal | None,
    by: Membership,
    now: datetime,
) -> None:
    if not may_steer(by, member.action):
        raise StaffTimeRefused("Vous ne modifiez pas l’équipe de cette action.")
    if (hours is None) == (share is None):
        raise StaffTimeRefused("Indiquez des heures ou une part de temps plein, l’un des deux.", field="hours")
    if hours is not None and not 0 <= hours <= MOST_HOURS:
        raise StaffTimeRefused("Un mois compte 744 heures au plus.", field="hours")
    if share is not None and not 0 <= share <= 1:
        raise StaffTimeRefused("La part de temps plein va de 0 à 1.", field="share")
    _check_cost(member, cost, by)
    first = month.replace(day=1)
    if first > paris_day(now):
        raise StaffTimeRefused("Ce mois n’a pas commencé.", field="month")
    if first < member.starts.replace(day=1) or (member.ends is not None and first > member.ends):
        raise StaffTimeRefused("Ce mois n’est pas de son temps dans l’équipe.", field="month")


def _check_cost(member: StaffMember, cost: Decimal | None, by: Membership) -> None:
    if cost is None:
        return
    if not may_manage(by, member.action):
        raise StaffTimeRefused("Seule une personne responsable de la structure note un coût.", field="cost")
    if not cost.is_finite() or not 0 <= cost <= MOST_COST:
        raise StaffTimeRefused("Écrivez un montant en euros.", field="cost")


def _saved(time: StaffTime) -> StaffTime:
    try:
        with transaction.atomic():
            time.save()
    except IntegrityError as error:
        if "stafftime_once_a_month" not in str(error):
            raise
        raise StaffTimeRefused("Ce mois est déjà noté pour cette personne.", field="month") from None
    return time
