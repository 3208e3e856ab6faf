from django.db import models
from django.utils import timezone

from essaim.accounts.models import User
from essaim.directory.models import Organisation
from essaim.kernel.codes import new_code


def new_import_ref() -> str:
    return new_code("I")


def draft_name(draft: "PersonImport", filename: str) -> str:
    return f"imports/{draft.ref}"


class ImportMapping(models.Model):
    """Which field each column of a file is, remembered for the next file of the organisation with these columns.

    ``mapping`` lists the fields in the order of the columns: what the headings say is not kept.
    """

    organisation = models.ForeignKey(
        Organisation, verbose_name="organisation", on_delete=models.CASCADE, related_name="+"
    )
    columns_digest = models.CharField("empreinte des colonnes", max_length=64, db_collation="C")
    mapping = models.JSONField("correspondance")
    used_at = models.DateTimeField("utilisée le", default=timezone.now)

    class Meta:
        verbose_name = "correspondance de colonnes"
        ordering = ["-used_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["organisation", "columns_digest"], name="importmapping_once"),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} · {self.used_at:%d/%m/%Y}"


class PersonImport(models.Model):
    """A file of people being imported, then what came of it. The file itself lives from preview to answer only."""

    ref = models.CharField("référence", max_length=16, unique=True, default=new_import_ref, db_collation="C")
    organisation = models.ForeignKey(
        Organisation, verbose_name="organisation", on_delete=models.PROTECT, related_name="+"
    )
    by = models.ForeignKey(User, verbose_name="par", on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField("commencé le", default=timezone.now)
    file = models.FileField("fichier", upload_to=draft_name, max_length=120, blank=True)
    file_name = models.CharField("nom du fichier", max_length=120)
    mapping = models.JSONField("correspondance", default=dict)
    done_at = models.DateTimeField("terminé le", null=True, blank=True)
    created = models.PositiveIntegerField("personnes créées", default=0)
    updated = models.PositiveIntegerField("personnes modifiées", default=0)
    unchanged = models.PositiveIntegerField("personnes inchangées", default=0)
    # Line, column and reason only: never what the cell holds.
    refused = models.JSONField("lignes refusées", default=list)

    class Meta:
        verbose_name = "import de personnes"
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["organisation", "-created_at"], name="personimport_organisation")]

    def __str__(self) -> str:
        return self.file_name
