"""Commitments: what they say, who signs them, where each stands."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db.models import Prefetch, QuerySet

from essaim.accounts.models import Membership, User
from essaim.guide.engine.practice import text_in_words
from essaim.guide.engine.schema import PracticeFile, PracticeTool, Step
from essaim.journal.models import Action
from essaim.journeys.engine.commitments import clauses_of
from essaim.journeys.enums import CommitmentState, EnrolmentState, Signatory
from essaim.journeys.models import Commitment, CommitmentSignature, Enrolment
from essaim.journeys.queries.actions import practice_of, settings_of, steps_of_kind, visible_actions
from essaim.journeys.queries.limits import limit_in_words, limit_of
from essaim.kernel.formats import long_day
from essaim.kernel.links import token_fingerprint
from essaim.kernel.queries import answer_link_for
from essaim.people.engine.ages import is_minor
from essaim.people.queries import visible_people

KIND = "journeys.commitment"
SIGNATURE_LINK = "journeys.signature"
TO_WRITE_BY_HAND = "…………………………"


def commitment_tools(action: Action) -> dict[str, PracticeTool]:
    """Return the documents to be signed that the practice of an action has, by key."""
    return {tool.key: tool for tool in practice_of(action).tools if tool.kind == KIND}


def commitment_steps(action: Action, tool: str | None = None) -> list[Step]:
    """Return the steps at which these documents (this one) are signed."""
    steps = steps_of_kind(action, KIND)
    return [step for step in steps if tool is None or settings_of(action, step.key).get("tool") == tool]


def required_tools(action: Action) -> list[str]:
    """Return the documents that an entry asks for, in the order of the practice."""
    settings = [settings_of(action, step.key) for step in commitment_steps(action)]
    known = commitment_tools(action)
    return [one["tool"] for one in settings if one.get("required") and one.get("tool") in known]


def expected_signatories(enrolment: Enrolment, on: date) -> list[str]:
    """Return who signs: the person, her representative when she is known to be under 18 that day, the facilitator."""
    minor = [Signatory.REPRESENTATIVE.value] if is_minor(enrolment.person.birth_date, on) else []
    return [Signatory.PERSON.value, *minor, Signatory.FACILITATOR.value]


def commitment_content(enrolment: Enrolment, tool: PracticeTool, facilitator: User) -> dict[str, Any]:
    """Return the words of a document, every setting already in French: what is frozen when it is prepared."""
    action, person = enrolment.action, enrolment.person
    practice = practice_of(action)
    steps = commitment_steps(action, tool.key)
    return {
        "title": tool.label,
        "practice": practice.title,
        "action": action.title,
        "organisation": action.organisation.name if action.organisation else "",
        "group": enrolment.group.name if enrolment.group else "",
        "person": person.full_name,
        "birth_date": long_day(person.birth_date) if person.birth_date else "",
        "representative": person.representative_name,
        "facilitator": facilitator.full_name,
        "contacts": [pair for step in steps for pair in _contacts(action, practice, step, facilitator)],
        "starts": long_day(enrolment.opened_on),
        "due": long_day(enrolment.due_on) if enrolment.due_on else "",
        "duration": limit_in_words(limit_of(action)),
        "clauses": clauses_of(tool.fields, lambda text: text_in_words(practice, text, action.settings)),
    }


def list_commitments_of(enrolments: Iterable[Enrolment]) -> dict[int, list[Commitment]]:
    """Return the commitments of parcours the viewer obtained through this app's queries, by parcours, latest first."""
    found: dict[int, list[Commitment]] = {}
    rows = Commitment.objects.filter(enrolment__in=[one.pk for one in enrolments])
    rows = rows.prefetch_related(_signatures()).exclude(state=CommitmentState.CANCELLED)
    for one in rows.select_related("prepared_by").order_by("-prepared_at", "-pk"):
        found.setdefault(one.enrolment_id, []).append(one)
    return found


def get_commitment_for(viewer: Membership | None, ref: str) -> Commitment:
    """Return a commitment of a parcours the viewer may see. Raises Commitment.DoesNotExist."""
    return _shown().get(
        ref=ref,
        enrolment__person__in=visible_people(viewer).values("pk"),
        enrolment__action__in=visible_actions(viewer).values("pk"),
    )


