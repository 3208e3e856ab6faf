"""What people offers: the file's own tabs, and what becomes of personal data."""

from essaim.kernel.contract import Instrument, Panel
from essaim.people.queries import count_notes_for

INSTRUMENT = Instrument(
    key="people",
    label="Personnes",
    panels=(
        Panel("person", "notes", "people:notes", "Notes", order=80, count=count_notes_for),
        Panel("person", "access", "people:access", "Accès", order=90),
    ),
    personal={
        "people.DistinctPair": "delete",
        "people.TeamMember": "delete",
        "people.ExternalIdentifier": "delete",
        "people.Skill": "delete",
        "people.Barrier": "delete",
        "people.Document": "delete",
        "people.Person": "blank",
        "people.Profile": "delete",
        "people.AccessGrant": "keep",
        "people.Note": "delete",
        "people.AttachmentRequest": "delete",
        "people.ForeignLookup": "delete",
    },
    blank={
        "people.Person": {
            "first_name": "Identité",
            "last_name": "effacée",
            "birth_date": None,
            "phone": "",
            "email": "",
            "contact_preference": "",
            "address": "",
            "postcode": "",
            "commune": None,
            "latitude": None,
            "longitude": None,
            "housing": "",
            "domiciled_at": "",
            "is_phone_shared": False,
            "is_email_shared": False,
            "spoken_language": "",
            "representative_name": "",
            "representative_phone": "",
            "representative_link": "",
            "is_protected": False,
            "referent": None,
            "informed_on": None,
            "informed_how": "",
        },
    },
    once=(
        "people.AccessGrant",
        "people.AttachmentRequest",
        "people.Barrier",
        "people.DistinctPair",
        "people.ExternalIdentifier",
        "people.Skill",
        "people.TeamMember",
    ),
)
