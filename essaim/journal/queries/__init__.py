"""The only readers of the journal."""

from essaim.journal.queries.actions import get_action_for, list_actions_for
from essaim.journal.queries.contacts import contact_facts, last_contact_expression, last_contact_of, last_contacts
from essaim.journal.queries.facts import (
    FilEntry,
    fil_days,
    get_live_fact,
    list_facts_of_action_for,
    list_facts_of_person_for,
)

__all__ = [
    "FilEntry",
    "contact_facts",
    "fil_days",
    "get_action_for",
    "get_live_fact",
    "last_contact_expression",
    "last_contact_of",
    "last_contacts",
    "list_actions_for",
    "list_facts_of_action_for",
    "list_facts_of_person_for",
]
