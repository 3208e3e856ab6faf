import re
import uuid
from datetime import date
from decimal import Decimal

import pytest
from django import forms
from django.http import QueryDict
from django.template import Context, Template

from essaim.kernel.edit_versions import EditConflict
from essaim.kernel.errors import OperationError
from essaim.kernel.forms import (
    CreateForm,
    DateField,
    DecimalField,
    EditForm,
    EmailField,
    Form,
    IntegerField,
    MoneyField,
    NoteField,
    PhoneField,
    SiretField,
    TextField,
    apply_operation_error,
)


class PersonForm(CreateForm):
    fieldsets = [("Qui est-ce ?", [("first_name", "last_name"), "birth_date"]), ("Suivi", ["way", "told"])]
    first_name = TextField(label="Prénom")
    last_name = TextField(label="Nom", help_text="Nom d’usage.")
    birth_date = DateField(label="Date de naissance", latest=date(2015, 1, 1))
    way = forms.ChoiceField(
        label="Préférence", choices=[("sms", "SMS"), ("tel", "Téléphone")], widget=forms.RadioSelect
    )
    told = forms.BooleanField(label="Informée")


class NameForm(EditForm):
    name = TextField(label="Nom")


TYPED = {
    "form_key": str(uuid.uuid4()),
    "first_name": "Sofian",
    "last_name": "",
    "birth_date": "31/02/2004",
    "way": "sms",
    "told": "on",
}


def drawn(form, **options) -> str:
    html = Template("{% render_form form failed='Pas encore ajoutée' %}").render(Context({"form": form, **options}))
    return " ".join(html.split())


def cleaned(field, value):
    return field.clean(value)


def refusal(field, value) -> str:
    with pytest.raises(forms.ValidationError) as caught:
        field.clean(value)
    return " ".join(caught.value.messages)


def test_a_refused_form_keeps_what_was_typed():
    html = drawn(PersonForm(QueryDict(mutable=True) | TYPED))
    assert 'value="Sofian"' in html
    assert 'type="text" name="birth_date" value="31/02/2004"' in html
    assert f'name="form_key" value="{TYPED["form_key"]}"' in html
    assert "Tout ce que vous avez saisi est conservé." in html
    assert re.search(r'<input type="radio" name="way" value="sms"[^>]* checked', html)


def test_errors_stand_beside_the_field_and_on_top():
    html = drawn(PersonForm(TYPED))
    assert "Pas encore ajoutée&nbsp;: 2 points à corriger" in html
    assert '<a href="#id_last_name">Nom&nbsp;: à remplir.</a>' in html
    assert '<a href="#id_birth_date">Date de naissance&nbsp;: le 31 février n’existe pas en 2004.' in html
    assert 'aria-invalid="true" aria-describedby="id_last_name_helptext id_last_name_error"' in html
    assert 'id="id_last_name_error"' in html


def test_a_new_form_shows_no_error_and_draws_its_key():
    first, second = drawn(PersonForm()), drawn(PersonForm())
    assert "form-errors" not in first
    assert first != second
    assert 'type="date" name="birth_date"' in first
    assert 'max="2015-01-01"' in first


def test_a_lost_key_is_told_and_drawn_again():
    form = PersonForm(TYPED | {"form_key": "n’importe quoi"})
    assert not form.is_valid()
    html = drawn(form)
    assert "La page était restée ouverte trop longtemps." in html
    uuid.UUID(form["form_key"].value())


def test_group_of_choices_is_labelled():
    html = drawn(PersonForm(TYPED | {"way": ""}))
    assert 'role="group" aria-labelledby="id_way_label"' in html
    assert '<a href="#id_way_0">Préférence&nbsp;: à choisir.</a>' in html
    assert html.count("form-check-input") == 3


def test_typed_markup_is_never_interpreted():
    html = drawn(PersonForm(TYPED | {"first_name": "<script>alert(1)</script>"}))
    assert "<script>" not in html


def test_a_refusal_of_an_operation_goes_beside_its_field():
    form = NameForm({"version": "3", "name": "Club"})
    assert form.is_valid()
    apply_operation_error(form, OperationError("Ce nom est déjà pris.", field="name"))
    assert form.errors["name"] == ["Ce nom est déjà pris."]
    assert "Club" in drawn(form)


@pytest.mark.parametrize("field", [None, "unknown"])
def test_a_refusal_without_a_field_goes_on_top(field):
    form = NameForm({"version": "3", "name": "Club"})
    apply_operation_error(form, OperationError("L’action est close.", field=field))
    assert form.non_field_errors() == ["L’action est close."]
    assert "une chose à revoir" in drawn(form)


