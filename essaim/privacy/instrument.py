"""What privacy offers: the tab of a person's rights, and what becomes of its own tables."""

from essaim.kernel.contract import Instrument, Panel
from essaim.privacy.permissions import is_referent_of

INSTRUMENT = Instrument(
    key="privacy",
    label="Confidentialité",
    panels=(
        Panel(
            "person",
            "privacy",
            "privacy:person_data",
            "Données",
            order=95,
            group="Accès et données",
            access=is_referent_of,
        ),
    ),
    personal={"privacy.PersonMerge": "blank", "privacy.RetentionStep": "keep"},
    blank={"privacy.PersonMerge": {"moved": {}}},
    once=("privacy.RetentionStep",),
)
