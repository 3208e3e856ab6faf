"""Whatever is typed in a form, the answer is a page: never an error of the server."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from essaim.accounts.operations import invite_member
from tests.factories.accounts import MembershipFactory, UserFactory

ANYTHING = st.one_of(
    st.text(max_size=40),
    st.sampled_from(
        [
            "",
            "\x00",
            "\ud800",
            "a" * 5000,
            "'; DROP TABLE accounts_user; --",
            "<script>",
            "é\u0301",
            "\u202e",
            "-1",
            "9" * 40,
            "manager",
            "counsellor",
            "ines@exemple.fr",
            "a@b",
            "//x",
            "/compte/",
            "un tilleul devant la gare",
        ]
    ),
)
FORMS = {
    "/connexion/": ["email", "password", "next"],
    "/mot-de-passe/": ["email"],
    "/compte/": ["first_name", "last_name"],
    "/compte/mot-de-passe/": ["current_password", "new_password", "repeated"],
    "/compte/organisation/": ["membership", "next"],
    "/organisation/membres/inviter/": ["email", "role"],
    "/organisation/membres/{member}/role/": ["role"],
    "/invitation/{token}/": ["first_name", "last_name", "new_password", "repeated"],
    "/mot-de-passe/{member}/{token}/": ["new_password", "repeated"],
}
FUZZ = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def doors(client_for):
    """A signed-in manager, a visitor, and the codes that the addresses hold."""
    from django.test import Client
    from django.utils import timezone

    manager = MembershipFactory(manager=True)
    UserFactory(email="ines@exemple.fr")
    sent = invite_member(email="nouvelle@exemple.fr", role="funder", by=manager, now=timezone.now())
    return [client_for(manager), Client()], {"member": manager.user.uuid, "token": sent.token}


@pytest.mark.django_db
@pytest.mark.parametrize("path", FORMS)
@FUZZ
@given(data=st.data())
def test_no_form_breaks_the_server(doors, path, data):
    clients, codes = doors
    typed = data.draw(st.fixed_dictionaries({}, optional=dict.fromkeys(FORMS[path], ANYTHING)))
    typed = {key: value.encode("utf-8", "surrogatepass") for key, value in typed.items()}
    query = data.draw(st.dictionaries(st.sampled_from(["next", "q", "page"]), st.text(max_size=20), max_size=2))
    for client in clients:
        assert client.post(path.format(**codes), typed).status_code < 500
        assert client.get(path.format(**codes), query).status_code < 500


@pytest.mark.django_db
@FUZZ
@given(code=st.text(min_size=1, max_size=60))
def test_no_address_breaks_the_server(doors, code):
    from urllib.parse import quote

    clients, _ = doors
    for client in clients:
        for path in (
            "/invitation/{}/",
            "/organisation/membres/{}/role/",
            "/organisation/invitations/{}/annuler/",
        ):
            for method in (client.get, client.post):
                assert method(path.format(quote(code, safe=""))).status_code < 500