def get_commitment_by_link(token: str, *, now: datetime) -> Commitment:
    """Return the document that an open link leads to. Raises AnswerLink.DoesNotExist or Commitment.DoesNotExist: the
    same page answers both. Reading writes nothing.
    """
    return get_commitment_to_sign(answer_link_for(token, purpose=SIGNATURE_LINK, now=now).subject_ref)


def get_commitment_to_sign(subject: str) -> Commitment:
    """Return the commitment that a link is about. Raises Commitment.DoesNotExist unless it waits to be signed in an
    open parcours, and the person is reached as she was when the link was made.
    """
    ref, signatory = subject.split(":")[:2]
    found = _shown().get(ref=ref, state=CommitmentState.PREPARED, enrolment__state=EnrolmentState.OPEN)
    if signature_subject(found, signatory) != subject:
        raise Commitment.DoesNotExist
    return found


def signature_subject(commitment: Commitment, signatory: str) -> str:
    """Return what a link to sign is about: the document, who signs, and how she is reached. Another telephone, another
    address or protection ends the links made before: whoever holds the former telephone reads nothing.
    """
    person = commitment.enrolment.person
    is_hers = signatory == Signatory.PERSON
    reached = [person.phone, person.email] if is_hers else [person.representative_name, person.representative_phone]
    mark = token_fingerprint("|".join([*reached, str(person.is_protected)]))[:16]
    return f"{commitment.ref}:{signatory}:{mark}"


def missing_signatories(commitment: Commitment) -> list[Signatory]:
    """Return who has not signed yet, in the order of the document."""
    signed = {signature.signatory for signature in commitment.signatures.all()}
    return [Signatory(one) for one in commitment.expected if one not in signed]


def signatory_name(commitment: Commitment, signatory: str) -> str:
    """Return the name written in the document for a signatory, empty when nobody knew it."""
    keys = {
        Signatory.PERSON: "person",
        Signatory.REPRESENTATIVE: "representative",
        Signatory.FACILITATOR: "facilitator",
    }
    return str(commitment.content.get(keys[Signatory(signatory)], ""))


def commitment_document(commitment: Commitment, viewer: Membership | None = None, *, on: date) -> dict[str, Any]:
    """Return what the printed document says that day, as its template reads it: its frozen words, and a box for each
    signature, filled once signed.
    """
    signed = {one.signatory: one for one in commitment.signatures.all()}
    boxes = [_box(commitment, one, signed.get(one)) for one in commitment.expected]
    content: dict[str, Any] = commitment.content
    return content | {"printed": f"imprimé le {long_day(on)}", "signatures": boxes}


def _box(commitment: Commitment, signatory: str, signature: CommitmentSignature | None) -> dict[str, str]:
    words = str(Signatory(signatory).label)
    return {
        "role": words[:1].upper() + words[1:],
        "name": signatory_name(commitment, signatory),
        "signed": f"Signé {signature.get_means_display()} le {long_day(signature.signed_on)}" if signature else "",
    }


def _shown() -> QuerySet[Commitment]:
    rows = Commitment.objects.select_related(
        "enrolment__action__practice",
        "enrolment__action__organisation",
        "enrolment__person",
        "enrolment__group",
        "fact",
    )
    return rows.prefetch_related(_signatures())


def _signatures() -> Any:
    return Prefetch("signatures", queryset=CommitmentSignature.objects.select_related("user", "scan"))


def _contacts(action: Action, practice: PracticeFile, step: Step, facilitator: User) -> list[list[str]]:
    values = {"email": facilitator.email}
    labels = practice.choice_labels.get(_setting_read(step, "contacts"), {})
    return [
        [labels.get(code, code), values.get(code, TO_WRITE_BY_HAND)]
        for code in settings_of(action, step.key).get("contacts") or ()
    ]


def _setting_read(step: Step, name: str) -> str:
    """The setting of the practice that a step's setting refers to."""
    value = step.settings.get(name)
    return str(value["setting"]) if isinstance(value, dict) and "setting" in value else name
