"""One submission, one object: the key that every create form carries.

Example, in a view (the form carries ``form_key``, a hidden UUID drawn when it was shown)::

    @access(MEMBER)
    def create_territory_page(request):
        form = TerritoryForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            try:
                url = create_once(
                    key=form.cleaned_data["form_key"], user=request.user, now=timezone.now(),
                    create=lambda: reverse("directory:territory", args=[create_territory(...).pk]),
                )
                return redirect(url)
            except OperationError as error:
                form.add_error(error.field, error.message)
        return render(request, "directory/territory_form.html", {"form": form})
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from essaim.kernel.actors import SignedIn
from essaim.kernel.errors import OperationError
from essaim.kernel.models import FormKey


class FormKeyError(OperationError):
    """The key of this form was drawn for someone else, or its first submission is not finished."""


@dataclass(frozen=True, slots=True)
class Claim:
    """``is_first`` for the submission that creates; for the others ``result_url`` is the first one's page."""

    form_key: FormKey
    is_first: bool

    @property
    def result_url(self) -> str:
        return self.form_key.result_url


def claim_form_key(*, key: UUID, user: SignedIn, now: datetime) -> Claim:
    """Take the key of a form, inside the transaction that creates the object.

    Guarantees that one transaction only gets ``is_first``: a second one with the same key waits for the end
    of the first, then gets its ``result_url`` (or becomes the first if that one was rolled back). After
    creating, the caller keeps the page with ``keep_result_url``; ``create_once`` does both. Raises
    FormKeyError when the key was used by someone else, TransactionManagementError outside a transaction.
    """
    _require_transaction()
    form_key, is_first = FormKey.objects.get_or_create(key=key, defaults={"user_uuid": user.uuid, "claimed_at": now})
    if form_key.user_uuid != user.uuid or (not is_first and not form_key.result_url):
        raise FormKeyError("Ce formulaire n’est plus valable. Rechargez la page, puis recommencez.")
    return Claim(form_key=form_key, is_first=is_first)


def keep_result_url(*, claim: Claim, url: str) -> None:
    """Keep where the first submission of ``claim`` led: the next ones are sent there."""
    claim.form_key.result_url = url
    claim.form_key.save(update_fields=["result_url"])


def create_once(*, key: UUID, user: SignedIn, now: datetime, create: Callable[[], str]) -> str:
    """Run ``create`` once for this key and return the URL it returned; sent again, return that same URL.

    ``create`` calls one operation and returns the page of what it created. One transaction holds both: when
    ``create`` raises, the key stays free and the form can be sent again. Raises what ``create`` raises, and
    FormKeyError.
    """
    with transaction.atomic():
        claim = claim_form_key(key=key, user=user, now=now)
        if claim.is_first:
            keep_result_url(claim=claim, url=create())
        return claim.result_url


def delete_old_form_keys(*, before: datetime) -> int:
    """Forget the keys used before that moment: their forms are long closed. Return how many."""
    return FormKey.objects.filter(claimed_at__lt=before).delete()[0]


def _require_transaction() -> None:
    connection = transaction.get_connection()
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("claim_form_key belongs in the transaction that creates")
