"""Plain forms that turn a request into the arguments of an operation. They check shapes, never write.

``Form`` is the base; ``CreateForm`` adds the hidden ``form_key`` (one submission, one object), ``EditForm``
the hidden ``version`` (the second of two editors is told). A form lists its groups in ``fieldsets``:
``[("Qui est-ce ?", [("first_name", "last_name"), "birth_date"])]``; a tuple stands on one line.
"""

from __future__ import annotations

import re
import unicodedata
import uuid
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from stdnum.fr import siret

from essaim.kernel import formats
from essaim.kernel.engine.phones import read_phone
from essaim.kernel.errors import OperationError

SPACES = re.compile(r"\s+")
TYPED_DAY = re.compile(r"^(\d{1,2})[/.\- ](\d{1,2})[/.\- ](\d{4})$")
ISO_DAY = re.compile(r"^\d{4}-\d{2}-\d{2}$")
EARLIEST_DAY = date(1900, 1, 1)
LATEST_DAY = date(2100, 12, 31)
LOST_KEY = "La page était restée ouverte trop longtemps. Vérifiez, puis envoyez de nouveau."
LOST_VERSION = "La page a perdu sa version. Rechargez-la avant d’enregistrer."


class Form(forms.Form):
    """Base of every form of Essaim."""

    error_css_class = ""
    fieldsets: list[tuple[str, list[str | tuple[str, ...]]]] = []
    # Titles of the groups that are drawn folded: rare things, one click away.
    folded: frozenset[str] = frozenset()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if field.error_messages.get("required") == forms.Field.default_error_messages["required"]:
                field.error_messages["required"] = _missing_words(field)


def _missing_words(field: forms.Field) -> str:
    if isinstance(field, forms.BooleanField):
        return "À cocher pour continuer."
    return "À choisir." if isinstance(field, forms.ChoiceField) else "À remplir."


class CreateForm(Form):
    """A form that creates something: its key is drawn when it is shown and kept while it is corrected."""

    form_key = forms.UUIDField(
        widget=forms.HiddenInput,
        initial=uuid.uuid4,
        error_messages={"required": LOST_KEY, "invalid": LOST_KEY},
    )

    def full_clean(self) -> None:
        super().full_clean()
        if "form_key" in self.errors:
            _retype(self, "form_key", str(uuid.uuid4()))


class EditForm(Form):
    """A form that changes something: give ``initial={"version": record.version, …}``."""

    version = forms.IntegerField(
        widget=forms.HiddenInput,
        error_messages={"required": LOST_VERSION, "invalid": LOST_VERSION},
    )


def _retype(form: forms.BaseForm, name: str, value: str) -> None:
    typed: Any = form.data
    typed = typed.copy()
    typed[form.add_prefix(name)] = value
    form.data = typed


def apply_operation_error(form: forms.BaseForm, error: OperationError) -> None:
    """Show a refusal of an operation: beside ``error.field`` when the form has it, at the top otherwise.

    After an edit conflict the form takes the version left by the other editor: saving again is a decision.
    """
    current = getattr(error, "current_version", None)
    if current is not None and "version" in form.fields:
        _retype(form, "version", str(current))
    form.add_error(error.field if error.field in form.fields else None, error.message)


class DateInput(forms.DateInput):
    """The browser's own calendar; its value travels as an ISO day whatever the language."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"class": "w-date num", **(attrs or {})}, format="%Y-%m-%d")

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        if isinstance(value, str) and value and not ISO_DAY.match(value):
            context["widget"]["type"] = "text"  # a calendar would hide what was typed
        return context


class DateField(forms.DateField):
    """A day: ISO from the browser's calendar, or typed as 28/02/2004. Both limits are included."""

    widget = DateInput
    default_error_messages = {"invalid": "Ce n’est pas une date. Écrivez jour, mois, année : 28/02/2004."}

    def __init__(self, *, earliest: date = EARLIEST_DAY, latest: date = LATEST_DAY, **kwargs: Any) -> None:
        self.earliest, self.latest = earliest, latest
        super().__init__(input_formats=["%Y-%m-%d"], **kwargs)

    def limit(self, *, earliest: date | None = None, latest: date | None = None) -> None:
        """Narrow the days accepted, once the form knows today or the dates of the action."""
        self.earliest, self.latest = earliest or self.earliest, latest or self.latest
        widget: Any = self.widget
        widget.attrs.update(self.widget_attrs(widget))

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {"min": self.earliest.isoformat(), "max": self.latest.isoformat()}

    def to_python(self, value: Any) -> date | None:
        typed = TYPED_DAY.match(value.strip()) if isinstance(value, str) else None
        if not typed:
            return super().to_python(value)
        day, month, year = (int(part) for part in typed.groups())
        try:
            return date(year, month, day)
        except ValueError:
            pass
        if not 1 <= month <= 12:
            raise ValidationError(f"Le mois {month} n’existe pas. Écrivez jour, mois, année : 28/02/2004.")
        raise ValidationError(
            f"Le {day} {formats.MONTHS[month - 1]} n’existe pas en {year}. Vérifiez le jour et le mois."
        )

    def validate(self, value: date | None) -> None:
        super().validate(value)
        if value and value < self.earliest:
            raise ValidationError(f"Au plus tôt le {formats.long_day(self.earliest)}.")
        if value and value > self.latest:
            raise ValidationError(f"Au plus tard le {formats.long_day(self.latest)}.")


