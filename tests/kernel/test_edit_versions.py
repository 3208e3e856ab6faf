import threading

import pytest
from django.db import connection, transaction

from essaim.directory.models import Organisation
from essaim.kernel.operations import EditConflict, check_version
from tests.factories.directory import OrganisationFactory


def rename(organisation, name, version):
    with transaction.atomic():
        fresh = check_version(organisation, version)
        fresh.name = name
        fresh.save(update_fields=["name", "version"])


@pytest.mark.django_db
def test_the_first_edit_passes_and_raises_the_version():
    organisation = OrganisationFactory()
    rename(organisation, "Nouveau nom", 1)
    organisation.refresh_from_db()
    assert (organisation.name, organisation.version) == ("Nouveau nom", 2)


@pytest.mark.django_db
def test_the_second_editor_is_told_and_nothing_is_lost():
    organisation = OrganisationFactory()
    rename(organisation, "Le premier", 1)
    with pytest.raises(EditConflict) as caught:
        rename(organisation, "Le second", 1)
    assert caught.value.current_version == 2
    assert "pendant que vous la remplissiez" in caught.value.message
    organisation.refresh_from_db()
    assert organisation.name == "Le premier"


@pytest.mark.django_db(transaction=True)
def test_of_two_simultaneous_edits_exactly_one_passes():
    organisation, outcomes, barrier = OrganisationFactory(), [], threading.Barrier(2)

    def edit(name):
        try:
            barrier.wait(timeout=10)
            rename(organisation, name, 1)
            outcomes.append("saved")
        except EditConflict:
            outcomes.append("told")
        finally:
            connection.close()

    threads = [threading.Thread(target=edit, args=[name]) for name in ("A", "B")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)
    assert sorted(outcomes) == ["saved", "told"]
    assert Organisation.objects.get().version == 2


@pytest.mark.django_db(transaction=True)
def test_the_check_belongs_in_a_transaction():
    with pytest.raises(transaction.TransactionManagementError):
        check_version(OrganisationFactory(), 1)
