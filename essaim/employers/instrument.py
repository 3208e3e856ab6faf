"""What employers offers to practices: the work contract; and the tabs that tell it."""

from essaim.employers.enums import ContractType
from essaim.employers.queries import count_contracts_of_action_for, count_contracts_of_person_for
from essaim.kernel.contract import FactKind, Instrument, Panel, StepKind

INSTRUMENT = Instrument(
    key="employers",
    label="Entreprises",
    step_kinds=(
        StepKind(
            "employers.contract",
            "Contrat de travail",
            emits=("contract_signed", "contract_ended"),
            outcomes=tuple(ContractType.values),
            screen="employers:sign",
        ),
    ),
    fact_kinds=(
        FactKind("contract_signed", "Contrat signé", needs=("person",)),
        FactKind("contract_ended", "Fin de contrat", needs=("person",)),
    ),
    panels=(
        Panel(
            "person",
            "contracts",
            "employers:person_contracts",
            "Emploi",
            order=40,
            count=count_contracts_of_person_for,
        ),
        Panel(
            "action",
            "contracts",
            "employers:contract_list",
            "Contrats",
            order=40,
            count=count_contracts_of_action_for,
        ),
    ),
    personal={"employers.WorkContract": "keep"},
)
