from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from essaim.accounts.models import User
from essaim.directory.models import Organisation
from essaim.people.enums import BarrierKind, IdentifierSystem, SkillEvidence, SkillKind
from essaim.people.models.persons import Person


class Barrier(models.Model):
    """Something that stands between a person and a job, since and until then. Codes only: words are in notes."""

    person = models.ForeignKey(Person, verbose_name="personne", on_delete=models.CASCADE, related_name="barriers")
    kind = models.CharField("frein", max_length=16, choices=BarrierKind)
    since = models.DateField("depuis le")
    lifted_on = models.DateField("levé le", null=True, blank=True)
    recorded_by = models.ForeignKey(User, verbose_name="noté par", on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "frein"
        ordering = ["lifted_on", "since", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "kind"], condition=Q(lifted_on__isnull=True), name="barrier_open_once"
            ),
            models.CheckConstraint(
                condition=Q(lifted_on__isnull=True) | Q(lifted_on__gte=F("since")), name="barrier_dates_in_order"
            ),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()


class Skill(models.Model):
    """What a person can do, from 1 (learning) to 4 (could teach it), said by her or proved."""

    person = models.ForeignKey(Person, verbose_name="personne", on_delete=models.CASCADE, related_name="skills")
    kind = models.CharField("nature", max_length=10, choices=SkillKind)
    label = models.CharField("compétence", max_length=80)
    level = models.PositiveSmallIntegerField("niveau", null=True, blank=True)
    evidence = models.CharField("établie par", max_length=10, choices=SkillEvidence, default=SkillEvidence.DECLARED)
    since = models.DateField("depuis le", null=True, blank=True)

    class Meta:
        verbose_name = "compétence"
        ordering = ["kind", "label", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["person", "kind", "label"], name="skill_once"),
            models.CheckConstraint(condition=Q(level__isnull=True) | Q(level__range=(1, 4)), name="skill_level_range"),
        ]

    def __str__(self) -> str:
        return self.label


class ExternalIdentifier(models.Model):
    """What another system calls this person, as one organisation knows it."""

    person = models.ForeignKey(Person, verbose_name="personne", on_delete=models.CASCADE, related_name="identifiers")
    organisation = models.ForeignKey(
        Organisation, verbose_name="organisation", on_delete=models.PROTECT, related_name="+"
    )
    system = models.CharField("système", max_length=16, choices=IdentifierSystem)
    value = models.CharField("identifiant", max_length=64, db_collation="C")
    recorded_at = models.DateTimeField("noté le", default=timezone.now)

    class Meta:
        verbose_name = "identifiant externe"
        ordering = ["system", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["organisation", "system", "value"], name="identifier_of_one_person"),
            models.UniqueConstraint(fields=["person", "organisation", "system"], name="identifier_one_a_system"),
        ]

    def __str__(self) -> str:
        return self.value


class TeamMember(models.Model):
    """A colleague who follows the person beside her referent."""

    person = models.ForeignKey(Person, verbose_name="personne", on_delete=models.CASCADE, related_name="team")
    user = models.ForeignKey(User, verbose_name="membre", on_delete=models.PROTECT, related_name="+")
    since = models.DateField("depuis le")
    until = models.DateField("jusqu’au", null=True, blank=True)

    class Meta:
        verbose_name = "membre de l’équipe"
        ordering = ["until", "since", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "user"], condition=Q(until__isnull=True), name="teammember_open_once"
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")), name="teammember_dates_in_order"
            ),
        ]
        indexes = [models.Index(fields=["user"], condition=Q(until__isnull=True), name="teammember_user")]

    def __str__(self) -> str:
        return f"{self.user}"


class DistinctPair(models.Model):
    """Two files that look alike and were said to be two people: never proposed again. ``first`` has the lower key."""

    first = models.ForeignKey(Person, verbose_name="dossier", on_delete=models.CASCADE, related_name="+")
    second = models.ForeignKey(Person, verbose_name="autre dossier", on_delete=models.CASCADE, related_name="+")
    said_at = models.DateTimeField("dit le", default=timezone.now)
    said_by = models.ForeignKey(User, verbose_name="dit par", on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "doublon écarté"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="distinctpair_once"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="distinctpair_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.first_id} ≠ {self.second_id}"
