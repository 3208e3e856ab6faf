"""Writes of employers, one module a subject."""

from essaim.employers.operations.contracts import (
    LONGEST_HOURS,
    STEP,
    ContractRefused,
    ContractTerms,
    cancel_contract,
    cancel_end,
    correct_contract,
    correct_end,
    end_contract,
    sign_contract,
)

__all__ = [
    "LONGEST_HOURS",
    "STEP",
    "ContractRefused",
    "ContractTerms",
    "cancel_contract",
    "cancel_end",
    "correct_contract",
    "correct_end",
    "end_contract",
    "sign_contract",
]
