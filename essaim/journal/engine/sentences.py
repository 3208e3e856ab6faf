"""What the fil says of a fact: one French sentence from its kind and data. Never a name, never a free text."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from essaim.journal.engine.words import WORDS

Data = Mapping[str, Any]


def sentence_for(kind: str, data: Data, *, label: str = "") -> str:
    """Return the sentence of a fact of one of the 32 kinds, or ``label`` (its instrument's words) for a local kind.

    Codes and numbers only: texts of journals made elsewhere are left out. A void says that the fact was cancelled.
    """
    if data.get("void") is True:
        return f"Annulation : {KIND_LABELS.get(kind, label or kind).lower()}"
    write = _SENTENCES.get(kind)
    return write(data) if write else label or kind


KIND_LABELS: Mapping[str, str] = {
    "profile_declared": "Profil déclaré",
    "invitation_sent": "Invitation envoyée",
    "prescription_made": "Prescription",
    "contact_made": "Prise de contact",
    "decision_made": "Décision",
    "enrolment_opened": "Entrée dans l’action",
    "enrolment_closed": "Sortie de l’action",
    "session_held": "Séance tenue",
    "attendance_recorded": "Présence",
    "interview_held": "Entretien",
    "assessment_recorded": "Évaluation",
    "measure_used": "Mesure mobilisée",
    "org_contacted": "Organisation contactée",
    "org_committed": "Engagement d’une organisation",
    "offer_recorded": "Offre d’emploi",
    "application_moved": "Candidature",
    "contract_signed": "Contrat signé",
    "contract_ended": "Fin de contrat",
    "training_joined": "Entrée en formation",
    "exam_taken": "Examen",
    "hours_worked": "Heures travaillées",
    "hours_committed": "Heures d’insertion prévues",
    "situation_observed": "Situation constatée",
    "headcount_recorded": "Fréquentation",
    "budget_line_recorded": "Ligne de budget",
    "payment_recorded": "Paiement",
    "staff_assigned": "Affectation d’un professionnel",
    "vehicle_loaned": "Prêt de véhicule",
    "vehicle_checked": "Contrôle d’un véhicule",
    "commitment_signed": "Engagement signé",
    "feedback_sent": "Retour au prescripteur",
    "minutes_recorded": "Compte rendu",
}


def _profile(data: Data) -> str:
    count = len(data)
    if not count:
        return "Profil déclaré : rien n’est connu"
    return f"Profil déclaré : {count} information{'s' if count > 1 else ''} à jour"


def _decision(data: Data) -> str:
    return f"{_word('step', data).capitalize()} : {_word('outcome', data)}"


def _attendance(data: Data) -> str:
    words = f"{_word('state', data).capitalize()} à la séance"
    if data.get("role") != "participant":
        words += f", {_word('role', data, kind='attendance_recorded')}"
    return words + _in_hours(data, ", {}")


def _interview(data: Data) -> str:
    words = f"Entretien {_word('type', data, kind='interview_held')}"
    if data.get("goals_set"):
        words += f", {_count(data['goals_set'], 'objectif fixé', 'objectifs fixés')}"
    if data.get("goals_reached"):
        words += f", {_count(data['goals_reached'], 'objectif atteint', 'objectifs atteints')}"
    return words


def _assessment(data: Data) -> str:
    words = _word("instrument", data).capitalize()
    if "rating" in data:
        return f"{words} : {_word('rating', data)}"
    return f"{words} : {_number(data['score'])}" if "score" in data else words


def _measure(data: Data) -> str:
    words = f"Mesure mobilisée : {_word('type', data, kind='measure_used')}"
    return words + _period(data) + (f", {_money(data['cost'])}" if "cost" in data else "")


def _offer(data: Data) -> str:
    words = f"Offre de {_count(data.get('positions', 1), 'poste', 'postes')}"
    return words + (f", {_word('type', data, kind='contract_signed')}" if "type" in data else "")


def _contract(data: Data) -> str:
    words = f"Contrat signé : {_word('type', data, kind='contract_signed')}"
    if "term_months" in data:
        words += f" de {_number(data['term_months'])} mois"
    return words + f", à partir du {_date(data['starts'])}" if "starts" in data else words


def _contract_ended(data: Data) -> str:
    words = "Fin de contrat avant le terme" if data.get("early") else "Fin de contrat"
    return words + (f", {_word('initiator', data)}" if "initiator" in data else "")


def _training(data: Data) -> str:
    words = "Entrée en formation qualifiante" if data.get("qualifying") else "Entrée en formation"
    return words + (f", à partir du {_date(data['starts'])}" if "starts" in data else "")


def _exam(data: Data) -> str:
    return f"{_word('exam', data).capitalize()} : {'réussi' if data.get('passed') else 'échec'}"


def _situation(data: Data) -> str:
    words = f"Situation constatée : {_word('status', data)}"
    if "months_after_exit" in data:
        words += f", {_number(data['months_after_exit'])} mois après la sortie"
    return words


def _budget(data: Data) -> str:
    nature = "prévu" if data.get("nature") == "planned" else "réalisé"
    year = f" pour {data['year']}" if "year" in data else ""
    return f"Budget {nature}{year} : {_money(data['amount'])} ({_word('category', data)})"


def _staff(data: Data) -> str:
    words = f"Affectation : {_word('role', data, kind='staff_assigned')}"
    return words + (f", {_number(data['fte'])} ETP" if "fte" in data else "") + _period(data)


def _minutes(data: Data) -> str:
    if data.get("decisions"):
        return f"Compte rendu de séance : {_count(data['decisions'], 'décision', 'décisions')}"
    return "Compte rendu de séance"


_SENTENCES: Mapping[str, Callable[[Data], str]] = {
    "profile_declared": _profile,
    "invitation_sent": lambda data: f"Invitation envoyée {_word('channel', data)}",
    "prescription_made": lambda data: "Orientation vers l’action par un prescripteur",
    "contact_made": lambda data: f"Prise de contact {_word('mode', data, kind='contact_made')}",
    "decision_made": _decision,
    "enrolment_opened": lambda data: "Entrée dans l’action",
    "enrolment_closed": lambda data: f"Sortie de l’action : {_word('reason', data)}",
    "session_held": lambda data: f"Séance tenue{_in_hours(data, ' ({})')}",
    "attendance_recorded": _attendance,
    "interview_held": _interview,
    "assessment_recorded": _assessment,
    "measure_used": _measure,
    "org_contacted": lambda data: f"Contact {_word('mode', data, kind='org_contacted')} : {_word('purpose', data)}",
    "org_committed": lambda data: f"Engagement : {_word('role', data, kind='org_committed')}{_period(data)}",
    "offer_recorded": _offer,
    "application_moved": lambda data: f"Candidature : {_word('stage', data)}",
    "contract_signed": _contract,
    "contract_ended": _contract_ended,
    "training_joined": _training,
    "exam_taken": _exam,
    "hours_worked": lambda data: f"{_hours(data['hours'])} travaillées, {_word('mode', data, kind='hours_worked')}",
    "hours_committed": lambda data: f"{_hours(data['hours'])} d’insertion prévues au marché",
    "situation_observed": _situation,
    "headcount_recorded": lambda data: _count(data["count"], "passage compté", "passages comptés"),
    "budget_line_recorded": _budget,
    "payment_recorded": lambda data: (
        f"{_word('type', data, kind='payment_recorded').capitalize()} : {_money(data['amount'])}"
    ),
    "staff_assigned": _staff,
    "vehicle_loaned": lambda data: f"Prêt : {_word('type', data, kind='vehicle_loaned')}{_period(data)}",
    "vehicle_checked": lambda data: (
        f"Véhicule contrôlé : {_word('condition', data)}, {_number(data['odometer_km'])} km"
    ),
    "commitment_signed": lambda data: f"Signature : {_word('document', data)}",
    "feedback_sent": lambda data: f"Retour envoyé au prescripteur : {_word('subject', data)}",
    "minutes_recorded": _minutes,
}


def _word(field: str, data: Data, *, kind: str = "") -> str:
    """Return the French words of a code; ``kind`` where one field name means several things."""
    code = str(data.get(field, ""))
    words = WORDS[f"{kind}.{field}" if kind else field]
    return words.get(code, code)


def _period(data: Data) -> str:
    if "starts" in data and "ends" in data:
        return f", du {_date(data['starts'])} au {_date(data['ends'])}"
    return f", à partir du {_date(data['starts'])}" if "starts" in data else ""


def _in_hours(data: Data, form: str) -> str:
    return form.format(_hours(data["hours"])) if "hours" in data else ""


def _hours(value: Any) -> str:
    return f"{_number(value)} h"


def _count(value: Any, one: str, several: str) -> str:
    return f"{_number(value)} {one if -2 < value < 2 else several}"


def _money(value: Any) -> str:
    return f"{_number(value, decimals=2)}\u00a0€"


def _number(value: Any, *, decimals: int | None = None) -> str:
    exact = Decimal(str(value))
    text = f"{exact:,f}" if decimals is None else f"{exact:,.{decimals}f}"
    whole, _, rest = text.partition(".")
    rest = rest.rstrip("0") if decimals is None else rest
    whole = whole.replace(",", "\u202f")
    return f"{whole},{rest}" if rest.strip("0") else whole


def _date(text: Any) -> str:
    day = date.fromisoformat(str(text))
    return f"{day:%d/%m/%Y}"
