"""Who was oriented and who waits, as files of the team that receives."""

from datetime import date

import pytest
from django.urls import reverse

from essaim.journeys.operations import join_queue, make_prescription
from tests.factories.accounts import MembershipFactory
from tests.factories.journeys import make_action, make_eligible

pytestmark = pytest.mark.django_db


def test_orientations_and_queue_leave_as_files(client_for, now):
    counsellor = MembershipFactory()
    action, asked, waiting = make_action(counsellor), make_eligible(counsellor), make_eligible(counsellor)
    make_prescription(
        action=action, person=asked, motive="job_search", agreed_on=date(2026, 11, 23), by=counsellor, now=now
    )
    join_queue(action=action, person=waiting, by=counsellor, now=now)
    client = client_for(counsellor)
    for name, person in [("received_file", asked), ("queue_file", waiting)]:
        url = reverse(f"journeys:{name}", args=[action.ref])
        assert person.full_name in client.get(url).content.decode()
        assert client.get(url, {"format": "xlsx"}).status_code == 200
        assert client_for(MembershipFactory()).get(url).status_code == 404
