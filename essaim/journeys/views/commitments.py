"""Documents to sign: prepared, printed, signed here, on paper or by link, cancelled."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache

from essaim.accounts.permissions import WORKS_WITH_PEOPLE
from essaim.journeys.enums import Signatory
from essaim.journeys.forms.parcours import ConfirmForm
from essaim.journeys.forms.path import PaperForm, SignForm
from essaim.journeys.models import Commitment
from essaim.journeys.operations import (
    CommitmentRefused,
    cancel_commitment,
    disown_link,
    open_signature_link,
    prepare_commitment,
    sign_by_link,
    sign_commitment,
    sign_on_paper,
)
from essaim.journeys.queries.commitments import get_commitment_by_link, get_commitment_for, missing_signatories
from essaim.journeys.views.path_finding import find, find_followed, parcours_url, require_follower, save_or_show
from essaim.journeys.views.printing import commitment_pdf
from essaim.kernel.access import PUBLIC, access
from essaim.kernel.actors import MemberRequest
from essaim.kernel.days import today
from essaim.kernel.models import AnswerLink
from essaim.kernel.operations.links import LinkClosedError

FORM = "journeys/path_form.html"


@access(WORKS_WITH_PEOPLE, methods=("POST",))
def commitment_new(request: MemberRequest, ref: str, parcours: str, tool: str) -> HttpResponse:
    """Prepare a document that is not there yet."""
    enrolment = find_followed(request, ref, parcours)
    try:
        made = prepare_commitment(enrolment=enrolment, tool=tool, by=request.membership, now=timezone.now())
        return redirect("journeys:commitment", made.ref)
    except CommitmentRefused as refusal:
        messages.error(request, refusal.message)
        return redirect(parcours_url(enrolment.person))


@access(WORKS_WITH_PEOPLE, methods=("GET", "POST"))
def commitment(request: MemberRequest, ref: str) -> HttpResponse:
    """A document: its words, who has signed, and the signature given here."""
    found = _find(request, ref)
    form = SignForm(request.POST or None, commitment=found, initial={"signed_on": today()})

    def save() -> str:
        data = form.cleaned_data
        sign_commitment(
            commitment=found,
            signatory=data["signatory"],
            means=form.means,
            signed_on=data["signed_on"],
            by=request.membership,
            now=timezone.now(),
        )
        messages.success(request, "La signature est enregistrée.")
        return reverse("journeys:commitment", args=[ref])

    return save_or_show(request, form, save, "journeys/commitment.html", _context(found))


@access(WORKS_WITH_PEOPLE, methods=("GET", "POST"))
def commitment_paper(request: MemberRequest, ref: str) -> HttpResponse:
    """Write the signatures of a sheet, with its scan when there is one."""
    found = _find(request, ref)
    form = PaperForm(request.POST or None, request.FILES or None, commitment=found, initial={"signed_on": today()})

    def save() -> str:
        sign_on_paper(commitment=found, by=request.membership, now=timezone.now(), **form.given)
        messages.success(request, "Le document est signé.")
        return reverse("journeys:commitment", args=[ref])

    page = _page(found, "Signé sur papier", "Enregistrer les signatures")
    return save_or_show(request, form, save, FORM, page)


@access(WORKS_WITH_PEOPLE)
def commitment_file(request: MemberRequest, ref: str) -> HttpResponse:
    """The document as a PDF, to sign or to keep."""
    return commitment_pdf(_find(request, ref), today=today())


@access(WORKS_WITH_PEOPLE, methods=("POST",))
def commitment_link(request: MemberRequest, ref: str, signatory: str) -> HttpResponse:
    """Open a link for one signatory and show it once."""
    found = _find(request, ref)
    try:
        token = open_signature_link(commitment=found, signatory=signatory, by=request.membership, now=timezone.now())
    except CommitmentRefused as refusal:
        messages.error(request, refusal.message)
        return redirect("journeys:commitment", ref)
    url = request.build_absolute_uri(reverse("journeys:sign_link", args=[token]))
    context = _context(found) | {"link": url, "signatory": Signatory(signatory).label}
    return render(request, "journeys/commitment_link.html", context)


@access(WORKS_WITH_PEOPLE, methods=("GET", "POST"))
def commitment_cancel(request: MemberRequest, ref: str) -> HttpResponse:
    """Cancel a document, signed or not."""
    found = _find(request, ref)
    form = ConfirmForm(request.POST or None, initial={"version": found.version})

    def save() -> str:
        cancel_commitment(commitment=found, by=request.membership, now=timezone.now(), **form.cleaned_data)
        messages.success(request, "Le document est annulé. Vous pouvez en préparer un autre.")
        return parcours_url(found.enrolment.person)

    notes = ["Ses liens de signature se ferment.", "Signé, il reste dans le fil avec son annulation."]
    page = _page(found, "Annuler ce document", "Annuler ce document") | {"notes": notes}
    return save_or_show(request, form, save, FORM, page)


@never_cache
@access(PUBLIC, methods=("GET", "POST"))
def sign_link(request: HttpRequest, token: str) -> HttpResponse:
    """The page of a link without account: read, sign, or say that it is someone else. GET writes nothing."""
    now = timezone.now()
    try:
        found = get_commitment_by_link(token, now=now)
        if request.method == "POST" and request.POST.get("reponse") in {"signer", "pas-moi"}:
            is_signing = request.POST["reponse"] == "signer"
            (sign_by_link if is_signing else disown_link)(token=token, now=now)
            return render(request, "journeys/sign_done.html", {"is_signed": is_signing})
    except (AnswerLink.DoesNotExist, Commitment.DoesNotExist, LinkClosedError):
        return render(request, "journeys/sign_closed.html")
    return render(request, "journeys/sign_link.html", {"content": found.content})


def _find(request: MemberRequest, ref: str) -> Commitment:
    found = find(request, get_commitment_for, ref)
    require_follower(request, found.enrolment)
    return found


def _context(found: Commitment) -> dict[str, object]:
    signed = {one.signatory: one for one in found.signatures.all()}
    return {
        "commitment": found,
        "content": found.content,
        "person": found.enrolment.person,
        "rows": [(Signatory(one), signed.get(one)) for one in found.expected],
        "missing": missing_signatories(found) if found.state == "prepared" else [],
        "back_url": parcours_url(found.enrolment.person),
    }


def _page(found: Commitment, title: str, submit: str) -> dict[str, object]:
    back = reverse("journeys:commitment", args=[found.ref])
    return {"person": found.enrolment.person, "title": title, "submit": submit, "back_url": back}