def test_after_a_conflict_saving_again_is_possible():
    form = NameForm(QueryDict("version=3&name=Club"))
    assert form.is_valid()
    apply_operation_error(form, EditConflict("Quelqu’un d’autre a modifié.", current_version=4))
    assert 'name="version" value="4"' in drawn(form)
    assert form["name"].value() == "Club"


@pytest.mark.parametrize(
    ("typed", "day"),
    [("2004-02-28", date(2004, 2, 28)), ("28/02/2004", date(2004, 2, 28)), (" 1.3.2004 ", date(2004, 3, 1))],
)
def test_days_typed_both_ways(typed, day):
    assert cleaned(DateField(), typed) == day


def test_days_refused():
    assert refusal(DateField(), "30/13/2004").startswith("Le mois 13 n’existe pas.")
    assert refusal(DateField(), "hier").startswith("Ce n’est pas une date.")
    limits = DateField(earliest=date(2026, 3, 2), latest=date(2026, 12, 31))
    assert refusal(limits, "2026-03-01") == "Au plus tôt le 2 mars 2026."
    assert refusal(limits, "2027-01-01") == "Au plus tard le 31 décembre 2026."
    assert cleaned(limits, "2026-03-02") and cleaned(limits, "2026-12-31")
    limits.limit(latest=date(2026, 6, 30))
    assert limits.widget.attrs["max"] == "2026-06-30"
    assert refusal(limits, "2026-07-01") == "Au plus tard le 30 juin 2026."


@pytest.mark.parametrize("typed", ["1234,5", "1 234,50", "1\u202f234,50\xa0€", "1234.50", " 1234,5€"])
def test_amounts_typed_the_french_way(typed):
    assert cleaned(MoneyField(), typed) == Decimal("1234.5")


@pytest.mark.parametrize("typed", ["douze", "1,2,3", "1e3", "NaN", "--1", "∞"])
def test_what_is_not_a_number(typed):
    assert refusal(MoneyField(), typed) == "Écrivez un nombre, par exemple 1 234,50."


def test_amount_limits():
    assert refusal(MoneyField(), "-1")
    assert refusal(MoneyField(), "1,001")
    assert cleaned(DecimalField(unit="h"), "3,5 h") == Decimal("3.5")
    assert MoneyField().prepare_value(Decimal("1234.50")) == "1 234,5"


def test_whole_numbers():
    assert cleaned(IntegerField(), "1 200") == 1200
    assert refusal(IntegerField(), "1,5") == "Écrivez un nombre entier."


@pytest.mark.parametrize(
    "typed",
    ["06 12 34 56 78", "06.12.34.56.78", "+33 6 12 34 56 78", "0033612345678", "+33 (0)6 12 34 56 78"],
)
def test_french_phones_are_kept_one_way(typed):
    assert cleaned(PhoneField(), typed) == "+33612345678"


def test_other_phones():
    assert cleaned(PhoneField(), "+32 470 12 34 56") == "+32470123456"
    assert cleaned(PhoneField(required=False), " ") == ""
    for typed in ("06 12", "+33 6 12", "0000000000", "abc", "+0123456789"):
        assert "dix chiffres" in refusal(PhoneField(), typed)


def test_siret():
    assert cleaned(SiretField(), "732 829 320 00074") == "73282932000074"
    assert refusal(SiretField(), "732 829 320") == "Un SIRET compte 14 chiffres ; celui-ci en compte 9."
    assert refusal(SiretField(), "7328293200007A") == "Un SIRET ne contient que des chiffres."
    assert refusal(SiretField(), "73282932000075").startswith("Ce SIRET n’existe pas")
    assert cleaned(SiretField(required=False), "") == ""


def test_texts_are_tidied():
    assert cleaned(TextField(), "  Ine\u0300s   Kadrani\t ") == "Inès Kadrani"
    assert cleaned(NoteField(), "Un\r\nDeux\x07 ") == "Un\nDeux"
    assert cleaned(EmailField(), "Nadia@Exemple.FR") == "nadia@exemple.fr"
    assert "prenom.nom@exemple.fr" in refusal(EmailField(), "nadia@")


def test_own_words_for_a_missing_answer_are_kept():
    class Asked(Form):
        name = TextField(error_messages={"required": "Indiquez le nom de l’action."})
        kind = forms.ChoiceField(choices=[("a", "A")])
        agreed = forms.BooleanField()

    assert Asked({}).errors == {
        "name": ["Indiquez le nom de l’action."],
        "kind": ["À choisir."],
        "agreed": ["À cocher pour continuer."],
    }
