"""`essaim accounts`: the first organisation of an instance, its manager, its operators."""

import json
import re

import pytest
from django.test import Client

from essaim.accounts.enums import Role
from essaim.accounts.models import Membership
from essaim.cli import _build_parser
from essaim.cli.errors import CommandError
from essaim.directory.models import Organisation
from tests.factories.accounts import MembershipFactory, UserFactory

pytestmark = pytest.mark.django_db
PASSWORD = "un tilleul devant la gare routière"


def run(*arguments):
    parser, modules = _build_parser()
    return modules["accounts"].run(parser.parse_args(["accounts", *arguments]))


def create(capsys, **changes):
    options = {"name": "Tremplin", "kind": "mission_locale", "email": "nadia@exemple.fr"} | changes
    arguments = [word for key, value in options.items() for word in (f"--{key}", value)]
    assert run("--json", "create-organisation", *arguments) == 0
    return json.loads(capsys.readouterr().out)


def test_the_first_manager_comes_in_by_the_printed_link(capsys):
    document = create(capsys)
    path = re.sub(r"^http://[^/]+", "", document["invitation"])
    typed = {"first_name": "Nadia", "last_name": "Serrault", "new_password": PASSWORD, "repeated": PASSWORD}
    assert Client().post(path, typed).status_code == 302
    membership = Membership.objects.get()
    assert (membership.organisation.ref, membership.role) == (document["organisation"], Role.MANAGER)


@pytest.mark.parametrize("changes", [{"kind": "inconnu"}, {"siret": "123"}, {"name": " "}])
def test_a_refused_organisation_leaves_nothing(capsys, changes):
    with pytest.raises(CommandError) as refusal:
        create(capsys, **changes)
    assert refusal.value.document["errors"][0]["message"]
    assert not Organisation.objects.exists()


def test_a_lost_invitation_is_sent_again_until_someone_manages(capsys):
    document = create(capsys)
    assert run("invite-manager", document["organisation"], "--email", "nadia@exemple.fr") == 0
    MembershipFactory(manager=True, organisation=Organisation.objects.get())
    for ref in (document["organisation"], "inconnue"):
        with pytest.raises(CommandError):
            run("invite-manager", ref, "--email", "autre@exemple.fr")


def test_operators_are_named_by_the_command(capsys):
    user = UserFactory(email="exploitante@exemple.fr")
    run("operator", "Exploitante@exemple.fr")
    user.refresh_from_db()
    assert user.is_operator
    run("operator", "exploitante@exemple.fr", "--remove")
    user.refresh_from_db()
    assert not user.is_operator
    with pytest.raises(CommandError):
        run("operator", "personne@exemple.fr")
