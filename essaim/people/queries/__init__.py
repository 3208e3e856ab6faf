"""Reads of people, one module a subject."""

from essaim.people.queries.access import (
    get_attached_grant_for,
    get_attachment_request_for,
    get_kept_code_for,
    get_person_for,
    list_attachment_requests_for,
    list_grants_for,
    list_present_readers_for,
    living_files,
    scope_for,
    searchable_people,
    visible_people,
)
from essaim.people.queries.documents import count_documents_for, get_document_for, list_documents_for
from essaim.people.queries.duplicates import PAIRS_SHOWN, Compared, Duplicate, compare_for, list_duplicates_for
from essaim.people.queries.lists import (
    PersonFilters,
    describe_age,
    is_under_age,
    keep_followed_by,
    keep_status,
    list_people_for,
    list_shown_statuses,
)
from essaim.people.queries.location import propose_zones
from essaim.people.queries.matches import (
    LOOKUPS_PER_HOUR,
    MATCHES_SHOWN,
    PersonMatch,
    count_recent_lookups,
    list_matches_for,
)
from essaim.people.queries.notes import count_notes_for, list_notes_for
from essaim.people.queries.profiles import ShownProfile, get_profile, get_profile_for, list_profiles_for
from essaim.people.queries.search import NEAR_SHOWN, keep_named
from essaim.people.queries.situation import (
    get_barrier_for,
    get_identifier_for,
    get_skill_for,
    get_team_member_for,
    list_barriers_for,
    list_identifiers_for,
    list_skills_for,
    list_team_for,
)
from essaim.people.queries.team import is_working_in, list_possible_referents

__all__ = [
    "LOOKUPS_PER_HOUR",
    "MATCHES_SHOWN",
    "NEAR_SHOWN",
    "PAIRS_SHOWN",
    "Compared",
    "Duplicate",
    "PersonFilters",
    "PersonMatch",
    "ShownProfile",
    "compare_for",
    "count_documents_for",
    "count_notes_for",
    "count_recent_lookups",
    "describe_age",
    "get_attached_grant_for",
    "get_attachment_request_for",
    "get_barrier_for",
    "get_document_for",
    "get_identifier_for",
    "get_kept_code_for",
    "get_person_for",
    "get_profile",
    "get_profile_for",
    "get_skill_for",
    "get_team_member_for",
    "is_under_age",
    "is_working_in",
    "keep_followed_by",
    "keep_named",
    "keep_status",
    "list_attachment_requests_for",
    "list_barriers_for",
    "list_documents_for",
    "list_duplicates_for",
    "list_grants_for",
    "list_identifiers_for",
    "list_matches_for",
    "list_notes_for",
    "list_people_for",
    "list_possible_referents",
    "list_present_readers_for",
    "list_profiles_for",
    "list_shown_statuses",
    "list_skills_for",
    "list_team_for",
    "living_files",
    "propose_zones",
    "scope_for",
    "searchable_people",
    "visible_people",
]
