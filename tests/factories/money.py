"""Agreements and instalments, made by the operations themselves."""

from datetime import date
from decimal import Decimal

from django.utils import timezone

from essaim.directory.enums import OrganisationKind
from essaim.journeys.operations.agreements import AgreementDetails, prepare_agreement, sign_agreement
from essaim.journeys.operations.budget import BudgetDetails, record_budget_line
from essaim.journeys.operations.instalments import InstalmentDetails, claim_instalment, plan_instalment
from essaim.steering.operations.claims import freeze_claim
from tests.factories.directory import OrganisationFactory
from tests.factories.journeys import make_action, make_enrolment

SIGNED_ON = date(2026, 1, 15)


def make_funder(**values):
    return OrganisationFactory(**{"kind": OrganisationKind.PUBLIC_BODY} | values)


def agreement_details(funder=None, **values):
    given = {
        "funder": funder or make_funder(),
        "title": "Programmation 2026",
        "amount": Decimal(30000),
        "starts": date(2026, 1, 1),
        "ends": date(2026, 12, 31),
    }
    return AgreementDetails(**given | values)


def make_agreement(by, action=None, funder=None, *, signed=True, **values):
    """An agreement of 30 000 € for 2026, signed on 15 January."""
    details = agreement_details(funder, **values)
    made = prepare_agreement(action=action or make_action(by), details=details, by=by, now=timezone.now())
    if signed:
        made = sign_agreement(agreement=made, on=SIGNED_ON, version=1, by=by, now=timezone.now())
    return made


def instalment_details(**values):
    given = {
        "kind": "interim",
        "amount": Decimal(10000),
        "claim_by": date(2026, 12, 1),
        "expected_on": date(2027, 1, 15),
    }
    return InstalmentDetails(**given | values)


def make_instalment(by, agreement=None, **values):
    """An instalment of 10 000 € to claim before 1 December 2026."""
    agreement = agreement or make_agreement(by)
    return plan_instalment(agreement=agreement, details=instalment_details(**values), by=by, now=timezone.now())


def make_claimed(by, instalment=None, on=date(2026, 11, 2)):
    found = instalment or make_instalment(by)
    return claim_instalment(instalment=found, on=on, version=found.version, by=by, now=timezone.now())


def budget_details(**values):
    given = {"nature": "planned", "category": "staff", "year": 2026, "amount": Decimal(20000)}
    return BudgetDetails(**given | values)


def make_budget_line(by, action, **values):
    return record_budget_line(action=action, details=budget_details(**values), by=by, now=timezone.now())


def make_claim_file(by, instalment=None, *, since=date(2026, 1, 1), until=date(2026, 11, 23)):
    """A frozen file of a claim; someone entered on 2 March when nobody had."""
    found = instalment or make_instalment(by)
    action = found.agreement.action
    if not action.enrolments.exists():
        make_enrolment(by, action)
    return freeze_claim(instalment=found, since=since, until=until, by=by, now=timezone.now())
