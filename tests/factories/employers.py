"""Companies and work contracts, made by the operations themselves."""

from datetime import date

from django.utils import timezone

from essaim.directory.enums import OrganisationKind
from essaim.employers.operations import ContractTerms, sign_contract
from tests.factories.directory import OrganisationFactory
from tests.factories.journeys import make_enrolment

CDI = {"type": "cdi", "signed_on": date(2026, 4, 1), "starts": date(2026, 4, 6)}
CDD = {"type": "cdd", "signed_on": date(2026, 4, 1), "starts": date(2026, 4, 6), "term_months": 3}


def make_company(**values):
    return OrganisationFactory(kind=OrganisationKind.COMPANY, **values)


def make_contract(by, enrolment=None, organisation=None, *, now=None, **terms):
    """A CDI signed on 1 April 2026 unless ``terms`` say otherwise."""
    return sign_contract(
        enrolment=enrolment or make_enrolment(by),
        organisation=organisation or make_company(),
        terms=ContractTerms(**(CDI | terms)),
        by=by,
        now=now or timezone.now(),
    )
