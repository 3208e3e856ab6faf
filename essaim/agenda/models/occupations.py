from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q

from essaim.accounts.models import User
from essaim.agenda.enums import OccupationSource
from essaim.directory.models import Commune, Organisation
from essaim.kernel.codes import new_code


def new_room_ref() -> str:
    return new_code("L", length=6)


class Room(models.Model):
    """A place where people are received, with how many it holds and what it offers."""

    ref = models.CharField("code", max_length=16, unique=True, default=new_room_ref, db_collation="C")
    organisation = models.ForeignKey(
        Organisation, verbose_name="organisation", on_delete=models.PROTECT, related_name="rooms"
    )
    name = models.CharField("nom", max_length=80)
    address = models.CharField("adresse", max_length=250, blank=True)
    commune = models.ForeignKey(Commune, verbose_name="commune", on_delete=models.PROTECT, null=True, blank=True)
    capacity = models.PositiveSmallIntegerField("places assises", null=True, blank=True)
    equipment = models.CharField("équipement", max_length=200, blank=True)
    closed_on = models.DateField("fermé le", null=True, blank=True)
    version = models.PositiveIntegerField("version", default=1)

    class Meta:
        verbose_name = "lieu"
        ordering = ["name", "pk"]
        constraints = [models.UniqueConstraint(fields=["organisation", "name"], name="room_name_once")]

    def __str__(self) -> str:
        return self.name


class Occupation(models.Model):
    """Someone or something is taken during that time: one constraint for people, counsellors, rooms, vehicles.

    ``resource`` is its kind and key ("person:12", "user:4", "room:3"); ``source`` and ``source_ref`` say by what. The
    database refuses two occupations of one resource at once; [start, end) so that one ends when the next begins.
    """

    resource = models.CharField("ressource", max_length=40, db_collation="C")
    during = DateTimeRangeField("pendant", default_bounds="[)")
    source = models.CharField("par", max_length=12, choices=OccupationSource)
    source_ref = models.CharField("référence", max_length=64, db_collation="C")

    class Meta:
        verbose_name = "occupation"
        ordering = ["during", "pk"]
        constraints = [
            ExclusionConstraint(
                name="occupation_never_twice",
                expressions=[("resource", RangeOperators.EQUAL), ("during", RangeOperators.OVERLAPS)],
            ),
            models.CheckConstraint(
                condition=Q(during__isempty=False, during__lower_inf=False, during__upper_inf=False),
                name="occupation_bounded",
            ),
        ]
        indexes = [models.Index(fields=["source", "source_ref"], name="occupation_source")]

    def __str__(self) -> str:
        return f"{self.resource} {self.during}"


class Absence(models.Model):
    """A counsellor away: nothing is proposed then, and her manager may give her people to a colleague."""

    user = models.ForeignKey(User, verbose_name="compte", on_delete=models.PROTECT, related_name="absences")
    organisation = models.ForeignKey(
        Organisation, verbose_name="organisation", on_delete=models.PROTECT, related_name="+"
    )
    starts = models.DateField("du")
    ends = models.DateField("au")
    replaced_by = models.ForeignKey(
        User, verbose_name="remplacée par", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = "absence"
        ordering = ["-starts", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(ends__gte=F("starts")), name="absence_dates_in_order"),
            ExclusionConstraint(
                name="absence_never_twice",
                expressions=[
                    ("user", RangeOperators.EQUAL),
                    (
                        Func(F("starts"), F("ends"), models.Value("[]"), function="daterange"),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.starts:%d/%m/%Y}"
