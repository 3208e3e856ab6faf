from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from essaim.directory.models import Organisation


class Practice(models.Model):
    """One version of a practice file (fiche of the guide), as loaded. A changed file makes a new version."""

    slug = models.SlugField("fiche", max_length=64, db_collation="C")
    version = models.PositiveIntegerField("version")
    position = models.PositiveSmallIntegerField("numéro dans le guide")
    title = models.CharField("titre", max_length=200)
    theme = models.CharField("thème", max_length=40)
    digest = models.CharField("empreinte du fichier", max_length=64, db_collation="C")
    definition = models.JSONField("définition")
    is_current = models.BooleanField("version en vigueur", default=True)
    passages_digest = models.CharField("empreinte des passages", max_length=64, db_collation="C", default="")
    loaded_at = models.DateTimeField("chargée le", default=timezone.now)
    # Who published it: empty for the fiches of the guide, which come from files.
    organisation = models.ForeignKey(
        Organisation,
        verbose_name="proposée par",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="practices",
    )
    # The version it changes, for a variant.
    parent = models.ForeignKey(
        "self", verbose_name="variante de", on_delete=models.PROTECT, null=True, blank=True, related_name="children"
    )

    class Meta:
        verbose_name = "fiche"
        ordering = ["position", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["slug", "version"], name="practice_version_once"),
            models.UniqueConstraint(fields=["slug"], condition=Q(is_current=True), name="practice_current_once"),
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | (Q(organisation__isnull=False) & ~Q(parent=F("pk"))),
                name="practice_variant_of_another",
            ),
        ]

    def __str__(self) -> str:
        return self.title
