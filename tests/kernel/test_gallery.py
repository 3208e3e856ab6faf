import re

import pytest
from django.template.loader import render_to_string
from django.urls import reverse

from essaim.kernel.templatetags.ui import ICONS, chip, icon
from tests.factories.accounts import MembershipFactory
from tests.factories.journeys import make_action

pytestmark = pytest.mark.django_db


def test_the_gallery_shows_every_component_to_everybody(client):
    html = client.get(reverse("kernel:gallery")).content.decode()
    for words in (
        "64 participants",
        "Aucune prescription en attente",
        "points à corriger",
        "Fermer le dossier",
    ):
        assert words in html
    assert not re.search(r"\sstyle=|<style|\son[a-z]+=|<script(?![^>]*\ssrc=)", html)


def test_the_gallery_exists_only_where_it_is_offered(client, settings):
    settings.ESSAIM_GALLERY = False
    response = client.get(reverse("kernel:gallery"))
    assert response.status_code == 404
    assert "Cette page n’existe pas" in response.content.decode()


@pytest.mark.parametrize("query", ["?format=pdf", "?format=csv&colonnes=inconnue"])
def test_an_export_that_does_not_exist_is_not_found(client, query):
    assert client.get(reverse("kernel:gallery") + query).status_code == 404


def test_export_of_the_gallery(client):
    response = client.get(reverse("kernel:gallery"), {"format": "xlsx"})
    assert response["Content-Type"].startswith("application/vnd.openxmlformats")


@pytest.mark.parametrize(
    "query", ["tri=x", "page=99", "quartier=nulle-part", "q=%00", "tri=&page=&q=", "page=" + "9" * 5000]
)
def test_wrong_addresses_of_a_list_are_pages_all_the_same(client, query):
    assert client.get(f"{reverse('kernel:gallery')}?{query}").status_code == 200


@pytest.mark.parametrize("name", ["400", "403", "404", "405", "kernel/server_error", "kernel/unavailable"])
def test_error_pages_stand_alone_and_offer_a_way_out(name):
    html = render_to_string(f"{name}.html")
    assert html.count("<h1>") == 1
    assert 'class="btn btn-primary"' in html
    assert '<html lang="fr">' in html


def test_the_shell_shows_only_what_the_reader_may_use(client, client_for):
    membership = MembershipFactory(manager=True)
    url = reverse("kernel:gallery")
    hers, anonymous = client_for(membership).get(url).content.decode(), client.get(url).content.decode()
    assert membership.user.full_name in hers
    assert "Se déconnecter" in hers
    assert "Se connecter" in anonymous
    assert "Se déconnecter" not in anonymous
    assert 'role="search"' in hers and "shell-q" in hers
    assert "shell-q" not in anonymous


def test_the_switcher_appears_with_a_second_organisation(client_for):
    first = MembershipFactory()
    url = reverse("kernel:gallery")
    assert "Agir au nom de" not in client_for(first).get(url).content.decode()
    second = MembershipFactory(user=first.user)
    html = client_for(second).get(url).content.decode()
    assert "Agir au nom de" in html
    assert first.organisation.name in html


def test_icons_and_chips_refuse_unknown_names():
    assert {"people", "todo", "chart", "hex"} <= ICONS
    assert "kernel/icons.svg#people" in icon("people")
    with pytest.raises(ValueError, match="unknown icon"):
        icon("licorne")
    with pytest.raises(ValueError, match="unknown tone"):
        chip("En cours", "rose")
    assert "&lt;b&gt;" in chip("<b>")


@pytest.mark.parametrize(
    ("name", "lit"),
    [
        ("web:todo", "À faire"),
        ("people:create", "Personnes"),
        ("employers:company_new", "Entreprises"),
        ("journeys:prescription_list", "Actions"),
        ("agenda:caseloads", "Agenda"),
        ("journeys:review_list", "Agenda"),
    ],
)
def test_a_page_lights_the_place_it_belongs_to(client_for, name, lit):
    html = client_for(MembershipFactory(manager=True)).get(reverse(name)).content.decode()
    sidenav = html[html.index('class="sidenav"') : html.index('class="topbar"')]
    current = sidenav[sidenav.index('aria-current="page"') :]
    assert sidenav.count('aria-current="page"') == 1
    assert f"<span>{lit}</span>" in current[:300]


def test_a_page_of_an_action_lights_actions_whichever_app_draws_it(client_for):
    by = MembershipFactory(manager=True)
    html = client_for(by).get(reverse("employers:sign", args=[make_action(by).ref])).content.decode()
    sidenav = html[html.index('class="sidenav"') : html.index('class="topbar"')]
    assert "<span>Actions</span>" in sidenav[sidenav.index('aria-current="page"') :][:300]


def test_an_address_that_only_takes_forms_says_so(client_for):
    response = client_for(MembershipFactory(manager=True)).get(reverse("accounts:switch_organisation"))
    assert response.status_code == 405
    assert "Cette adresse n’ouvre pas de page" in response.content.decode()
