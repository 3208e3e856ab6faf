from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.db.models import Q

from essaim.guide.models.practices import Practice

SEARCH_CONFIG = "public.essaim_fr"  # French words without accents: see the migration that makes it


class PracticePassage(models.Model):
    """A passage of a version of a practice, as the search finds it. Derived: written again from the practice."""

    practice = models.ForeignKey(Practice, on_delete=models.CASCADE, related_name="passages", verbose_name="fiche")
    rank = models.PositiveSmallIntegerField("rang")
    part = models.CharField("partie", max_length=20, db_collation="C")
    weight = models.PositiveSmallIntegerField("poids")
    text = models.TextField("texte")
    vector = models.GeneratedField(
        expression=SearchVector("text", config=SEARCH_CONFIG),
        output_field=SearchVectorField(),
        db_persist=True,
        verbose_name="mots",
    )

    class Meta:
        verbose_name = "passage"
        ordering = ["practice", "rank"]
        constraints = [
            models.UniqueConstraint(fields=["practice", "rank"], name="passage_rank_once"),
            models.CheckConstraint(condition=Q(weight__gte=1), name="passage_weight_positive"),
            models.CheckConstraint(condition=~Q(text=""), name="passage_not_empty"),
        ]
        indexes = [GinIndex(fields=["vector"], name="passage_vector")]

    def __str__(self) -> str:
        return self.text
