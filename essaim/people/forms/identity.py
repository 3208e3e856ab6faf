"""Who it is: what the search before creation needs."""

from typing import Any

from essaim.kernel.days import today
from essaim.kernel.forms import DateField, Form, TextField
from essaim.people.engine.names import Identity


class IdentityForm(Form):
    """Who it is: what the search before creation needs."""

    first_name = TextField(label="Prénom", max_length=80)
    last_name = TextField(label="Nom", max_length=80)
    birth_date = DateField(
        label="Date de naissance",
        required=False,
        help_text="Jour, mois, année : 28/02/2004. Laissez vide si elle est inconnue.",
    )

    fieldsets = [("Qui est-ce ?", [("first_name", "last_name"), "birth_date"])]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "birth_date" in self.fields:
            self.fields["birth_date"].limit(latest=today())  # type: ignore[attr-defined]

    @property
    def identity(self) -> Identity:
        """What the search compares."""
        data = self.cleaned_data
        return Identity(data["first_name"], data["last_name"], data["birth_date"])
