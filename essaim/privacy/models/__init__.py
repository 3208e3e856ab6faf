"""Tables of privacy: what was merged, warned, archived and erased."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from essaim.accounts.models import User
from essaim.directory.models import Organisation
from essaim.kernel.codes import new_code
from essaim.people.models import Person
from essaim.privacy.enums import ErasureCause, RetentionStage


def new_merge_ref() -> str:
    return new_code("G")


class PersonMerge(models.Model):
    """Two files of one person made one: what moved, so that it can be undone."""

    ref = models.CharField("référence", max_length=16, unique=True, default=new_merge_ref, db_collation="C")
    kept = models.ForeignKey(Person, verbose_name="dossier gardé", on_delete=models.PROTECT, related_name="merges")
    absorbed = models.ForeignKey(Person, verbose_name="dossier absorbé", on_delete=models.PROTECT, related_name="+")
    # {"app.Model": [row keys]} moved from one to the other, and what the kept file said before.
    moved = models.JSONField("ce qui a bougé")
    merged_at = models.DateTimeField("fusionnés le", default=timezone.now)
    merged_by = models.ForeignKey(User, verbose_name="par", on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(
        Organisation, verbose_name="organisation", on_delete=models.PROTECT, related_name="+"
    )
    undone_at = models.DateTimeField("défaite le", null=True, blank=True)
    undone_by = models.ForeignKey(
        User, verbose_name="défaite par", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = "fusion de dossiers"
        ordering = ["-merged_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["absorbed"], condition=Q(undone_at__isnull=True), name="merge_open_once"),
        ]

    def __str__(self) -> str:
        return self.ref


class RetentionStep(models.Model):
    """Where a file stands at the end of its keeping: warned, archived, anonymised; one row a stage."""

    person = models.ForeignKey(Person, verbose_name="personne", on_delete=models.CASCADE, related_name="retention")
    stage = models.CharField("étape", max_length=10, choices=RetentionStage)
    on = models.DateField("le")
    # The person's own last contact, from which the date was counted.
    counted_from = models.DateField("dernier contact de la personne")

    class Meta:
        verbose_name = "étape de conservation"
        ordering = ["on", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["person", "stage", "counted_from"], name="retentionstep_once"),
        ]

    def __str__(self) -> str:
        return self.get_stage_display()


class Erasure(models.Model):
    """An identity erased: its public code only, so that a backup restored later erases her again."""

    code = models.CharField("identifiant", max_length=16, unique=True, db_collation="C")
    erased_at = models.DateTimeField("effacée le", default=timezone.now)
    cause = models.CharField("cause", max_length=9, choices=ErasureCause)

    class Meta:
        verbose_name = "effacement"
        ordering = ["-erased_at", "-pk"]

    def __str__(self) -> str:
        return self.code
