"""Sign-in and sign-out: one answer to every failure, throttling, sessions that end."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client, override_settings

from essaim.accounts.views.sessions import TOO_MANY, WRONG
from tests.factories.accounts import PASSWORD, MembershipFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.accounts.urls")]
MORNING = datetime(2026, 3, 2, 8, 15, tzinfo=UTC)


def sign_in(client, email, password=PASSWORD, next_page="", **options):
    typed = {"email": email, "password": password, "next": next_page}
    return client.post("/connexion/", typed, **options)


def is_signed_in(client):
    return client.get("/connectee/").status_code == 200


def test_the_right_password_opens_a_session(client):
    user = UserFactory()
    response = sign_in(client, user.email)
    assert (response.status_code, response["Location"]) == (302, "/")
    assert is_signed_in(client)


def test_the_address_is_read_whatever_its_capitals(client):
    user = UserFactory(email="ines.k@exemple.fr")
    sign_in(client, " Ines.K@Exemple.FR ")
    assert is_signed_in(client)
    assert user.pk


def test_unknown_wrong_and_closed_accounts_get_the_same_answer(client):
    known, closed = UserFactory(), UserFactory(is_active=False)
    pages = []
    for email, password in (
        ("inconnue@exemple.fr", PASSWORD),
        (known.email, "ce n’est pas celui-là"),
        (closed.email, PASSWORD),
    ):
        response = sign_in(Client(), email, password)
        assert response.status_code == 200
        text = response.content.decode()
        assert WRONG in text
        pages.append(text.replace(email, "").split("<form")[0])
    assert len(set(pages)) == 1


def test_a_user_who_signs_in_gets_a_new_session(client):
    user = UserFactory()
    client.get("/connexion/")
    session = client.session
    session["planted"] = "before"
    session.save()
    before = session.session_key
    sign_in(client, user.email)
    assert client.session.session_key != before
    assert not client.session.exists(before)


def test_another_user_on_the_same_browser_inherits_nothing(client_for):
    first, second = MembershipFactory(), MembershipFactory()
    client = client_for(first)
    sign_in(client, second.user.email)
    assert client.get("/membre/").content.decode() == second.organisation.ref


@pytest.mark.parametrize(
    "next_page",
    [
        "https://ailleurs.example/",
        "//ailleurs.example",
        "///ailleurs.example",
        "/\\ailleurs.example",
        "\\\\ailleurs.example",
        "http:ailleurs.example",
        "javascript:alert(1)",
        " //ailleurs.example",
        "https://testserver@ailleurs.example/",
        "/\t/ailleurs.example",
        "ftp://testserver/",
        "\x00/membre/",
    ],
)
def test_sign_in_never_leads_to_another_site(client, next_page):
    user = UserFactory()
    response = sign_in(client, user.email, next_page=next_page)
    assert response.status_code in (200, 302)
    if response.status_code == 302:
        assert response["Location"] == "/"
    signed_in = Client()
    signed_in.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    assert signed_in.get("/connexion/", {"next": next_page})["Location"] == "/"


def test_sign_in_comes_back_to_the_page_asked_for(client):
    assert sign_in(client, UserFactory().email, next_page="/membre/?q=1")["Location"] == "/membre/?q=1"


def test_five_failures_then_a_short_wait():
    user = UserFactory()
    with time_machine.travel(MORNING, tick=False) as clock:
        client = Client()
        for _ in range(4):
            assert sign_in(client, user.email, "faux").status_code == 200
        assert sign_in(client, user.email, "faux").status_code == 429
        refused = sign_in(client, user.email)
        assert refused.status_code == 429
        assert TOO_MANY in refused.content.decode()
        clock.shift(timedelta(minutes=5, seconds=1))
        assert sign_in(client, user.email).status_code == 302


def test_trying_again_while_waiting_does_not_lengthen_the_wait():
    user = UserFactory()
    with time_machine.travel(MORNING, tick=False) as clock:
        for _ in range(6):
            sign_in(Client(), user.email, "faux")
        clock.shift(timedelta(minutes=4))
        assert sign_in(Client(), user.email).status_code == 429
        clock.shift(timedelta(minutes=1, seconds=1))
        assert sign_in(Client(), user.email).status_code == 302


def test_an_attacker_elsewhere_does_not_lock_out_the_true_user():
    user = UserFactory()
    for _ in range(8):
        sign_in(Client(), user.email, "faux", REMOTE_ADDR="203.0.113.9")
    assert sign_in(Client(), user.email, REMOTE_ADDR="203.0.113.9").status_code == 429
    assert sign_in(Client(), user.email, REMOTE_ADDR="198.51.100.7").status_code == 302


def test_another_browser_or_other_capitals_do_not_start_the_count_again():
    user = UserFactory(email="ines@exemple.fr")
    for number in range(5):
        response = sign_in(Client(), "INES@exemple.fr", "faux", headers={"User-Agent": f"n° {number}".encode()})
    assert response.status_code == 429
    assert user.pk


def test_an_unknown_address_is_throttled_like_a_known_one():
    for _ in range(5):
        response = sign_in(Client(), "inconnue@exemple.fr", "faux")
    assert response.status_code == 429


@override_settings(TRUSTED_PROXIES=1)
def test_a_forged_forwarded_address_does_not_escape_the_count():
    user = UserFactory()
    for number in range(5):
        headers = {"X-Forwarded-For": f"192.0.2.{number}, 203.0.113.9"}
        response = sign_in(Client(), user.email, "faux", headers=headers)
    assert response.status_code == 429


def test_success_forgets_the_failures():
    user = UserFactory()
    for _ in range(3):
        for _ in range(3):
            sign_in(Client(), user.email, "faux")
        assert sign_in(Client(), user.email).status_code == 302


def test_an_idle_session_ends(client_for):
    membership = MembershipFactory()
    with time_machine.travel(MORNING, tick=False) as clock:
        client = client_for(membership)
        clock.shift(timedelta(hours=1, minutes=59))
        assert is_signed_in(client)
        clock.shift(timedelta(hours=1, minutes=59))
        assert is_signed_in(client)
        clock.shift(timedelta(hours=2, seconds=1))
        response = client.get("/connectee/", follow=True)
        assert response.redirect_chain == [("/connexion/?next=%2Fconnectee%2F", 302)]
        assert "Votre session a expiré" in response.content.decode()
        assert not is_signed_in(client)


def test_no_session_outlives_a_working_day(client_for):
    membership = MembershipFactory()
    with time_machine.travel(MORNING, tick=False) as clock:
        client = client_for(membership)
        for _ in range(12):
            clock.shift(timedelta(minutes=59))
            assert is_signed_in(client)
        clock.shift(timedelta(minutes=13))
        assert not is_signed_in(client)


def test_signing_out_ends_the_session_on_the_server(client):
    user = UserFactory()
    sign_in(client, user.email)
    stolen = client.cookies["sessionid"].value
    response = client.post("/deconnexion/", follow=True)
    assert "Vous êtes déconnecté" in response.content.decode()
    thief = Client()
    thief.cookies["sessionid"] = stolen
    assert not is_signed_in(thief)


def test_signing_out_is_not_a_link(client_for):
    client = client_for(MembershipFactory())
    assert client.get("/deconnexion/").status_code == 405
    assert is_signed_in(client)


def test_a_post_without_key_is_refused_in_words():
    client = Client(enforce_csrf_checks=True)
    response = sign_in(client, UserFactory().email)
    assert response.status_code == 403
    assert "Ce formulaire n’est plus valable" in response.content.decode()


def test_the_session_cookie_is_kept_from_scripts(client):
    sign_in(client, UserFactory().email)
    cookie = client.cookies["sessionid"]
    assert cookie["httponly"] and cookie["samesite"] == "Lax"
    csrf = client.cookies["csrftoken"]
    assert csrf["httponly"] and csrf["samesite"] == "Lax"


def test_switching_organisation(client_for):
    first = MembershipFactory()
    second = MembershipFactory(user=first.user)
    client = client_for(first)
    response = client.post("/compte/organisation/", {"membership": second.pk, "next": "/membre/"}, follow=True)
    assert response.content.decode() == second.organisation.ref


@pytest.mark.parametrize("typed", ["", "0", "abc", "\x00", "9" * 30])
def test_switching_to_an_organisation_not_hers_is_not_found(client_for, typed):
    client = client_for(MembershipFactory())
    assert client.post("/compte/organisation/", {"membership": typed}).status_code == 404
    assert client.post("/compte/organisation/", {"membership": MembershipFactory().pk}).status_code == 404
