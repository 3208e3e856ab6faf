"""Taking and freeing people, counsellors and rooms. The database decides: an exclusion constraint, then the words."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db import IntegrityError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from essaim.accounts.enums import ROLES_SEEING_PEOPLE
from essaim.accounts.models import Membership, User
from essaim.accounts.permissions import manages
from essaim.agenda.enums import OccupationSource
from essaim.agenda.models import Absence, Occupation
from essaim.agenda.queries.occupations import Taken, list_taken_for
from essaim.kernel.days import paris_day
from essaim.kernel.errors import OperationError
from essaim.kernel.formats import clock, long_day

ARTICLES = {
    OccupationSource.APPOINTMENT: "un rendez-vous",
    OccupationSource.SESSION: "une séance",
    OccupationSource.INTERVIEW: "un entretien d’embauche",
    OccupationSource.ABSENCE: "une absence",
}
ARTICLE_OF = {str(OccupationSource(source).label): words for source, words in ARTICLES.items()}


class OccupationConflict(OperationError):  # noqa: N818 - the words of the screen
    """Someone or something is already taken then; ``taken`` says what, in words for who asked."""

    def __init__(self, taken: list[Taken], *, field: str = "starts") -> None:
        super().__init__(" ".join(f"{_sentence(one)}." for one in taken), field=field)
        self.taken = taken


class AbsenceRefused(OperationError):  # noqa: N818 - the words of the screen
    """An absence that cannot be declared or withdrawn so."""


@transaction.atomic
def occupy(
    *,
    resources: Iterable[str],
    starts: datetime,
    ends: datetime,
    source: str,
    source_ref: str,
    by: Membership | None = None,
) -> None:
    """Take all the resources ("person:12", "user:4", "room:3") from ``starts`` to ``ends``, end excluded, or none.

    Two who ask at once wait for each other: one has them. ``by`` is who will read the refusal: without it, no person is
    named. Raises OccupationConflict, which says in French what is taken and when.
    """
    wanted = sorted(set(resources))
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(r, 7301)) FROM unnest(%s::text[]) r", [wanted])
    during = DateTimeTZRange(starts, ends, "[)")
    try:
        with transaction.atomic():
            Occupation.objects.bulk_create(
                Occupation(resource=resource, during=during, source=source, source_ref=source_ref)
                for resource in wanted
            )
    except IntegrityError as error:
        if "occupation_never_twice" not in str(error):
            raise
        raise OccupationConflict(list_taken_for(by, wanted, starts, ends)) from None


def free(*, source: str, source_ref: str) -> int:
    """Free whatever this source had taken; nothing to do when it had taken nothing. Return how many resources."""
    return Occupation.objects.filter(source=source, source_ref=source_ref).delete()[0]


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

    Appointments already made stay, listed as to be moved. Refused (AbsenceRefused): a colleague's absence by someone
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
            return Absence.objects.create(
                user=user, organisation_id=by.organisation_id, starts=starts, ends=ends, replaced_by=replaced_by
            )
    except IntegrityError:
        raise AbsenceRefused("Une absence vient d’être notée sur ces jours : rechargez la page.") from None


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


def _sentence(taken: Taken) -> str:
    when = f"le {long_day(taken.starts, weekday=True, year=False)} de {clock(taken.starts)} à {clock(taken.ends)}"
    if not taken.by:
        return f"{taken.name} n’est pas libre {when}"
    if taken.resource.startswith("room:"):
        return f"{taken.name} est déjà pris {when} ({taken.by})"
    return f"{taken.name} a déjà {ARTICLE_OF[taken.by]} {when}"
