"""What the composed pages offer: only what becomes of the lines put off."""

from essaim.kernel.contract import Instrument

INSTRUMENT = Instrument(key="web", label="À faire", personal={"web.Snooze": "delete"})