class DecimalField(forms.DecimalField):
    """A number typed the French way: comma or point, spaces between thousands, its unit tolerated."""

    widget = forms.TextInput
    default_error_messages = {"invalid": "Écrivez un nombre, par exemple 1 234,50."}
    unit = ""

    def __init__(self, *, unit: str = "", **kwargs: Any) -> None:
        self.unit = unit or self.unit
        super().__init__(**kwargs)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {"inputmode": "decimal", "class": "w-number num", "autocomplete": "off"}

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]
        if isinstance(value, str):
            value = SPACES.sub("", value).removesuffix(self.unit).replace(",", ".").replace("−", "-")
            if value and not re.fullmatch(r"[+-]?(\d+\.?\d*|\.\d+)", value):
                raise ValidationError(self.error_messages["invalid"], code="invalid")
        return super().to_python(value)

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, Decimal | int | float):
            return formats.number(value).replace(formats.THIN, " ")
        return value


class MoneyField(DecimalField):
    """An amount in euros, to the cent, never negative unless ``min_value`` says so."""

    unit = "€"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"max_digits": 12, "decimal_places": 2, "min_value": 0, **kwargs})


class IntegerField(forms.IntegerField):
    """A whole number typed the French way."""

    widget = forms.TextInput
    default_error_messages = {"invalid": "Écrivez un nombre entier."}

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {"inputmode": "numeric", "class": "w-number num", "autocomplete": "off"}

    def to_python(self, value: Any) -> int | None:
        return super().to_python(SPACES.sub("", value) if isinstance(value, str) else value)


def _tidied(text: str | None) -> str:
    composed = unicodedata.normalize("NFC", text or "").replace("\r\n", "\n")
    return "".join(c for c in composed if c in "\n\t" or unicodedata.category(c) != "Cc")


class TextField(forms.CharField):
    """A line of text, tidied: composed accents, no control character, single spaces."""

    def to_python(self, value: Any) -> str:
        return SPACES.sub(" ", _tidied(super().to_python(value))).strip()


class NoteField(forms.CharField):
    """A text of several lines; line breaks are kept."""

    widget = forms.Textarea(attrs={"rows": 4})

    def to_python(self, value: Any) -> str:
        return _tidied(super().to_python(value)).strip()


class EmailField(forms.EmailField):
    """An address, in lower case."""

    default_error_messages = {"invalid": "Cette adresse est incomplète. Exemple : prenom.nom@exemple.fr"}

    def to_python(self, value: Any) -> str:
        return (super().to_python(value) or "").lower()


class PhoneField(forms.CharField):
    """A telephone number, kept in the international form: ``+33612345678``."""

    widget = forms.TextInput(attrs={"type": "tel", "autocomplete": "off", "class": "w-number num"})
    default_error_messages = {"invalid": "Écrivez un numéro à dix chiffres, ou avec l’indicatif : +32 470 12 34 56."}

    def to_python(self, value: Any) -> str:
        try:
            return read_phone(super().to_python(value) or "")
        except ValueError:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from None

    def prepare_value(self, value: Any) -> Any:
        return formats.phone(value) if isinstance(value, str) else value


class SiretField(forms.CharField):
    """The fourteen digits of an establishment, with its check digit."""

    widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "class": "w-date num"})

    def to_python(self, value: Any) -> str:
        digits = SPACES.sub("", super().to_python(value) or "").replace(".", "").replace("-", "")
        if not digits:
            return ""
        if not re.fullmatch(r"[0-9]+", digits):
            raise ValidationError("Un SIRET ne contient que des chiffres.")
        if len(digits) != 14:
            raise ValidationError(f"Un SIRET compte 14 chiffres ; celui-ci en compte {len(digits)}.")
        if not siret.is_valid(digits):
            raise ValidationError("Ce SIRET n’existe pas : un chiffre est sans doute faux. Vérifiez-le.")
        return digits

    def prepare_value(self, value: Any) -> Any:
        return formats.siret(value) if isinstance(value, str) else value
