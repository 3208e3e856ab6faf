from django.db import models
from django.db.models import F, Q

from essaim.journal.models import Action


class Edition(models.Model):
    """The place of an action in a line of editions: the first one, then each copy of it, here or elsewhere.

    ``first`` is the action the whole line comes from, ``number`` the rank in that line; ``copied_from`` the action
    this one took over, null for the first. The database also refuses a copy of an action of another line.
    """

    action = models.OneToOneField(Action, verbose_name="action", on_delete=models.PROTECT, related_name="edition")
    first = models.ForeignKey(
        Action, verbose_name="première édition", on_delete=models.PROTECT, related_name="editions"
    )
    copied_from = models.ForeignKey(
        Action, verbose_name="reprise de", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    number = models.PositiveSmallIntegerField("édition")

    class Meta:
        verbose_name = "édition"
        ordering = ["first", "number"]
        constraints = [
            models.UniqueConstraint(fields=["first", "number"], name="edition_number_once"),
            # What the key of ``copied_from`` within its line points to.
            models.UniqueConstraint(fields=["first", "action"], name="edition_of_one_line"),
            models.CheckConstraint(
                condition=Q(number=1, copied_from__isnull=True, action=F("first"))
                | (Q(number__gt=1, copied_from__isnull=False) & ~Q(action=F("first")) & ~Q(action=F("copied_from"))),
                name="edition_first_or_copy",
            ),
        ]

    def __str__(self) -> str:
        return f"édition {self.number}"
