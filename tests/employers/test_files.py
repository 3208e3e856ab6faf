"""Applications and contracts of an action as files: those the reader may see, each once."""

import pytest
from django.urls import reverse

from tests.factories.accounts import MembershipFactory
from tests.factories.employers import make_application, make_contract
from tests.factories.journeys import make_enrolment

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("fmt", ["csv", "xlsx"])
def test_applications_and_contracts_leave_as_files(client_for, fmt):
    counsellor = MembershipFactory()
    enrolment = make_enrolment(counsellor)
    make_application(counsellor, enrolment, job="Préparatrice")
    make_contract(counsellor, enrolment)
    client = client_for(counsellor)
    for name, words in [("application_file", "Préparatrice"), ("contract_file", "CDI")]:
        answer = client.get(reverse(f"employers:{name}", args=[enrolment.action.ref]), {"format": fmt})
        assert answer.status_code == 200 and answer["Content-Disposition"].endswith(f'.{fmt}"')
        if fmt == "csv":
            told = answer.content.decode()
            assert words in told and enrolment.person.full_name in told


def test_a_stranger_gets_no_file(client_for):
    enrolment = make_enrolment(MembershipFactory())
    stranger = client_for(MembershipFactory())
    for name in ("employers:application_file", "employers:contract_file", "journeys:queue_file"):
        assert stranger.get(reverse(name, args=[enrolment.action.ref])).status_code == 404


def test_the_tabs_lead_to_the_files(client_for):
    counsellor = MembershipFactory()
    enrolment = make_enrolment(counsellor)
    make_application(counsellor, enrolment)
    make_contract(counsellor, enrolment)
    client = client_for(counsellor)
    for tab, name in [("applications", "application_file"), ("contracts", "contract_file")]:
        page = client.get(f"/actions/{enrolment.action.ref}/", {"onglet": tab}).content.decode()
        assert reverse(f"employers:{name}", args=[enrolment.action.ref]) in page
