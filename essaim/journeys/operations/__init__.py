"""The only writers of journeys, one module a subject."""

from essaim.journeys.operations.enrolments import (
    IneligiblePerson,
    cancel_enrolment,
    correct_enrolment,
    enrol_person,
)
from essaim.journeys.operations.exits import close_enrolment, correct_closing, reopen_enrolment
from essaim.journeys.operations.launch import (
    BudgetPlan,
    LaunchRefused,
    NewTerritory,
    launch_action,
    plan_budget_line,
)
from essaim.journeys.operations.parcours_rules import EnrolmentRefused, NoPlaceLeft
from essaim.journeys.operations.partners import PartnerPlan, PartnerRefused, add_partner, end_partner
from essaim.journeys.operations.profiles import declare_profile, update_identity, update_profile
from essaim.journeys.operations.settings import SettingRefused, change_setting
from essaim.journeys.operations.steps import complete_step, reset_step

__all__ = [
    "BudgetPlan",
    "EnrolmentRefused",
    "IneligiblePerson",
    "LaunchRefused",
    "NewTerritory",
    "NoPlaceLeft",
    "PartnerPlan",
    "PartnerRefused",
    "SettingRefused",
    "add_partner",
    "cancel_enrolment",
    "change_setting",
    "close_enrolment",
    "complete_step",
    "correct_closing",
    "correct_enrolment",
    "declare_profile",
    "end_partner",
    "enrol_person",
    "launch_action",
    "plan_budget_line",
    "reopen_enrolment",
    "reset_step",
    "update_identity",
    "update_profile",
]
