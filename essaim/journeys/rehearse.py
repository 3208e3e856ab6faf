"""How an invented person goes through the steps of journeys: the operations of the screens, one step at a time."""

from datetime import date, datetime, timedelta
from random import Random

from essaim.journeys.enums import CommitmentState, Motive, PrescriptionState, SignatureMeans
from essaim.journeys.models import Commitment, Enrolment, Prescription
from essaim.journeys.operations import (
    close_enrolment,
    decide_prescription,
    enrol_person,
    join_training,
    make_prescription,
    receive_prescription,
    record_measure,
    renew_enrolment,
    sign_commitment,
    start_mentoring,
    update_profile,
)
from essaim.journeys.queries import get_eligibility_for
from essaim.kernel.days import paris_day
from essaim.kernel.rehearsing import Case
from essaim.people.operations import PersonDetails, ProfileDetails, create_person
from essaim.people.queries import visible_people

MENTORED_SHARE = 0.25
LETTERS = (
    "Cherche depuis huit mois, seule. Ponctuelle, a besoin d’un cadre et d’un groupe.",
    "Deux missions d’intérim l’an dernier. Sait ce qu’il veut faire, ne sait pas à qui s’adresser.",
    "Vient chaque semaine au centre social. Prête à s’engager tous les jours.",
)
MEASURES = (
    "Atelier CV de France Travail",
    "Prestation « Valoriser son image »",
    "Aide à la garde d’enfants",
    "Bilan de santé",
)
TRAININGS = ("Agent de propreté et d’hygiène", "Conductrice, conducteur de bus", "Auxiliaire de vie", "CAP cuisine")


def rehearse_prescription(case: Case, rng: Random, now: datetime) -> None:
    """Meet the person at her prescriber's, then orient her; the team that receives reads it."""
    prescriber = case.stage.prescribers[case.traits.source if case.traits else 0]
    if case.person is None:
        _meet(case, prescriber, rng, now)
    prescription = make_prescription(
        action=case.stage.action,
        person=case.person,
        motive=rng.choice([Motive.JOB_SEARCH, Motive.METHOD, Motive.ISOLATION, Motive.NETWORK]),
        letter=rng.choice(LETTERS),
        agreed_on=paris_day(now),
        by=prescriber,
        now=now,
    )
    receive_prescription(prescription=prescription, by=case.by, now=now)


def _meet(case: Case, prescriber: object, rng: Random, now: datetime) -> None:
    traits = case.traits
    assert traits is not None
    details = PersonDetails(
        first_name=traits.first_name,
        last_name=traits.last_name,
        birth_date=traits.birth_date,
        phone=traits.phone,
        commune=case.stage.communes[traits.commune],
        is_protected=traits.is_protected,
        informed_on=paris_day(now),
        informed_how="oral",
    )
    case.person = create_person(details=details, is_distinct=True, by=prescriber, now=now)  # type: ignore[arg-type]
    profile = ProfileDetails(
        day=paris_day(now),
        sex=traits.sex,
        level=traits.level,
        zones=("qpv",),
        statuses=("registered_jobseeker", "mission_locale"),
        resources=rng.choice(["none", "benefits", "family"]),
        zone_source="hand",
        zone_proof="certificate",
    )
    update_profile(person=case.person, details=profile, by=prescriber, now=now)  # type: ignore[arg-type]


def rehearse_decision(case: Case, rng: Random, now: datetime) -> None:
    """Answer the prescription as the scenario says: refused with its reason, or put in the queue."""
    _decide(case, case.fate["decision"], now, reason=case.fate.get("reason", ""))


def rehearse_entry(case: Case, rng: Random, now: datetime) -> None:
    """Accept the prescription, then enter the action, with a written reason when a rule is not met."""
    _decide(case, "accepted", now)
    action, day = case.stage.action, paris_day(now)
    is_eligible = get_eligibility_for(case.by, action, case.person, day).is_eligible
    case.enrolment = enrol_person(
        action=action,
        person=case.person,
        on=day,
        group=case.group,
        validated=case.settings.get("validates") or (),
        override_reason="" if is_eligible else case.stage.words["override_reason"],
        by=case.by,
        now=now,
    )


def _decide(case: Case, outcome: str, now: datetime, reason: str = "") -> None:
    prescription = Prescription.objects.filter(
        action=case.stage.action, person=case.person, state__in=[PrescriptionState.SENT, PrescriptionState.WAITING]
    ).first()
    if prescription is not None:
        decide_prescription(
            prescription=prescription,
            outcome=outcome,
            reason=reason,
            group=case.group if outcome == "waitlisted" else None,
            on=paris_day(now),
            version=prescription.version,
            by=case.by,
            now=now,
        )


def rehearse_mentoring(case: Case, rng: Random, now: datetime) -> None:
    """One newcomer in four is helped by someone who left for a job."""
    left = [one.enrolment.pk for one in case.stage.cases if one.memory.get("left_for_a_job")]
    seen = visible_people(case.by).values("pk")
    alumni = list(Enrolment.objects.filter(pk__in=left, person__in=seen).exclude(person=case.person).order_by("pk"))
    if alumni and rng.random() < MENTORED_SHARE:
        start_mentoring(enrolment=case.enrolment, alumnus=rng.choice(alumni), since=paris_day(now), by=case.by, now=now)


def rehearse_commitment(case: Case, rng: Random, now: datetime) -> None:
    """Sign on paper what was prepared at the entry: everybody expected signs."""
    prepared = Commitment.objects.filter(enrolment=case.enrolment, state=CommitmentState.PREPARED)
    for commitment in prepared:
        for signatory in commitment.expected:
            sign_commitment(
                commitment=commitment,
                signatory=signatory,
                means=SignatureMeans.PAPER,
                signed_on=paris_day(now),
                by=case.by,
                now=now,
            )


def rehearse_measure(case: Case, rng: Random, now: datetime) -> None:
    """Use a service of common law."""
    record_measure(
        enrolment=case.enrolment,
        type="common_law",
        label=rng.choice(MEASURES),
        used_on=paris_day(now),
        by=case.by,
        now=now,
    )


def rehearse_training(case: Case, rng: Random, now: datetime) -> None:
    """Join a training course that starts within two weeks."""
    starts = paris_day(now) + timedelta(days=rng.randint(1, 14))
    join_training(
        enrolment=case.enrolment,
        title=rng.choice(TRAININGS),
        is_qualifying=rng.random() < 0.7,
        joined_on=paris_day(now),
        starts=starts,
        ends=starts + timedelta(days=rng.randint(60, 240)),
        by=case.by,
        now=now,
    )


def rehearse_renewal(case: Case, rng: Random, now: datetime) -> None:
    """Renew the parcours, accepted."""
    case.enrolment.refresh_from_db()
    renew_enrolment(enrolment=case.enrolment, on=paris_day(now), version=case.enrolment.version, by=case.by, now=now)


def rehearse_exit(case: Case, rng: Random, now: datetime) -> date | None:
    """Leave for the reason that the scenario gives; someone left for a job may help newcomers later."""
    case.enrolment.refresh_from_db()
    case.enrolment = close_enrolment(
        enrolment=case.enrolment,
        reason=case.fate["exit"],
        on=paris_day(now),
        version=case.enrolment.version,
        by=case.by,
        now=now,
    )
    case.memory["left_for_a_job"] = case.fate["exit"] == "job"
    return None
