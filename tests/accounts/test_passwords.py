"""The password rules as a table, and the pages that change a password."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import Client, override_settings

from config import settings as product
from essaim.accounts.models import User
from essaim.kernel.models import Message
from tests.factories.accounts import PASSWORD, MembershipFactory, UserFactory

NADIA = User(first_name="Nadia", last_name="Serrault", email="nadia.serrault@tremplin.example")
MORNING = datetime(2026, 3, 2, 8, 15, tzinfo=UTC)
NEW = "un tilleul devant la gare routière"

ACCEPTED = [
    "sept hexagones et un peu de miel",
    "chat-rouge-sur-toit",
    "le bus part tôt",
    "tramway cuivre hiver pommier",
    "kfzqpwmxvtrbnsd",
    "Xk7vQ2mPz9LrT4w",
    "ma grand-mère nage",
    "日本語のとても長い合言葉です東京",
    "  espaces au bord  gardés ",
]
REFUSED = [
    ("", "password_too_short"),
    ("court", "password_too_short"),
    ("Tr0ub4dor&3xy!", "password_too_short"),
    ("un un un un", "password_too_short"),
    ("a b c d e f g", "password_too_short"),
    ("il a un as", "password_too_short"),
    ("motdepasse123456", "password_too_common"),
    ("azertyuiopqsdfghjklm", "password_too_common"),
    ("aaaaaaaaaaaaaaaaaaaa", "password_too_common"),
    ("123456789012345678", "password_too_common"),
    ("987654321098765432", "password_too_common"),
    ("passwordpassword", "password_too_common"),
    ("P@ssw0rdP@ssw0rd", "password_too_common"),
    ("azerty azerty azerty", "password_too_common"),
    ("Marseille13013013", "password_too_common"),
    ("missionlocale2026", "password_too_common"),
    ("soleilsoleilsoleil1", "password_too_common"),
    ("abcdefghijklmnopq", "password_too_common"),
    ("2026-11-23-2026-11-23", "password_too_common"),
    ("Nadia.Serrault.2026", "password_too_similar"),
    ("nadiaserraultnadia", "password_too_similar"),
    ("serrault tremplin nadia", "password_too_similar"),
]


@pytest.mark.parametrize("password", ACCEPTED)
def test_good_passwords_are_accepted(password):
    validate_password(password, NADIA)


@pytest.mark.parametrize(("password", "code"), REFUSED)
def test_bad_passwords_are_refused_with_a_reason(password, code):
    with pytest.raises(ValidationError) as refusal:
        validate_password(password, NADIA)
    assert code in {error.code for error in refusal.value.error_list}


def test_passwords_are_hashed_with_argon2():
    with override_settings(PASSWORD_HASHERS=product.PASSWORD_HASHERS):
        user = User()
        user.set_password(NEW)
    assert user.password.startswith("argon2$argon2id$")


def change(client, current=PASSWORD, new=NEW, repeated=None):
    typed = {"current_password": current, "new_password": new, "repeated": repeated or new}
    return client.post("/compte/mot-de-passe/", typed)


@pytest.mark.django_db
def test_changing_the_password_ends_the_other_sessions_and_tells_her(client_for):
    membership = MembershipFactory()
    here, elsewhere = client_for(membership), client_for(membership)
    before = here.session.session_key
    assert change(here).status_code == 302
    assert here.get("/compte/").status_code == 200
    assert here.session.session_key != before
    assert elsewhere.get("/compte/").status_code == 302
    assert Message.objects.get().subject == "Votre mot de passe a été changé"
    membership.user.refresh_from_db()
    assert membership.user.check_password(NEW)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"current": "faux"}, "Ce n’est pas votre mot de passe actuel."),
        ({"repeated": "autre chose ici"}, "Les deux saisies sont différentes."),
        ({"new": "court"}, "Trop court"),
        ({"new": "x" * 300}, "256"),
    ],
)
def test_a_refused_change_says_why_and_changes_nothing(client_for, typed, words):
    membership = MembershipFactory()
    response = change(client_for(membership), **typed)
    assert response.status_code == 200
    assert words in response.content.decode()
    membership.user.refresh_from_db()
    assert membership.user.check_password(PASSWORD)
    assert not Message.objects.exists()


def ask_link(email):
    return Client().post("/mot-de-passe/", {"email": email})


def link_in(message):
    return re.search(r"http://127\.0\.0\.1:\d+(/mot-de-passe/\S+)", message.body).group(1)


@pytest.mark.django_db
def test_a_forgotten_password_is_replaced_by_link(client_for):
    membership = MembershipFactory()
    elsewhere = client_for(membership)
    ask_link(membership.user.email)
    message = Message.objects.get()
    assert (message.recipient, message.holds_link) == (membership.user.email, True)
    link, client = link_in(message), Client()
    assert client.get(link).status_code == 200
    response = client.post(link, {"new_password": NEW, "repeated": NEW})
    assert response["Location"] == "/connexion/"
    membership.user.refresh_from_db()
    assert membership.user.check_password(NEW)
    assert elsewhere.get("/compte/").status_code == 302
    assert client.get(link).status_code == 404


@pytest.mark.django_db
def test_asking_a_link_says_nothing_of_who_has_an_account():
    UserFactory(email="connue@exemple.fr")
    UserFactory(email="close@exemple.fr", is_active=False)
    pages = {ask_link(f"{name}@exemple.fr").content for name in ("connue", "close", "inconnue")}
    assert len(pages) == 1
    assert Message.objects.count() == 1


@pytest.mark.django_db
def test_one_link_every_five_minutes_at_most():
    user = UserFactory()
    with time_machine.travel(MORNING, tick=False) as clock:
        for _ in range(3):
            ask_link(user.email)
        assert Message.objects.count() == 1
        clock.shift(timedelta(minutes=5))
        ask_link(user.email)
        assert Message.objects.count() == 2


@pytest.mark.django_db
def test_a_link_expires_after_an_hour():
    user = UserFactory()
    with time_machine.travel(MORNING, tick=False) as clock:
        ask_link(user.email)
        link = link_in(Message.objects.get())
        clock.shift(timedelta(minutes=59))
        assert Client().get(link).status_code == 200
        clock.shift(timedelta(minutes=2))
        assert Client().get(link).status_code == 404


@pytest.mark.django_db
def test_a_link_serves_its_owner_only():
    user, other = UserFactory(), UserFactory()
    ask_link(user.email)
    link = link_in(Message.objects.get())
    assert Client().get(link.replace(str(user.uuid), str(other.uuid))).status_code == 404


@pytest.mark.django_db
def test_the_link_never_follows_the_host_of_the_request():
    user = UserFactory()
    Client().post("/mot-de-passe/", {"email": user.email}, headers={"Host": "localhost"})
    assert "http://127.0.0.1:" in Message.objects.get().body
