"""Tables of journeys, one module a subject."""

from essaim.journeys.models.actions import ActionPartner, BudgetLine, Group, SettingChange, StaffMember, Target
from essaim.journeys.models.caseloads import CaseloadMove, CaseloadReview, ReviewLine
from essaim.journeys.models.editions import Edition
from essaim.journeys.models.enrolments import Enrolment, StepState, new_enrolment_ref
from essaim.journeys.models.funding import FundingAgreement, Instalment, StaffTime, TargetChange
from essaim.journeys.models.intake import Decision, Prescription, WaitingEntry
from essaim.journeys.models.path import (
    Commitment,
    CommitmentSignature,
    Contact,
    HandOver,
    Measure,
    Mentoring,
    TrainingEntry,
)

__all__ = [
    "ActionPartner",
    "BudgetLine",
    "CaseloadMove",
    "CaseloadReview",
    "Commitment",
    "CommitmentSignature",
    "Contact",
    "Decision",
    "Edition",
    "Enrolment",
    "FundingAgreement",
    "Group",
    "HandOver",
    "Instalment",
    "Measure",
    "Mentoring",
    "Prescription",
    "ReviewLine",
    "SettingChange",
    "StaffMember",
    "StaffTime",
    "StepState",
    "Target",
    "TargetChange",
    "TrainingEntry",
    "WaitingEntry",
    "new_enrolment_ref",
]
