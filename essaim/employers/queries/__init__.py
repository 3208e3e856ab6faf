"""Reads of employers, one module a subject."""

from essaim.employers.queries.contracts import (
    EMPLOYING_KINDS,
    count_contracts_of_action_for,
    count_contracts_of_person_for,
    end_of,
    get_company_for,
    get_contract_for,
    list_companies_for,
    list_contracts_for,
    list_employers,
    listed_contracts,
    may_edit_company,
    state_of,
    visible_contracts,
)

__all__ = [
    "EMPLOYING_KINDS",
    "count_contracts_of_action_for",
    "count_contracts_of_person_for",
    "end_of",
    "get_company_for",
    "get_contract_for",
    "list_companies_for",
    "list_contracts_for",
    "list_employers",
    "listed_contracts",
    "may_edit_company",
    "state_of",
    "visible_contracts",
]
