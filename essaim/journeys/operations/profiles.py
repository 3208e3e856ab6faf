"""A person's identity and situation, and the pictures of them in the journals of her actions."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet

from essaim.accounts.models import Membership
from essaim.journal.enums import ActionState
from essaim.journal.models import Action, Fact
from essaim.journal.operations import InvalidFact, record
from essaim.journeys.engine.pictures import Picture
from essaim.journeys.enums import EnrolmentState
from essaim.journeys.models import Enrolment
from essaim.journeys.queries.enrolments import picture_of
from essaim.people.models import Person, Profile
from essaim.people.operations import (
    PersonDetails,
    PersonRefused,
    ProfileDetails,
    save_profile,
    update_person,
)
from essaim.people.queries import get_profile


@transaction.atomic
def update_profile(*, person: Person, details: ProfileDetails, by: Membership, now: datetime) -> Profile:
    """Save a dated profile and record one picture of it in each action where the person is now.

    A second picture of the same day replaces the first. Refused as ``people.save_profile``.
    """
    profile = save_profile(person=person, details=details, by=by, now=now)
    for enrolment in _open_enrolments(person):
        record_picture(
            person=person,
            action=enrolment.action,
            on=details.day,
            profile=profile,
            by=by,
            now=now,
            emitter="journeys",
        )
    return profile


@transaction.atomic
def declare_profile(
    *,
    person: Person,
    birth_date: date | None,
    details: ProfileDetails,
    version: int,
    by: Membership,
    now: datetime,
) -> Profile:
    """Save at once what a picture is made of: the birth date, kept on the file, and the dated profile.

    Refused as ``update_identity`` and ``update_profile``; EditConflict when someone else changed the file
    meanwhile.
    """
    identity = replace(PersonDetails.of(person), birth_date=birth_date)
    updated = update_identity(person=person, details=identity, version=version, by=by, now=now)
    return update_profile(person=updated, details=details, by=by, now=now)


@transaction.atomic
def update_identity(*, person: Person, details: PersonDetails, version: int, by: Membership, now: datetime) -> Person:
    """Change what the file says of who the person is; a birth date set right is set right in every picture
    of her.

    Refused as ``people.update_person``, and a birth date later than a fact already recorded
    (PersonRefused).
    """
    was_born = person.birth_date
    updated = update_person(person=person, details=details, version=version, by=by, now=now)
    if updated.birth_date != was_born:
        try:
            _correct_birth_date(updated, by, now)
        except InvalidFact as refusal:
            message = "Des étapes déjà enregistrées précèdent cette date de naissance."
            raise PersonRefused(message, field="birth_date") from refusal
    return updated


def record_picture(
    *,
    person: Person,
    action: Action,
    on: date,
    profile: Profile | None,
    by: Membership,
    now: datetime,
    emitter: str,
) -> Fact:
    """Record the person's picture in one action: as of ``on``, or of the profile's day when it is later.

    The same picture already recorded for that day is kept; another one of that day is replaced.
    """
    picture, day = picture_of(person, profile, action, on)
    known = _pictures_of(person).filter(action=action, day=day).order_by("-at", "-ref").first()
    if known is not None and known.data == picture.as_data():
        return known
    return record(
        "profile_declared",
        emitter=emitter,
        action=action,
        at=day,
        person=person,
        by=by,
        now=now,
        data=picture.as_data(),
        corrects=known,
    )


@transaction.atomic
def catch_up_pictures(*, codes: Iterable[str], membership: int, now: datetime) -> None:
    """Bring the pictures of these people up to their files after changes made below this app, as an import does.

    A birth date is set right in every picture, unless recorded steps precede it (the steps stay as they were
    told); the latest profile is recorded in each action where the person is now. Done twice, nothing more is
    recorded. ``membership`` is the key of the one under which the files were changed.
    """
    by = Membership.objects.select_related("user", "organisation").get(pk=membership)
    for person in Person.objects.filter(code__in=list(codes), erased_at=None).order_by("pk"):
        try:
            with transaction.atomic():
                if _has_another_birth_date(person):
                    _correct_birth_date(person, by, now)
        except InvalidFact:
            continue
        _record_present_pictures(person, by, now)


def _has_another_birth_date(person: Person) -> bool:
    if person.birth_date is None:
        return False
    return _pictures_of(person).exclude(data__birth_date=person.birth_date.isoformat()).exists()


def _record_present_pictures(person: Person, by: Membership, now: datetime) -> None:
    profile = get_profile(person)
    if profile is None:
        return
    for enrolment in _open_enrolments(person):
        record_picture(
            person=person,
            action=enrolment.action,
            on=profile.day,
            profile=profile,
            by=by,
            now=now,
            emitter="journeys",
        )


def _open_enrolments(person: Person) -> QuerySet[Enrolment]:
    open_ones = Enrolment.objects.filter(person=person, state=EnrolmentState.OPEN)
    return open_ones.select_related("action", "action__territory").order_by("pk")


def _pictures_of(person: Person) -> QuerySet[Fact]:
    return Fact.objects.filter(subject__person=person, kind="profile_declared", live=True)


def _correct_birth_date(person: Person, by: Membership, now: datetime) -> None:
    birth_date = Picture(birth_date=person.birth_date).as_data()
    for picture in (
        _pictures_of(person).select_related("action").filter(action__state=ActionState.OPEN).order_by("day", "ref")
    ):
        unborn = {key: value for key, value in picture.data.items() if key != "birth_date"}
        record(
            "profile_declared",
            emitter="journeys",
            action=picture.action,
            at=date.fromisoformat(picture.at_text),
            person=person,
            by=by,
            now=now,
            data=birth_date | unborn,
            corrects=picture,
        )
