"""Who is away, and who replaces her."""

from datetime import date, datetime

from django.db import IntegrityError, transaction

from essaim.accounts.enums import ROLES_SEEING_PEOPLE
from essaim.accounts.models import Membership, User
from essaim.accounts.permissions import manages
from essaim.agenda.models import Absence
from essaim.agenda.operations.appointments import give_appointments
from essaim.agenda.queries.appointments import planned_of
from essaim.kernel.days import paris_day
from essaim.kernel.errors import OperationError
from essaim.kernel.formats import long_day


class AbsenceRefused(OperationError):  # noqa: N818 - the words of the screen
    """An absence that cannot be declared or withdrawn so."""


@transaction.atomic
def declare_absence(
    *,
    user: User,
    starts: date,
    ends: date,
    replaced_by: User | None = None,
    by: Membership,
    now: datetime,
) -> Absence:
    """Say that a colleague is away from ``starts`` to ``ends``, both included: no new appointment with her then.

    Appointments of these days go to ``replaced_by`` when she is free then; the others stay, listed as to be moved.
    Refused (AbsenceRefused): a colleague's absence by someone
    who is not manager, days out of order or all past, days that overlap another absence, a replacement who does not
    work with people here or is herself.
    """
    if user.pk != by.user_id and not manages(by):
        raise AbsenceRefused("Seul un responsable note l’absence d’un collègue.")
    for member in (user, replaced_by):
        if member is not None and not _works_here(member, by):
            raise AbsenceRefused(f"{member.full_name} ne suit pas de personnes dans votre organisation.")
    if ends < starts:
        raise AbsenceRefused("Le dernier jour précède le premier.", field="ends")
    if ends < paris_day(now):
        raise AbsenceRefused("Cette absence est déjà passée.", field="ends")
    if replaced_by is not None and replaced_by.pk == user.pk:
        raise AbsenceRefused("Choisissez une autre personne que la personne absente.", field="replaced_by")
    if known := Absence.objects.filter(user=user, starts__lte=ends, ends__gte=starts).first():
        raise AbsenceRefused(f"Une absence est déjà notée du {long_day(known.starts)} au {long_day(known.ends)}.")
    try:
        with transaction.atomic():
            absence = Absence.objects.create(
                user=user, organisation_id=by.organisation_id, starts=starts, ends=ends, replaced_by=replaced_by
            )
    except IntegrityError:
        raise AbsenceRefused("Une absence vient d’être notée sur ces jours : rechargez la page.") from None
    if replaced_by is not None:
        give_appointments(appointments=planned_of(user, by.organisation_id, now, absence), to_user=replaced_by, by=by)
    return absence


@transaction.atomic
def withdraw_absence(*, absence: Absence, by: Membership, now: datetime) -> None:
    """Take back an absence: one's own, or any of the organisation for its managers.

    Refused (AbsenceRefused): someone else's, or an absence already over.
    """
    if absence.user_id != by.user_id and not (manages(by) and absence.organisation_id == by.organisation_id):
        raise AbsenceRefused("Seul un responsable retire l’absence d’un collègue.")
    if absence.ends < paris_day(now):
        raise AbsenceRefused("Cette absence est déjà passée.")
    absence.delete()


def _works_here(user: User, by: Membership) -> bool:
    return Membership.objects.filter(
        user=user, organisation_id=by.organisation_id, until__isnull=True, role__in=ROLES_SEEING_PEOPLE
    ).exists()
