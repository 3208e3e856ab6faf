"""Renewing a parcours: a decision, one more duration, at most as many times as the practice says per person."""

from datetime import date, datetime

from django.db import transaction

from essaim.accounts.models import Membership
from essaim.journal.operations import record, void_fact
from essaim.journeys.engine.limits import may_renew
from essaim.journeys.enums import DecisionOutcome, DecisionStep, EnrolmentState, RefusalReason
from essaim.journeys.models import Decision, Enrolment
from essaim.journeys.operations.limits import set_due_on
from essaim.journeys.operations.path_rules import (
    cohort_of,
    require_following,
    require_open,
    require_step,
    tidied,
)
from essaim.journeys.queries.limits import limit_in_words, limit_of, stays_of
from essaim.kernel.days import paris_day
from essaim.kernel.edit_versions import check_version
from essaim.kernel.errors import OperationError
from essaim.kernel.formats import long_day

STEP = "journeys.renewal"
LONGEST_EXPLANATION = 500


class RenewalRefused(OperationError):  # noqa: N818 - the words of the screen
    """A parcours that cannot be renewed so."""


@transaction.atomic
def renew_enrolment(
    *,
    enrolment: Enrolment,
    on: date,
    accept: bool = True,
    explanation: str = "",
    reason: str = RefusalReason.OTHER,
    version: int,
    by: Membership,
    now: datetime,
) -> Decision:
    """Decide on a renewal: ``decision_made`` (renewal), and when accepted one more duration before the term.

    Renewals count over all her parcours in the action. Refused (RenewalRefused): someone who does not follow people in
    this action or does not see this file, a parcours that is over, a practice without renewal or no renewal left, a day
    in the future or before the entry, a refusal without words; EditConflict.
    """
    require_following(enrolment=enrolment, by=by, refusal=RenewalRefused)
    require_step(
        action=enrolment.action, kind=STEP, refusal=RenewalRefused, words="La fiche ne prévoit pas de renouvellement."
    )
    locked = _take(enrolment, version)
    require_open(enrolment=locked, refusal=RenewalRefused)
    _check_day(locked, on, paris_day(now))
    words = tidied(words=explanation, longest=LONGEST_EXPLANATION)
    if accept:
        _refuse_beyond(locked)
        locked.renewals += 1
    elif not words:
        raise RenewalRefused("Écrivez en quelques mots pourquoi le renouvellement est refusé.", field="explanation")
    elif reason not in RefusalReason.values:
        raise RenewalRefused("Choisissez un motif.", field="reason")
    locked.save()
    outcome = DecisionOutcome.ACCEPTED if accept else DecisionOutcome.REFUSED
    decision = Decision.objects.create(
        action=locked.action,
        person=locked.person,
        enrolment=locked,
        step=DecisionStep.RENEWAL,
        outcome=outcome,
        reason="" if accept else reason,
        explanation=words,
        decided_on=on,
        decided_by=by.user,
        fact=record(
            "decision_made",
            emitter=STEP,
            action=locked.action,
            at=on,
            person=locked.person,
            cohort=cohort_of(enrolment=locked),
            by=by,
            now=now,
            data={"step": DecisionStep.RENEWAL.value, "outcome": outcome.value},
        ),
        created_at=now,
    )
    set_due_on(enrolment=locked)
    return decision


@transaction.atomic
def cancel_renewal(*, decision: Decision, version: int, by: Membership, now: datetime) -> Decision:
    """Cancel a renewal entered by mistake: its fact is voided, the term comes back. ``version``: the parcours's.

    Refused (RenewalRefused): as ``renew_enrolment``, already cancelled, not a renewal; EditConflict.
    """
    enrolment = decision.enrolment
    if enrolment is None or decision.step != DecisionStep.RENEWAL:
        raise RenewalRefused("Cette décision n’est pas un renouvellement.")
    require_following(enrolment=enrolment, by=by, refusal=RenewalRefused)
    locked = _take(enrolment, version)
    decision = Decision.objects.select_for_update(of=("self",)).select_related("fact").get(pk=decision.pk)
    if decision.cancelled_at is not None:
        raise RenewalRefused("Ce renouvellement est déjà annulé.")
    void_fact(decision.fact, emitter=STEP, by=by, now=now)
    decision.cancelled_at = now
    decision.save(update_fields=["cancelled_at"])
    if decision.outcome == DecisionOutcome.ACCEPTED:
        locked.renewals -= 1
    locked.save()
    set_due_on(enrolment=locked)
    return decision


def _take(enrolment: Enrolment, version: int) -> Enrolment:
    locked = check_version(enrolment, version)
    locked.action, locked.person = enrolment.action, enrolment.person
    return locked


def _check_day(enrolment: Enrolment, on: date, today: date) -> None:
    if on > today:
        raise RenewalRefused("La décision ne peut pas être dans l’avenir.", field="on")
    if on < enrolment.opened_on:
        raise RenewalRefused(f"L’entrée date du {long_day(enrolment.opened_on)}.", field="on")


def _refuse_beyond(enrolment: Enrolment) -> None:
    limit = limit_of(enrolment.action)
    others = Enrolment.objects.filter(action=enrolment.action, person=enrolment.person)
    stays = stays_of(others.exclude(state=EnrolmentState.CANCELLED))
    if may_renew(limit, stays):
        return
    if limit.months is None:
        raise RenewalRefused("La fiche ne fixe pas de durée : il n’y a rien à renouveler.")
    if limit.renewals_max == 0:
        raise RenewalRefused(f"La fiche ne prévoit pas de renouvellement : {limit_in_words(limit)}.")
    raise RenewalRefused(
        f"Ce parcours ne peut plus être renouvelé : la fiche prévoit {limit_in_words(limit)}."
        " Préparez la sortie, ou un relais."
    )
