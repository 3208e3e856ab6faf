from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, Q

from essaim.accounts.models import User
from essaim.directory.models import Organisation
from essaim.journal.engine.content import ContentEncoder
from essaim.journal.models import Action
from essaim.kernel.codes import new_code


def new_frozen_bilan_ref() -> str:
    return new_code("B", length=8)


class PublishedCohort(models.Model):
    """Those who entered an action during some whole quarters, as funders read them: published once, never again.

    ``figures`` holds what may be shown and nothing else: a hidden count is null there too. No parcours is in two of
    them, which the database ensures: two readings have no difference that would be someone. Refuses any change.
    """

    action = models.ForeignKey(
        Action, verbose_name="action", on_delete=models.PROTECT, related_name="published_cohorts"
    )
    since = models.DateField("entrées du")
    until = models.DateField("au")
    observed_on = models.DateField("situation au")
    published_at = models.DateTimeField("publiée le")
    figures = models.JSONField("chiffres")

    class Meta:
        verbose_name = "cohorte publiée"
        ordering = ["action", "since"]
        constraints = [
            models.CheckConstraint(
                condition=Q(until__gte=F("since"), observed_on__gte=F("until")), name="publishedcohort_dates_in_order"
            ),
            ExclusionConstraint(
                name="publishedcohort_entered_once",
                expressions=[
                    ("action", RangeOperators.EQUAL),
                    (
                        Func(F("since"), F("until"), models.Value("[]"), function="daterange"),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.since:%d/%m/%Y} – {self.until:%d/%m/%Y}"


class FrozenBilan(models.Model):
    """A bilan as it was sent to a funder: the facts known at ``sent_at``, whatever is corrected later. Refuses any
    change.

    ``figures`` is the whole bilan, for those who carry the action; ``shown`` is what its recipient reads, where
    nothing tells about a person.
    """

    ref = models.CharField("code", max_length=16, unique=True, default=new_frozen_bilan_ref, db_collation="C")
    action = models.ForeignKey(Action, verbose_name="action", on_delete=models.PROTECT, related_name="frozen_bilans")
    recipient = models.ForeignKey(
        Organisation, verbose_name="envoyé à", on_delete=models.PROTECT, related_name="received_bilans"
    )
    since = models.DateField("du")
    until = models.DateField("au")
    observed_on = models.DateField("vu le")
    message = models.TextField("message", blank=True)
    figures = models.JSONField("chiffres", encoder=ContentEncoder)
    shown = models.JSONField("chiffres montrés", encoder=ContentEncoder)
    sent_at = models.DateTimeField("envoyé le")
    sent_by = models.ForeignKey(User, verbose_name="envoyé par", on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "bilan envoyé"
        ordering = ["-sent_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(until__gte=F("since"), observed_on__gte=F("since")), name="frozenbilan_dates_in_order"
            ),
        ]
        indexes = [
            models.Index(fields=["action", "-sent_at"], name="frozenbilan_action"),
            models.Index(fields=["recipient", "-sent_at"], name="frozenbilan_recipient"),
        ]

    def __str__(self) -> str:
        return f"bilan {self.ref}"
