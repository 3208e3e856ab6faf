"""Companies, approaches, applications, sheets and work contracts, made by the operations themselves."""

from datetime import date, timedelta

from django.utils import timezone

from essaim.directory.enums import OrganisationKind
from essaim.employers.operations import (
    ContractTerms,
    agree_to_sheet,
    apply,
    create_sheet,
    fix_interview,
    log_approach,
    sign_contract,
)
from tests.factories.directory import OrganisationFactory
from tests.factories.journeys import make_enrolment

CDI = {"type": "cdi", "signed_on": date(2026, 4, 1), "starts": date(2026, 4, 6)}
CDD = {"type": "cdd", "signed_on": date(2026, 4, 1), "starts": date(2026, 4, 6), "term_months": 3}


def make_company(**values):
    return OrganisationFactory(kind=OrganisationKind.COMPANY, **values)


def make_contract(by, enrolment=None, organisation=None, *, now=None, application=None, check_in_at=None, **terms):
    """A CDI signed on 1 April 2026 unless ``terms`` say otherwise."""
    return sign_contract(
        enrolment=enrolment or make_enrolment(by),
        organisation=organisation or make_company(),
        terms=ContractTerms(**(CDI | terms)),
        application=application,
        check_in_at=check_in_at,
        by=by,
        now=now or timezone.now(),
    )


def make_approach(by, enrolment=None, *, action=None, now=None, **values):
    """A phone call of 20 April 2026, by the person herself when an ``enrolment`` is given; nothing to follow."""
    if enrolment is None and action is None:
        enrolment = make_enrolment(by)
    given = {
        "company": None if "company_name" in values else make_company(),
        "channel": "phone",
        "made_on": date(2026, 4, 20),
        "answer": "none",
        "by_person": enrolment is not None,
    } | values
    return log_approach(
        action=action or enrolment.action, enrolment=enrolment, by=by, now=now or timezone.now(), **given
    )


def make_application(by, enrolment=None, *, now=None, **values):
    """A CV sent on 20 April 2026."""
    given = {
        "company": None if "company_name" in values else make_company(),
        "job": "Préparateur de commandes",
        "on": date(2026, 4, 20),
    } | values
    return apply(enrolment=enrolment or make_enrolment(by), by=by, now=now or timezone.now(), **given)


def make_interview(by, application=None, *, starts, minutes=60, now=None, **values):
    return fix_interview(
        application=application or make_application(by),
        starts=starts,
        ends=starts + timedelta(minutes=minutes),
        by=by,
        now=now or timezone.now(),
        **values,
    )


CARD = {
    "first_name": "",
    "trade": "Préparatrice de commandes",
    "skills": "CACES 1, inventaires",
    "words": "Ponctuelle, j’aime le travail en équipe.",
}


def make_agreement(by, enrolment=None, *, now=None, card=CARD, **values):
    """An agreement of 1 October 2026, for six months."""
    given = {"agreed_on": date(2026, 10, 1), "expires_on": date(2027, 3, 31)} | values
    return agree_to_sheet(
        enrolment=enrolment or make_enrolment(by), card=card, by=by, now=now or timezone.now(), **given
    )


def make_sheet(by, *agreements, now=None, **values):
    given = {"title": "Profils de novembre", "edition_on": date(2026, 11, 23)} | values
    chosen = agreements or (make_agreement(by),)
    return create_sheet(action=chosen[0].enrolment.action, agreements=chosen, by=by, now=now or timezone.now(), **given)
