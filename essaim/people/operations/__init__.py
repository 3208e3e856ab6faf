"""Writes of people, one module a subject."""

from essaim.people.operations.attachments import (
    AttachmentRefused,
    SearchBeforeCreate,
    answer_attachment_request,
    end_attachment,
    request_attachment,
    search_before_create,
)
from essaim.people.operations.documents import DocumentRefused, delete_document, store_document
from essaim.people.operations.duplicates import DistinctRefused, say_distinct
from essaim.people.operations.grants import REFERENT_ORIGIN, GrantRefused, close_grants, open_grant
from essaim.people.operations.notes import NoteRefused, add_note
from essaim.people.operations.persons import (
    PersonDetails,
    PersonRefused,
    change_referent,
    create_person,
    update_person,
)
from essaim.people.operations.profiles import ProfileDetails, ProfileRefused, save_profile
from essaim.people.operations.situation import (
    SituationRefused,
    add_barrier,
    add_skill,
    add_team_member,
    end_team_member,
    lift_barrier,
    remove_identifier,
    remove_skill,
    set_identifier,
)
from essaim.people.operations.transfers import replace_referent, transfer_file

__all__ = [
    "REFERENT_ORIGIN",
    "AttachmentRefused",
    "DistinctRefused",
    "DocumentRefused",
    "GrantRefused",
    "NoteRefused",
    "PersonDetails",
    "PersonRefused",
    "ProfileDetails",
    "ProfileRefused",
    "SearchBeforeCreate",
    "SituationRefused",
    "add_barrier",
    "add_note",
    "add_skill",
    "add_team_member",
    "answer_attachment_request",
    "change_referent",
    "close_grants",
    "create_person",
    "delete_document",
    "end_attachment",
    "end_team_member",
    "lift_barrier",
    "open_grant",
    "remove_identifier",
    "remove_skill",
    "replace_referent",
    "request_attachment",
    "save_profile",
    "say_distinct",
    "search_before_create",
    "set_identifier",
    "store_document",
    "transfer_file",
    "update_person",
]
