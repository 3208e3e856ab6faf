"""What steering shows on the page of an action, and what erasure does to its rows."""

from essaim.journeys.permissions import may_steer
from essaim.kernel.contract import Instrument, Panel
from essaim.steering.queries.claims import list_owed_evidence

INSTRUMENT = Instrument(
    key="steering",
    label="Pilotage",
    panels=(
        Panel("action", "targets", "steering:targets", "Cibles et coûts", order=72, group="Budget", access=may_steer),
    ),
    obligations=(list_owed_evidence,),
    personal={"steering.ClaimFile": "keep", "steering.ClaimParticipant": "keep"},
)
