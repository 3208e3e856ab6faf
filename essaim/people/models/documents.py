from django.db import models
from django.db.models import Q
from django.utils import timezone

from essaim.accounts.models import User
from essaim.directory.models import Organisation
from essaim.kernel.codes import new_code
from essaim.people.enums import DocumentKind
from essaim.people.models.persons import Person


def new_document_ref() -> str:
    return new_code("J")


def stored_name(document: "Document", filename: str) -> str:
    """A name that says nothing: neither the person's nor the one she gave to her file."""
    return f"documents/{document.ref[1:3]}/{document.ref}"


class Document(models.Model):
    """A file about a person, its type read from its content; the storage knows it by its reference only."""

    ref = models.CharField("référence", max_length=16, unique=True, default=new_document_ref, db_collation="C")
    person = models.ForeignKey(Person, verbose_name="personne", on_delete=models.PROTECT, related_name="documents")
    organisation = models.ForeignKey(
        Organisation, verbose_name="déposé par la structure", on_delete=models.PROTECT, related_name="+"
    )
    kind = models.CharField("nature", max_length=16, choices=DocumentKind)
    title = models.CharField("titre", max_length=120)
    file = models.FileField("fichier", upload_to=stored_name, max_length=120)
    content_type = models.CharField("type du contenu", max_length=80)
    size = models.PositiveIntegerField("taille en octets")
    sha256 = models.CharField("empreinte", max_length=64, db_collation="C")
    # Health and disability papers: the referent team only, like the sensitive part of the profile.
    is_sensitive = models.BooleanField("réservé à l’équipe référente", default=False)
    valid_until = models.DateField("valable jusqu’au", null=True, blank=True)
    uploaded_at = models.DateTimeField("déposé le", default=timezone.now)
    uploaded_by = models.ForeignKey(User, verbose_name="déposé par", on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "document"
        ordering = ["-uploaded_at", "-pk"]
        indexes = [models.Index(fields=["person", "-uploaded_at"], name="document_person")]
        constraints = [
            models.CheckConstraint(condition=Q(size__gt=0), name="document_never_empty"),
        ]

    def __str__(self) -> str:
        return self.title
