"""People of an action who answer the funders' questions in known numbers."""

from datetime import date

from essaim.accounts.enums import Role
from tests.factories.accounts import MembershipFactory
from tests.factories.employers import CDI, make_contract
from tests.factories.journeys import make_action, make_enrolment, make_partner_plan
from tests.factories.people import PersonFactory, ProfileFactory


def make_funder(**values):
    return MembershipFactory(role=Role.FUNDER, **values)


def make_funded_action(by, funder, **values):
    """An action of 2026 that the funder's organisation funds."""
    given = {"places": 300} | values
    return make_action(by, partners=[make_partner_plan(funder.organisation, "funder")], **given)


def make_entries(by, action, *, women=0, men=0, jobs=0, on=date(2026, 3, 2)):
    """People who entered that day; the first ``jobs`` of them signed a CDI on 1 April 2026."""
    made = []
    for rank in range(women + men):
        person = PersonFactory(held_by=by)
        ProfileFactory(person=person, recorded_by=by.user, sex="female" if rank < women else "male")
        made.append(make_enrolment(by, action, person, on=on))
    for enrolment in made[:jobs]:
        make_contract(by, enrolment, **CDI)
    return made
