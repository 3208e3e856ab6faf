"""What employers offers to practices: approaches, applications, profiles, the work contract; and the tabs that
tell them."""

from essaim.employers.enums import ApplicationStage, ContractType
from essaim.employers.queries import (
    count_contracts_of_action_for,
    count_contracts_of_person_for,
    find_job_interview_coming,
    find_next_step_due,
    find_profiles_sheet_due,
    sheet_document,
)
from essaim.kernel.contract import AlertKind, FactKind, Instrument, Panel, Setting, StepKind, Tool

INSTRUMENT = Instrument(
    key="employers",
    label="Entreprises",
    step_kinds=(
        StepKind(
            "employers.contract",
            "Contrat de travail",
            emits=("contract_signed", "contract_ended"),
            outcomes=tuple(ContractType.values),
            settings=(Setting("support_after_hiring", "bool", default=False, label="Appel possible après l’embauche"),),
            screen="employers:sign",
        ),
        StepKind(
            "employers.approach",
            "Démarches auprès des employeurs",
            emits=("org_contacted",),
            settings=(
                Setting("travel_minutes", "int", label="Trajet maximal vers l’employeur", unit="minutes"),
                Setting("recruits_often", "bool", default=False, label="Viser ceux qui recrutent régulièrement"),
                Setting("diversity_charter", "bool", default=False, label="Viser les signataires de la charte"),
            ),
            screen="employers:log_approach",
        ),
        StepKind(
            "employers.application",
            "Candidatures et entretiens d’embauche",
            emits=("application_moved",),
            outcomes=tuple(ApplicationStage.values),
            settings=(
                Setting("support_before_interview", "bool", default=False, label="Préparation avant un entretien"),
            ),
            screen="employers:apply",
        ),
        StepKind(
            "employers.profiles_sheet",
            "Plaquette de profils",
            emits=("org_contacted",),
            settings=(Setting("every", "duration", label="À mettre à jour tous les", min=1),),
            screen="employers:sheet_list",
        ),
    ),
    fact_kinds=(
        FactKind("contract_signed", "Contrat signé", needs=("person",), is_contact=True),
        FactKind("contract_ended", "Fin de contrat", needs=("person",)),
        FactKind("org_contacted", "Employeur contacté", needs=("organisation",)),
        FactKind("application_moved", "Candidature", needs=("person",)),
        FactKind(
            "employers.interview_prepared",
            "Entretien d’embauche préparé",
            needs=("person",),
            fields={"application": "ref"},
            exported=False,
            is_contact=True,
        ),
        FactKind(
            "employers.sheet_agreed",
            "Accord pour être présentée aux employeurs",
            needs=("person",),
            fields={"until": "date"},
            exported=False,
            is_contact=True,
        ),
        FactKind(
            "employers.sheet_withdrawn",
            "Accord de présentation retiré",
            needs=("person",),
            exported=False,
            is_contact=True,
        ),
    ),
    alert_kinds=(
        AlertKind(
            "employers.next_step_due",
            "Suite d’une démarche à faire",
            find=find_next_step_due,
            why="suite notée à la démarche",
            icon="briefcase",
            url="employers:next_step",
            url_takes=("action", "subject"),
            button="Noter la suite",
        ),
        AlertKind(
            "employers.job_interview_coming",
            "Entretien d’embauche",
            find=find_job_interview_coming,
            why="entretien fixé avec l’employeur",
            icon="calendar",
            url="employers:interview",
            url_takes=("action", "subject"),
            button="Ouvrir",
        ),
        AlertKind(
            "employers.profiles_sheet_due",
            "Plaquette de profils à envoyer : {number} jours depuis la dernière",
            find=find_profiles_sheet_due,
            settings=(Setting("days", "duration", default=30, label="À mettre à jour tous les", min=1),),
            why="à mettre à jour tous les {days}",
            icon="file",
            url="employers:sheet_list",
            url_takes=("action",),
            button="Préparer",
        ),
    ),
    tools=(
        Tool(
            "employers.profiles_sheet",
            "« 4 pages » de profils",
            "document",
            data=sheet_document,
            template="employers/profiles_sheet",
        ),
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
    personal={
        "employers.SheetSending": "keep",
        "employers.WorkContract": "keep",
        "employers.Approach": "keep",
        "employers.Application": "blank",
        "employers.ApplicationMove": "keep",
        "employers.JobInterview": "blank",
        "employers.SheetAgreement": "blank",
        "employers.ProfileCard": "blank",
    },
    blank={
        "employers.SheetAgreement": {"card": {}},
        "employers.ProfileCard": {"content": {}},
    },
)
