"""The pages of ``essaim.employers``."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from essaim.employers.operations import ContactDetails, add_contact
from tests.factories.employers import (
    make_agreement,
    make_application,
    make_approach,
    make_company,
    make_contract,
    make_interview,
    make_sheet,
)
from tests.factories.journeys import make_action, make_enrolment
from tests.support.routes.objects import action, enrolment, person_ref
from tests.support.routes.world import EVERYBODY, KNOWING_COMPANIES, NOT_FOUND, ROLES, WORKING_WITH_PEOPLE, Route, World


def company(world: World) -> dict[str, Any]:
    return {"ref": make_company().ref}


def contact(world: World) -> dict[str, Any]:
    noted = add_contact(
        company=make_company(),
        details=ContactDetails("Accueil", phone="+33491000000"),
        by=world.manager,
        now=timezone.now(),
    )
    return {"ref": noted.company.ref, "contact": noted.ref}


def approach(world: World) -> dict[str, Any]:
    noted = make_approach(world.counsellor, action=make_action(world.manager))
    return {"ref": noted.action.ref, "approach": noted.ref}


def application(world: World) -> dict[str, Any]:
    noted = make_application(world.counsellor)
    return {"ref": noted.action.ref, "application": noted.ref}


def job_interview(world: World) -> dict[str, Any]:
    fixed = make_interview(world.counsellor, starts=timezone.now() + timedelta(days=3))
    return {"ref": fixed.application.action.ref, "interview": fixed.ref}


def agreement(world: World) -> dict[str, Any]:
    given = make_agreement(world.counsellor).enrolment
    return {"ref": given.action.ref, "parcours": given.ref}


def sheet(world: World) -> dict[str, Any]:
    made = make_sheet(world.counsellor)
    return {"ref": made.action.ref, "sheet": made.ref}


def contract(world: World) -> dict[str, Any]:
    opened = make_enrolment(world.counsellor)
    return {"ref": opened.action.ref, "contract": make_contract(world.counsellor, opened).ref}


ROUTES: dict[str, Route] = {
    "employers:person_contracts": Route(WORKING_WITH_PEOPLE, person_ref),
    "employers:company_list": Route(KNOWING_COMPANIES),
    "employers:company_new": Route(KNOWING_COMPANIES),
    "employers:company": Route(KNOWING_COMPANIES, company, is_shared=True),
    "employers:company_edit": Route(KNOWING_COMPANIES, company, is_shared=True),
    "employers:company_names": Route(KNOWING_COMPANIES),
    "employers:company_profile": Route(KNOWING_COMPANIES, company, is_shared=True),
    "employers:contact_new": Route(KNOWING_COMPANIES, company, is_shared=True),
    "employers:contact_edit": Route(KNOWING_COMPANIES, contact),
    "employers:approach_list": Route(ROLES, action),
    "employers:approach_file": Route(KNOWING_COMPANIES, action),
    "employers:log_approach": Route(KNOWING_COMPANIES, action),
    "employers:correct_approach": Route(KNOWING_COMPANIES, approach),
    "employers:cancel_approach": Route(KNOWING_COMPANIES, approach),
    "employers:next_step": Route(KNOWING_COMPANIES, approach),
    "employers:board": Route(WORKING_WITH_PEOPLE, action),
    "employers:apply": Route(WORKING_WITH_PEOPLE, action),
    "employers:application": Route(WORKING_WITH_PEOPLE, application),
    "employers:correct_stage": Route(WORKING_WITH_PEOPLE, application),
    "employers:undo_stage": Route(WORKING_WITH_PEOPLE, application),
    "employers:fix_interview": Route(WORKING_WITH_PEOPLE, application),
    "employers:interview": Route(WORKING_WITH_PEOPLE, job_interview),
    "employers:settle_interview": Route(
        WORKING_WITH_PEOPLE, lambda world: {**job_interview(world), "act": "annuler"}, data=lambda world: {"version": 1}
    ),
    "employers:sheet_list": Route(ROLES, action),
    "employers:sheet_new": Route(WORKING_WITH_PEOPLE, action),
    "employers:agree": Route(WORKING_WITH_PEOPLE, enrolment),
    "employers:withdraw": Route(WORKING_WITH_PEOPLE, agreement),
    "employers:sheet": Route(KNOWING_COMPANIES, sheet),
    "employers:sheet_edit": Route(WORKING_WITH_PEOPLE, sheet),
    "employers:sheet_pdf": Route(KNOWING_COMPANIES, sheet),
    "employers:close_sheet_links": Route(KNOWING_COMPANIES, sheet),
    "employers:open_sheet": Route(EVERYBODY, lambda world: {"token": "faux"}, is_shared=True, answers=NOT_FOUND),
    "employers:open_sheet_pdf": Route(EVERYBODY, lambda world: {"token": "faux"}, is_shared=True, answers=NOT_FOUND),
    "employers:application_file": Route(WORKING_WITH_PEOPLE, action),
    "employers:contract_file": Route(WORKING_WITH_PEOPLE, action),
    "employers:contract_list": Route(ROLES, action),
    "employers:sign": Route(WORKING_WITH_PEOPLE, action),
    "employers:correct": Route(WORKING_WITH_PEOPLE, contract),
    "employers:end": Route(WORKING_WITH_PEOPLE, contract),
    "employers:undo_end": Route(WORKING_WITH_PEOPLE, contract),
    "employers:cancel": Route(WORKING_WITH_PEOPLE, contract),
}
