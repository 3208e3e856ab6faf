"""Forms of rooms: shapes only, the operations decide."""

from typing import Any

from django.core.exceptions import ValidationError

from essaim.directory.queries import CommuneNotFoundError, read_commune
from essaim.kernel.forms import CreateForm, DateField, EditForm, Form, IntegerField, TextField


class RoomForm(Form):
    """What a room is."""

    name = TextField(label="Nom", max_length=80)
    capacity = IntegerField(
        label="Places assises",
        required=False,
        min_value=1,
        max_value=32_000,
        help_text="Une séance n’y accepte pas plus de monde. Vide : personne ne compte.",
    )
    equipment = TextField(
        label="Équipement", required=False, max_length=200, help_text="Par exemple : 8 ordinateurs, 2 téléphones."
    )
    address = TextField(label="Adresse", required=False, max_length=250)
    commune = TextField(label="Commune", required=False, max_length=120, help_text="Nom, ou code postal et nom.")

    fieldsets = [("", [("name", "capacity"), "equipment", ("address", "commune")])]

    def clean_commune(self) -> Any:
        """The commune named, or nothing."""
        try:
            return read_commune(self.cleaned_data["commune"])
        except CommuneNotFoundError as error:
            raise ValidationError(str(error)) from None


class NewRoomForm(RoomForm, CreateForm):
    """A room added."""


class EditRoomForm(RoomForm, EditForm):
    """A room set right."""


class CloseRoomForm(EditForm):
    """The day from which a room is proposed no more."""

    on = DateField(label="Fermé à partir du")


class ReopenRoomForm(EditForm):
    """Only the version."""
