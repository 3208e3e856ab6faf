"""What surrounds someone: barriers, skills, what other systems call her, the colleagues who follow her."""

from datetime import date, datetime

from django.db import IntegrityError, transaction

from essaim.accounts.models import Membership, User
from essaim.kernel.days import paris_day
from essaim.kernel.errors import OperationError
from essaim.people.enums import BarrierKind, IdentifierSystem, SkillEvidence, SkillKind
from essaim.people.models import Barrier, ExternalIdentifier, Person, Skill, TeamMember
from essaim.people.permissions import is_of_referent_team
from essaim.people.queries import is_working_in, scope_for


class SituationRefused(OperationError):  # noqa: N818 - the words of the screen
    """A barrier, a skill, an identifier or a team that may not be so."""


def add_barrier(*, person: Person, kind: str, since: date, by: Membership, now: datetime) -> Barrier:
    """Note a barrier from ``since``; already open, the one noted first is kept.

    Refused (SituationRefused): outside the referent team, an unknown kind, a day in the future or before the birth.
    """
    _require_referent_team(person, by)
    if kind not in BarrierKind.values:
        raise SituationRefused("Choisissez un frein de la liste.", field="kind")
    _check_day(person, since, now, field="since")
    barrier, _ = Barrier.objects.get_or_create(
        person=person, kind=kind, lifted_on=None, defaults={"since": since, "recorded_by": by.user}
    )
    return barrier


@transaction.atomic
def lift_barrier(*, barrier: Barrier, on: date, by: Membership, now: datetime) -> Barrier:
    """Say that a barrier is behind her since ``on``; it stays in her file, dated.

    Refused (SituationRefused): outside the referent team, already lifted, a day in the future or before it began.
    """
    _require_referent_team(barrier.person, by)
    locked = Barrier.objects.select_for_update().get(pk=barrier.pk)
    if locked.lifted_on is not None:
        raise SituationRefused("Ce frein est déjà levé.")
    if on > paris_day(now):
        raise SituationRefused("Ce jour est dans l’avenir.", field="on")
    if on < locked.since:
        raise SituationRefused("Ce jour précède celui où le frein a été noté.", field="on")
    locked.lifted_on = on
    locked.save(update_fields=["lifted_on"])
    return locked


def add_skill(
    *,
    person: Person,
    kind: str,
    label: str,
    level: int | None = None,
    evidence: str = SkillEvidence.DECLARED,
    since: date | None = None,
    by: Membership,
    now: datetime,
) -> Skill:
    """Note what she can do, from 1 (learning) to 4 (could teach it); noted again, level and evidence are replaced.

    Refused (SituationRefused): outside the referent team, no label, codes that do not exist, a day in the future.
    """
    _require_referent_team(person, by)
    words = " ".join(label.split())
    if not words:
        raise SituationRefused("Nommez la compétence.", field="label")
    if kind not in SkillKind.values or evidence not in SkillEvidence.values:
        raise SituationRefused(
            "Choisissez dans la liste.", field="kind" if kind not in SkillKind.values else "evidence"
        )
    if level is not None and not 1 <= level <= 4:
        raise SituationRefused("Le niveau va de 1 à 4.", field="level")
    if since is not None:
        _check_day(person, since, now, field="since")
    skill, _ = Skill.objects.update_or_create(
        person=person, kind=kind, label=words, defaults={"level": level, "evidence": evidence, "since": since}
    )
    return skill


def remove_skill(*, skill: Skill, by: Membership, now: datetime) -> None:
    """Take a skill away. Refused (SituationRefused) outside the referent team."""
    _require_referent_team(skill.person, by)
    skill.delete()


def set_identifier(*, person: Person, system: str, value: str, by: Membership, now: datetime) -> ExternalIdentifier:
    """Keep what another system calls this person, as ``by``'s organisation knows it; a new value replaces the former.

    Refused (SituationRefused): a file that ``by`` does not see, an unknown system, no value, one that the
    organisation already gave to someone else.
    """
    if scope_for(by, person) is None:
        raise SituationRefused("Ce dossier ne vous est pas ouvert.")
    cleaned = "".join(value.split())
    if system not in IdentifierSystem.values:
        raise SituationRefused("Choisissez le système.", field="system")
    if not cleaned:
        raise SituationRefused("Indiquez l’identifiant.", field="value")
    try:
        with transaction.atomic():
            identifier, _ = ExternalIdentifier.objects.update_or_create(
                person=person,
                organisation_id=by.organisation_id,
                system=system,
                defaults={"value": cleaned, "recorded_at": now},
            )
    except IntegrityError as clash:
        raise SituationRefused(
            "Votre organisation a déjà donné cet identifiant à un autre dossier : un doublon, ou une faute de frappe.",
            field="value",
        ) from clash
    return identifier


def remove_identifier(*, identifier: ExternalIdentifier, by: Membership, now: datetime) -> None:
    """Forget an identifier of ``by``'s organisation. Refused (SituationRefused): one of another organisation."""
    if scope_for(by, identifier.person) is None or identifier.organisation_id != by.organisation_id:
        raise SituationRefused("Cet identifiant est celui d’une autre organisation.")
    identifier.delete()


def add_team_member(*, person: Person, user: User, since: date, by: Membership, now: datetime) -> TeamMember:
    """Let a colleague follow the person beside her referent; already in the team, she stays as she was.

    It opens no access by itself. Refused (SituationRefused): outside the referent team, someone who does not work
    with people in ``by``'s organisation, the referent herself, a day in the future or before the birth.
    """
    _require_referent_team(person, by)
    if not is_working_in(user, by.organisation_id):
        raise SituationRefused("Choisissez quelqu’un de votre organisation.", field="user")
    if user.pk == person.referent_id:
        raise SituationRefused("C’est déjà son référent.", field="user")
    _check_day(person, since, now, field="since")
    member, _ = TeamMember.objects.get_or_create(person=person, user=user, until=None, defaults={"since": since})
    return member


@transaction.atomic
def end_team_member(*, member: TeamMember, by: Membership, now: datetime) -> TeamMember:
    """Say that a colleague no longer follows the person, from today. The row stays, dated.

    Refused (SituationRefused): outside the referent team, already ended.
    """
    _require_referent_team(member.person, by)
    locked = TeamMember.objects.select_for_update().get(pk=member.pk)
    if locked.until is not None:
        raise SituationRefused("Cette personne ne fait déjà plus partie de l’équipe.")
    locked.until = max(paris_day(now), locked.since)
    locked.save(update_fields=["until"])
    return locked


def _require_referent_team(person: Person, by: Membership) -> None:
    if not is_of_referent_team(scope_for(by, person)):
        raise SituationRefused("Seule l’équipe référente modifie ce dossier.")


def _check_day(person: Person, day: date, now: datetime, *, field: str) -> None:
    if day > paris_day(now):
        raise SituationRefused("Ce jour est dans l’avenir.", field=field)
    if person.birth_date and day < person.birth_date:
        raise SituationRefused("Ce jour précède la naissance de la personne.", field=field)
