"""Who follows a person: her referent, her referent organisation and her team, when they change hands."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction
from django.db.models import F

from essaim.accounts.models import Membership, User
from essaim.directory.models import Organisation
from essaim.people.enums import GrantScope
from essaim.people.models import Person, TeamMember
from essaim.people.operations.grants import REFERENT_ORIGIN, close_grants, open_grant


@transaction.atomic
def transfer_file(
    *, person: Person, organisation: Organisation, referent: User, by: Membership | None, now: datetime
) -> Person:
    """Give a file to a referent of an organisation, which becomes its referent organisation.

    Guarantees one open referent grant, that organisation's: the former one keeps only what its actions open to it.
    The former referent leaves. For operations that already checked who agreed: nothing is refused here.
    """
    locked = Person.objects.select_for_update(of=("self",)).get(pk=person.pk)
    if locked.referent_organisation_id != organisation.pk:
        close_grants(origin=REFERENT_ORIGIN, person=locked, by=by, now=now)
        open_grant(
            person=locked,
            organisation=organisation,
            scope=GrantScope.REFERENT,
            origin=REFERENT_ORIGIN,
            reason="organisation référente",
            by=by,
            now=now,
        )
    locked.referent, locked.referent_organisation = referent, organisation
    locked.version += 1
    locked.save(update_fields=["referent", "referent_organisation", "version"])
    return locked


@transaction.atomic
def replace_referent(
    *,
    organisation: Organisation,
    from_user: User,
    to_user: User,
    people: Iterable[int] | None = None,
    on: date,
) -> set[int]:
    """Give the people whom ``from_user`` follows for an organisation, as referent or in the team, to ``to_user``.

    ``people`` (keys) narrows them. Returns the keys of those who changed hands. For operations: nothing is refused.
    """
    held = Person.objects.filter(referent_organisation=organisation, merged_into__isnull=True, erased_at__isnull=True)
    if people is not None:
        held = held.filter(pk__in=people)
    team = TeamMember.objects.filter(person__in=held.values("pk"), user=from_user, until__isnull=True)
    helped = set(team.values_list("person", flat=True))
    followed = set(held.filter(referent=from_user).select_for_update().values_list("pk", flat=True))
    Person.objects.filter(pk__in=followed).update(referent=to_user, version=F("version") + 1)
    team.filter(since__lte=on).update(until=on)
    already = TeamMember.objects.filter(person__in=helped, user=to_user, until__isnull=True)
    referred = Person.objects.filter(pk__in=helped, referent=to_user)
    kept = set(already.values_list("person", flat=True)) | set(referred.values_list("pk", flat=True))
    TeamMember.objects.bulk_create(TeamMember(person_id=key, user=to_user, since=on) for key in sorted(helped - kept))
    return followed | helped
