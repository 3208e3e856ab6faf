"""What the journal offers: it keeps the facts of the other instruments, and says what erasure does to them."""

from essaim.kernel.contract import Instrument

INSTRUMENT = Instrument(
    key="journal",
    label="Fil",
    personal={
        "journal.Subject": "blank",
        "journal.Fact": "blank",
    },
)
