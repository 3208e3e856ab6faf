"""Tables of people, one module a subject."""

from essaim.people.models.access import AccessGrant, AttachmentRequest, ForeignLookup, new_attachment_ref
from essaim.people.models.documents import Document
from essaim.people.models.imports import ImportMapping, PersonImport
from essaim.people.models.persons import Note, Person, Profile, new_person_code
from essaim.people.models.situation import Barrier, DistinctPair, ExternalIdentifier, Skill, TeamMember

__all__ = [
    "AccessGrant",
    "AttachmentRequest",
    "Barrier",
    "DistinctPair",
    "Document",
    "ExternalIdentifier",
    "ForeignLookup",
    "ImportMapping",
    "Note",
    "Person",
    "PersonImport",
    "Profile",
    "Skill",
    "TeamMember",
    "new_attachment_ref",
    "new_person_code",
]
