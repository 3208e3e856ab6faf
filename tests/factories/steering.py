"""People of an action who answer the funders' questions in known numbers."""

from datetime import date, timedelta

from django.utils import timezone

from essaim.accounts.enums import Role
from essaim.steering.operations import send_bilan
from tests.factories.accounts import MembershipFactory
from tests.factories.employers import make_contract
from tests.factories.journeys import make_action, make_enrolment, make_partner_plan
from tests.factories.people import PersonFactory, ProfileFactory


def make_funder(**values):
    return MembershipFactory(role=Role.FUNDER, **values)


def make_funded_action(by, funder, **values):
    """An action of 2026 that the funder's organisation funds."""
    given = {"places": 300} | values
    return make_action(by, partners=[make_partner_plan(funder.organisation, "funder")], **given)


def make_entries(by, action, *, women=0, men=0, jobs=0, on=date(2026, 3, 2)):
    """People who entered that day; the first ``jobs`` of them signed a CDI thirty days later."""
    made = []
    for rank in range(women + men):
        person = PersonFactory(held_by=by)
        ProfileFactory(person=person, recorded_by=by.user, sex="female" if rank < women else "male")
        made.append(make_enrolment(by, action, person, on=on))
    for enrolment in made[:jobs]:
        signed = on + timedelta(days=30)
        make_contract(by, enrolment, type="cdi", signed_on=signed, starts=signed + timedelta(days=5))
    return made


def make_sent_bilan(by, funder, action=None, *, now=None, **values):
    """The bilan of an action of 2026, sent today to the funder's organisation."""
    given = {"since": date(2026, 1, 1), "until": date(2026, 12, 31), "observed_on": date(2026, 1, 31)} | values
    action = action or make_funded_action(by, funder)
    return send_bilan(action=action, recipient=funder.organisation, by=by, now=now or timezone.now(), **given)
