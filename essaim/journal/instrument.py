"""What the journal offers: it keeps the facts of the other instruments, and says what erasure does to them."""

from essaim.journal.engine.schema import KINDS
from essaim.journal.permissions import reads_fil_of
from essaim.kernel.contract import Instrument, Panel

INSTRUMENT = Instrument(
    key="journal",
    label="Fil",
    counts=KINDS,
    panels=(Panel("action", "fil", "journal:action_fil", "Fil", order=50, access=reads_fil_of),),
    personal={
        "journal.Subject": "blank",
        "journal.Fact": "blank",
        "journal.SubjectMerge": "keep",
    },
    # By forget_person, which keeps the figures.
    blank={"journal.Subject": {}, "journal.Fact": {}},
)
