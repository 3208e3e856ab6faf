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
        "people.Person": "blank",
        "people.Profile": "blank",
        "people.AccessGrant": "keep",
        "people.Note": "delete",
        "people.AttachmentRequest": "delete",
        "people.ForeignLookup": "delete",
    },
)
