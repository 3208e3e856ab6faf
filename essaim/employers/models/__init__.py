"""Tables of employers, one module a subject."""

from essaim.employers.models.companies import CompanyContact, CompanyProfile
from essaim.employers.models.contracts import WorkContract, new_contract_ref
from essaim.employers.models.prospecting import Application, ApplicationMove, Approach, JobInterview
from essaim.employers.models.sheets import ProfileCard, ProfileSheet, SheetAgreement, SheetSending

__all__ = [
    "Application",
    "ApplicationMove",
    "Approach",
    "CompanyContact",
    "CompanyProfile",
    "JobInterview",
    "ProfileCard",
    "ProfileSheet",
    "SheetAgreement",
    "SheetSending",
    "WorkContract",
    "new_contract_ref",
]
