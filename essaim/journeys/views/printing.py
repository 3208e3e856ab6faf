"""Documents of a parcours on paper."""

from datetime import date
from typing import Any

from django.http import HttpResponse
from django.utils.http import content_disposition_header

from essaim.journeys.enums import Signatory
from essaim.journeys.models import Commitment
from essaim.journeys.queries.commitments import signatory_name
from essaim.kernel.formats import long_day
from essaim.kernel.pdf import render_pdf


def commitment_pdf(commitment: Commitment, *, today: date) -> HttpResponse:
    """Return a document as a PDF: its frozen words, and a box for each signature, filled once signed."""
    signed = {one.signatory: one for one in commitment.signatures.all()}
    boxes = [_box(commitment, one, signed.get(one)) for one in commitment.expected]
    data = commitment.content | {"printed": f"imprimé le {long_day(today)}", "signatures": boxes}
    response = HttpResponse(render_pdf("journeys/commitment", data), content_type="application/pdf")
    name = f"document-{commitment.ref}.pdf"
    response["Content-Disposition"] = content_disposition_header(False, name) or "inline"
    return response


def _box(commitment: Commitment, signatory: str, signature: Any) -> dict[str, str]:
    words = str(Signatory(signatory).label)
    return {
        "role": words[:1].upper() + words[1:],
        "name": signatory_name(commitment, signatory),
        "signed": f"Signé {signature.get_means_display()} le {long_day(signature.signed_on)}" if signature else "",
    }
