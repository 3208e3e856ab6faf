"""Two people, one record: the second one to save is told.

Example, in an operation (the edit form carries ``version``, hidden, as it was when the form was shown)::

    def rename_territory(*, territory, name, version, by, now):
        with transaction.atomic():
            territory = check_version(territory, version)
            territory.name = name
            territory.save(update_fields=["name", "version"])
            return territory

and in its view::

        except EditConflict as conflict:
            form.add_error(None, conflict.message)

The page is shown again with what was typed. Whoever decides to save over the other change sends the form
again with ``conflict.current_version``, which the view puts in the hidden field.
"""

from typing import TypeVar

from django.db import models, transaction

from essaim.kernel.errors import OperationError

Instance = TypeVar("Instance", bound=models.Model)


class EditConflict(OperationError):  # noqa: N818 - the words of the screen, not a fault
    """Someone else saved this record since the form was shown. ``current_version`` is the version they left."""

    def __init__(self, message: str, *, current_version: int) -> None:
        super().__init__(message)
        self.current_version = current_version


def check_version(instance: Instance, expected: int) -> Instance:
    """Lock the row of ``instance`` and return it fresh, its ``version`` already raised by one, for the caller
    to save.

    Belongs in the transaction that saves: the lock is held until its end, so that the loser of two
    simultaneous edits is always told. Raises EditConflict when the stored version is not ``expected``,
    DoesNotExist when the row is gone.
    """
    model = type(instance)
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("check_version belongs in the transaction that saves")
    locked = model._default_manager.select_for_update(of=("self",), no_key=True).get(pk=instance.pk)
    current: int = locked.version  # type: ignore[attr-defined]
    if current != expected:
        raise EditConflict(
            "Quelqu’un d’autre a modifié cette fiche pendant que vous la remplissiez. Rien n’a été "
            "enregistré : votre saisie est encore dans le formulaire. Ouvrez la fiche dans un autre onglet "
            "pour comparer, puis enregistrez de nouveau pour garder votre version.",
            current_version=current,
        )
    locked.version = current + 1  # type: ignore[attr-defined]
    return locked
