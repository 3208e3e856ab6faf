"""The applications and the contracts of an action as files: a line each, for who reads them on the screen."""

from django.http import HttpResponse
from django.utils.text import capfirst

from essaim.accounts.permissions import WORKS_WITH_PEOPLE
from essaim.employers.queries import end_of, list_applications_for, list_contracts_for
from essaim.employers.views.finding import find_action
from essaim.kernel.access import access
from essaim.kernel.actors import MemberRequest
from essaim.kernel.tables import Column, Empty, Table

APPLICATIONS = Table(
    name="candidatures",
    noun="candidature",
    columns=(
        Column("person", "Personne", "person.full_name"),
        Column("code", "Code", "person.code"),
        Column("company", "Entreprise", "company.name"),
        Column("job", "Poste", "job"),
        Column("stage", "Étape", lambda one: capfirst(one.get_stage_display())),
        Column("moved_on", "Depuis le", lambda one: one.live_moves[-1].moved_on),
        Column("since", "Première étape le", lambda one: one.live_moves[0].moved_on, sort=("created_at",)),
        Column(
            "interview", "Prochain entretien", lambda one: next((each.starts for each in one.coming_interviews), None)
        ),
        Column("approach", "Démarche du", lambda one: one.approach.made_on if one.approach else None),
    ),
    order="-since",
    empty=Empty("Aucune candidature"),
)
CONTRACTS = Table(
    name="contrats",
    noun="contrat",
    columns=(
        Column("person", "Personne", "person.full_name"),
        Column("code", "Code", "person.code"),
        Column("type", "Contrat", lambda one: one.get_type_display()),
        Column("months", "Durée en mois", "term_months"),
        Column("company", "Employeur", lambda one: one.organisation.name if one.organisation else ""),
        Column("signed_on", "Signé le", "signed_on", sort=("signed_on",)),
        Column("starts", "Début", "starts"),
        Column("ends", "Fin prévue", end_of),
        Column("ended_on", "Dernier jour travaillé", "ended_on"),
        Column("early", "Rupture avant le terme", "ended_early"),
        Column("initiator", "Fin voulue par", lambda one: one.get_end_initiator_display()),
        Column("source", "Source", lambda one: one.get_source_display()),
    ),
    order="-signed_on",
    empty=Empty("Aucun contrat"),
)


@access(WORKS_WITH_PEOPLE)
def application_file(request: MemberRequest, ref: str) -> HttpResponse:
    """The applications of an action, the newest first."""
    found = list_applications_for(request.membership, action=find_action(request, ref))
    return APPLICATIONS.file(request.GET, found)


@access(WORKS_WITH_PEOPLE)
def contract_file(request: MemberRequest, ref: str) -> HttpResponse:
    """The contracts of an action, the newest first, those cancelled left out."""
    found = list_contracts_for(request.membership, action=find_action(request, ref))
    return CONTRACTS.file(request.GET, found.filter(cancelled_at__isnull=True))
