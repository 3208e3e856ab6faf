from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from essaim.directory.enums import OrganisationKind, OrganisationOrigin, Sector, ZoneKind
from essaim.kernel.codes import new_code


def new_organisation_ref() -> str:
    return new_code("O")


class Commune(models.Model):
    """A commune of the official list (INSEE code), or of the invented territory of the demonstration."""

    code = models.CharField("code INSEE", max_length=5, primary_key=True, db_collation="C")
    name = models.CharField("nom", max_length=120)
    postcodes = ArrayField(models.CharField(max_length=5), verbose_name="codes postaux", default=list)
    department = models.CharField("département", max_length=3, db_collation="C")
    region = models.CharField("région", max_length=3, db_collation="C", blank=True)
    latitude = models.DecimalField("latitude", max_digits=8, decimal_places=5, null=True, blank=True)
    longitude = models.DecimalField("longitude", max_digits=8, decimal_places=5, null=True, blank=True)
    is_invented = models.BooleanField("territoire inventé", default=False)

    class Meta:
        verbose_name = "commune"
        ordering = ["name", "code"]

    def __str__(self) -> str:
        return f"{self.name} ({self.department})"


class Zone(models.Model):
    """A priority neighbourhood or a free zone, with the dates between which it is in force."""

    kind = models.CharField("type de zone", max_length=8, choices=ZoneKind)
    code = models.CharField("code", max_length=16, db_collation="C")
    name = models.CharField("nom", max_length=200)
    communes = models.ManyToManyField(Commune, verbose_name="communes", related_name="zones")
    since = models.DateField("depuis le")
    until = models.DateField("jusqu’au", null=True, blank=True)
    is_invented = models.BooleanField("territoire inventé", default=False)

    class Meta:
        verbose_name = "zone"
        ordering = ["name", "code"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "code", "since"], name="zone_code_once_per_period"),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")), name="zone_dates_in_order"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ZoneArea(models.Model):
    """One outline of a zone: a closed ring of (longitude, latitude) in WGS 84, or a hole in it.

    ``ring`` is written as PostgreSQL reads a polygon, ``((lon,lat),…)``: the database itself says what is inside.
    """

    zone = models.ForeignKey(Zone, verbose_name="zone", on_delete=models.CASCADE, related_name="areas")
    ring = models.TextField("contour")
    is_hole = models.BooleanField("trou", default=False)

    class Meta:
        verbose_name = "contour d’une zone"
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"contour {self.pk}"


class AddressPoint(models.Model):
    """Where an address is, from a file of coordinates or the invented territory; ``key`` is the address made plain."""

    key = models.CharField("adresse simplifiée", max_length=250, db_collation="C")
    label = models.CharField("adresse", max_length=250)
    postcode = models.CharField("code postal", max_length=5, db_collation="C")
    commune = models.ForeignKey(Commune, verbose_name="commune", on_delete=models.PROTECT, related_name="+")
    latitude = models.DecimalField("latitude", max_digits=8, decimal_places=5)
    longitude = models.DecimalField("longitude", max_digits=8, decimal_places=5)
    is_invented = models.BooleanField("territoire inventé", default=False)

    class Meta:
        verbose_name = "point d’adresse"
        ordering = ["key", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["commune", "key"], name="addresspoint_once"),
            models.CheckConstraint(
                condition=Q(latitude__range=(-90, 90), longitude__range=(-180, 180)), name="addresspoint_on_earth"
            ),
        ]

    def __str__(self) -> str:
        return self.label


class Organisation(models.Model):
    """A structure: mission locale, association, company… A company is an organisation.

    ``ref`` is its public reference, in the one space of references shared with imported journals. A row of
    origin ``journal`` was declared by an imported journal: it appears in that journal's bilans and nowhere
    else.
    """

    ref = models.CharField("référence", max_length=64, unique=True, default=new_organisation_ref, db_collation="C")
    origin = models.CharField("origine", max_length=8, choices=OrganisationOrigin, default=OrganisationOrigin.LOCAL)
    # 200 characters on our screens; a journal may declare longer ones.
    name = models.CharField("nom", max_length=2000)
    kind = models.CharField("type de structure", max_length=20, choices=OrganisationKind)
    siret = models.CharField("SIRET", max_length=14, blank=True, db_collation="C")
    sector = models.CharField("secteur", max_length=20, choices=Sector, blank=True)
    zones = ArrayField(models.CharField(max_length=8), verbose_name="zones", default=list, blank=True)
    commune = models.ForeignKey(Commune, verbose_name="commune", on_delete=models.PROTECT, null=True, blank=True)
    address = models.CharField("adresse", max_length=250, blank=True)
    phone = models.CharField("téléphone", max_length=20, blank=True)
    email = models.EmailField("courriel", blank=True)
    created_at = models.DateTimeField("créée le", default=timezone.now)
    version = models.PositiveIntegerField("version", default=1)

    class Meta:
        verbose_name = "organisation"
        ordering = ["name", "ref"]
        constraints = [
            models.UniqueConstraint(
                fields=["siret"], condition=Q(origin="local") & ~Q(siret=""), name="organisation_siret_once"
            ),
            models.CheckConstraint(
                condition=Q(siret="") | Q(siret__regex=r"^[0-9]{14}$"), name="organisation_siret_digits"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Territory(models.Model):
    """Where an organisation acts: communes and zones chosen once and reused at each launch."""

    organisation = models.ForeignKey(
        Organisation, verbose_name="organisation", on_delete=models.PROTECT, related_name="territories"
    )
    name = models.CharField("nom", max_length=120)
    communes = models.ManyToManyField(Commune, verbose_name="communes", blank=True)
    zones = models.ManyToManyField(Zone, verbose_name="zones", blank=True)
    version = models.PositiveIntegerField("version", default=1)

    class Meta:
        verbose_name = "territoire"
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["organisation", "name"], name="territory_name_once_per_organisation")
        ]

    def __str__(self) -> str:
        return self.name
