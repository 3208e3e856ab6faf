"""Documents of a parcours on paper."""

from datetime import date

from django.http import HttpResponse
from django.utils.http import content_disposition_header

from essaim.journeys.models import Commitment
from essaim.journeys.queries.commitments import commitment_document
from essaim.kernel.pdf import render_pdf


def commitment_pdf(commitment: Commitment, *, today: date) -> HttpResponse:
    """Return a document as a PDF: its frozen words, and a box for each signature, filled once signed."""
    content = render_pdf("journeys/commitment", commitment_document(commitment, on=today))
    response = HttpResponse(content, content_type="application/pdf")
    name = f"document-{commitment.ref}.pdf"
    response["Content-Disposition"] = content_disposition_header(False, name) or "inline"
    return response
