"""What happens along a parcours: renewal, measures, trainings, help, contacts."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone

from essaim.accounts.permissions import WORKS_WITH_PEOPLE, note_read
from essaim.journeys.enums import EnrolmentState
from essaim.journeys.forms.intake import ConfirmOnceForm
from essaim.journeys.forms.parcours import ConfirmForm
from essaim.journeys.forms.path import (
    ContactForm,
    MeasureEditForm,
    MeasureForm,
    MentoringEndForm,
    MentoringForm,
    RenewForm,
    TrainingEditForm,
    TrainingForm,
    measure_initial,
    training_initial,
)
from essaim.journeys.models import Enrolment
from essaim.journeys.operations import (
    cancel_measure,
    cancel_mentoring,
    cancel_renewal,
    cancel_training,
    correct_measure,
    correct_training,
    end_mentoring,
    join_training,
    log_contact,
    record_measure,
    renew_enrolment,
    start_mentoring,
)
from essaim.journeys.operations.contacts import cancel_contact
from essaim.journeys.queries import list_followed_actions, list_parcours_for
from essaim.journeys.queries.contacts import get_contact_for
from essaim.journeys.queries.limits import limit_in_words, limit_of, term_of
from essaim.journeys.queries.path import (
    get_measure_for,
    get_mentoring_for,
    get_renewal_for,
    get_training_for,
    list_alumni_for,
    list_mentors_of,
)
from essaim.journeys.views.finding import find_person
from essaim.journeys.views.path_finding import find, find_followed, parcours_url, require_follower, save_or_show
from essaim.kernel.access import access
from essaim.kernel.actors import MemberRequest
from essaim.kernel.days import today
from essaim.kernel.formats import moment
from essaim.people.models import Person

FORM = "journeys/path_form.html"


@access(WORKS_WITH_PEOPLE, methods=("GET", "POST"))
def renew(request: MemberRequest, ref: str, parcours: str) -> HttpResponse:
    """Decide on a renewal."""
    enrolment = find_followed(request, ref, parcours)
    form = RenewForm(request.POST or None, initial={"version": enrolment.version, "on": today()})

    def save() -> str:
        renew_enrolment(enrolment=enrolment, by=request.membership, now=timezone.now(), **form.cleaned_data)
        done = "Le parcours est renouvelé." if form.cleaned_data["accept"] else "Le refus est enregistré."
        messages.success(request, done)
        return parcours_url(enrolment.person)

    term, limit = term_of(enrolment, today()), limit_in_words(limit_of(enrolment.action))
    notes = [f"{term.weeks.capitalize()}, {term.words}." if term else "", f"La fiche prévoit {limit}." if limit else ""]
    return save_or_show(request, form, save, FORM, _page(enrolment, "Renouveler le parcours", "Enregistrer", notes))


@access(WORKS_WITH_PEOPLE, methods=("GET", "POST"))
def renewal_cancel(request: MemberRequest, ref: str) -> HttpResponse:
    """Cancel a renewal entered by mistake."""
    decision = find(request, get_renewal_for, ref)
    enrolment = decision.enrolment
    assert enrolment is not None
    require_follower(request, enrolment)
    form = ConfirmForm(request.POST or None, initial={"version": enrolment.version})

    def save() -> str:
        cancel_renewal(decision=decision, by=request.membership, now=timezone.now(), **form.cleaned_data)
        messages.success(request, "Le renouvellement est annulé : le terme est revenu à l’ancienne date.")
        return parcours_url(enrolment.person)

    notes = ["Rien n’est effacé\u00a0: le fil garde ce qui était écrit et son annulation."]
    return save_or_show(request, form, save, FORM, _page(enrolment, "Annuler ce renouvellement", "", notes))


@access(WORKS_WITH_PEOPLE, methods=("GET", "POST"))
def measure_new(request: MemberRequest, ref: str, parcours: str) -> HttpResponse:
    """Note a service, a brick or an aid."""
    enrolment = find_followed(request, ref, parcours)
    form = MeasureForm(request.POST or None, viewer=request.membership, initial={"used_on": today()})

    def save() -> str:
        given = {name: getattr(form.details, name) for name in form.details.__slots__}
        record_measure(enrolment=enrolment, by=request.membership, now=timezone.now(), **given)
        messages.success(request, "La mesure est enregistrée.")
        return parcours_url(enrolment.person)

    return save_or_show(request, form, save, FORM, _page(enrolment, "Ajouter une mesure", "Ajouter la mesure"))


@access(WORKS_WITH_PEOPLE, methods=("GET", "POST"))
def measure_edit(request: MemberRequest, ref: str) -> HttpResponse:
    """Set a measure right."""
    measure = find(request, get_measure_for, ref)
    require_follower(request, measure.enrolment)
    initial = measure_initial(measure)
    form = MeasureEditForm(request.POST or None, viewer=request.membership, initial=initial)

    def save() -> str:
        version = form.cleaned_data["version"]
        correct_measure(
            measure=measure, details=form.details, version=version, by=request.membership, now=timezone.now()
        )
        messages.success(request, "La mesure est corrigée.")
        return parcours_url(measure.enrolment.person)

    page = _page(measure.enrolment, "Corriger la mesure", "Enregistrer")
    page |= {"other_url": reverse("journeys:measure_cancel", args=[ref]), "other_label": "Annuler cette mesure"}
    return save_or_show(request, form, save, FORM, page)


@access(WORKS_WITH_PEOPLE, methods=("GET", "POST"))
def measure_cancel(request: MemberRequest, ref: str) -> HttpResponse:
    """Cancel a measure entered by mistake."""
    measure = find(request, get_measure_for, ref)
    require_follower(request, measure.enrolment)
    form = ConfirmForm(request.POST or None, initial={"version": measure.version})

    def save() -> str:
        cancel_measure(measure=measure, by=request.membership, now=timezone.now(), **form.cleaned_data)
        messages.success(request, "La mesure est annulée.")
        return parcours_url(measure.enrolment.person)

    page = _page(measure.enrolment, "Annuler cette mesure", "", [f"«\u00a0{measure.label}\u00a0» sort du fil."])
    return save_or_show(request, form, save, FORM, page)


@access(WORKS_WITH_PEOPLE, methods=("GET", "POST"))
def training_new(request: MemberRequest, ref: str, parcours: str) -> HttpResponse:
    """Note a training course joined."""
    enrolment = find_followed(request, ref, parcours)
    form = TrainingForm(request.POST or None, viewer=request.membership, initial={"joined_on": today()})

    def save() -> str:
        given = {name: getattr(form.details, name) for name in form.details.__slots__}
        join_training(enrolment=enrolment, by=request.membership, now=timezone.now(), **given)
        messages.success(request, "L’entrée en formation est enregistrée.")
        return parcours_url(enrolment.person)

    return save_or_show(request, form, save, FORM, _page(enrolment, "Ajouter une formation", "Ajouter la formation"))


@access(WORKS_WITH_PEOPLE, methods=("GET", "POST"))
def training_edit(request: MemberRequest, ref: str) -> HttpResponse:
    """Set a training course right."""
    training = find(request, get_training_for, ref)
    require_follower(request, training.enrolment)
    initial = training_initial(training)
    form = TrainingEditForm(request.POST or None, viewer=request.membership, initial=initial)

    def save() -> str:
        version = form.cleaned_data["version"]
        correct_training(
            training=training, details=form.details, version=version, by=request.membership, now=timezone.now()
        )
        messages.success(request, "La formation est corrigée.")
        return parcours_url(training.enrolment.person)

    page = _page(training.enrolment, "Corriger la formation", "Enregistrer")
    page |= {"other_url": reverse("journeys:training_cancel", args=[ref]), "other_label": "Annuler cette formation"}
    return save_or_show(request, form, save, FORM, page)


@access(WORKS_WITH_PEOPLE, methods=("GET", "POST"))
def training_cancel(request: MemberRequest, ref: str) -> HttpResponse:
    """Cancel a training course entered by mistake."""
    training = find(request, get_training_for, ref)
    require_follower(request, training.enrolment)
    form = ConfirmForm(request.POST or None, initial={"version": training.version})

    def save() -> str:
        cancel_training(training=training, by=request.membership, now=timezone.now(), **form.cleaned_data)
        messages.success(request, "La formation est annulée.")
        return parcours_url(training.enrolment.person)

    page = _page(training.enrolment, "Annuler cette formation", "", [f"«\u00a0{training.title}\u00a0» sort du fil."])
    return save_or_show(request, form, save, FORM, page)


@access(WORKS_WITH_PEOPLE, methods=("GET", "POST"))
def mentoring_new(request: MemberRequest, ref: str, parcours: str) -> HttpResponse:
    """Say who helps a newcomer."""
    enrolment = find_followed(request, ref, parcours)
    form = MentoringForm(
        request.POST or None,
        alumni=list_alumni_for(request.membership, enrolment.action, enrolment.person),
        staff=list_mentors_of(enrolment.action),
        enrolment=enrolment,
        initial={"since": today()},
    )

    def save() -> str:
        start_mentoring(enrolment=enrolment, by=request.membership, now=timezone.now(), **form.given)
        messages.success(request, "C’est noté.")
        return parcours_url(enrolment.person)

    notes = ["Qui épaule ne voit rien du dossier."]
    return save_or_show(request, form, save, FORM, _page(enrolment, "Qui l’épaule\u00a0?", "Enregistrer", notes))


@access(WORKS_WITH_PEOPLE, methods=("GET", "POST"))
def mentoring_end(request: MemberRequest, ref: str) -> HttpResponse:
    """Write the last day of a help."""
    mentoring = find(request, get_mentoring_for, ref)
    require_follower(request, mentoring.enrolment)
    initial = {"version": mentoring.version, "until": today()}
    form = MentoringEndForm(request.POST or None, initial=initial)

    def save() -> str:
        end_mentoring(mentoring=mentoring, by=request.membership, now=timezone.now(), **form.cleaned_data)
        messages.success(request, "C’est noté.")
        return parcours_url(mentoring.enrolment.person)

    page = _page(mentoring.enrolment, "Terminer cette aide", "Enregistrer")
    page |= {"other_url": reverse("journeys:mentoring_cancel", args=[ref]), "other_label": "Annuler cette aide"}
    return save_or_show(request, form, save, FORM, page)


@access(WORKS_WITH_PEOPLE, methods=("GET", "POST"))
def mentoring_cancel(request: MemberRequest, ref: str) -> HttpResponse:
    """Take back a help entered by mistake."""
    mentoring = find(request, get_mentoring_for, ref)
    enrolment = mentoring.enrolment
    require_follower(request, enrolment)
    form = ConfirmForm(request.POST or None, initial={"version": mentoring.version})

    def save() -> str:
        cancel_mentoring(mentoring=mentoring, by=request.membership, now=timezone.now(), **form.cleaned_data)
        messages.success(request, "L’aide est annulée.")
        return parcours_url(enrolment.person)

    notes = ["L’aide sort du parcours\u00a0: le fil garde qu’elle a été notée, puis annulée."]
    return save_or_show(request, form, save, FORM, _page(enrolment, "Annuler cette aide", "", notes))


@access(WORKS_WITH_PEOPLE, methods=("GET", "POST"))
def contact_new(request: MemberRequest, code: str) -> HttpResponse:
    """Note someone reached, or tried."""
    person = find_person(request, code)
    form = ContactForm(request.POST or None, initial={"day": today()})
    enrolment = _open_parcours(request, person)

    def save() -> str:
        log_contact(person=person, enrolment=enrolment, by=request.membership, now=timezone.now(), **form.given)
        messages.success(request, "Le contact est dans le fil.")
        return reverse("people:person", args=[person.code])

    page: dict[str, Any] = {"person": person, "title": "Noter un contact", "submit": "Ajouter au fil"}
    return save_or_show(request, form, save, FORM, page | {"back_url": reverse("people:person", args=[code])})


@access(WORKS_WITH_PEOPLE, methods=("GET", "POST"))
def contact_cancel(request: MemberRequest, pk: int) -> HttpResponse:
    """Take back a contact entered by mistake."""
    contact = find(request, get_contact_for, str(pk))
    person = contact.person
    note_read(request, "person", person.code)
    back_url, form = reverse("people:person", args=[person.code]), ConfirmOnceForm(request.POST or None)

    def save() -> str:
        cancel_contact(contact=contact, by=request.membership, now=timezone.now())
        messages.success(request, "Le contact est annulé. « Dernier contact » en tient compte.")
        return back_url

    what = f"{contact.get_mode_display().capitalize()}, {moment(contact.at, today())}."
    notes = [what, "Le fil garde qu’il a été noté, puis annulé."]
    page = {"person": person, "title": "Annuler ce contact", "submit": "Annuler ce contact", "notes": notes}
    return save_or_show(request, form, save, FORM, page | {"back_url": back_url})


def _open_parcours(request: MemberRequest, person: Person) -> Enrolment | None:
    """The open parcours that a contact belongs to: the latest that this reader follows."""
    lines = list_parcours_for(request.membership, person)
    followed = list_followed_actions(request.membership, [line.enrolment.action for line in lines])
    mine = (line.enrolment for line in lines if line.enrolment.action_id in followed)
    return next((one for one in mine if one.state == EnrolmentState.OPEN), None)


def _page(enrolment: Enrolment, title: str, submit: str, notes: list[str] | None = None) -> dict[str, Any]:
    return {
        "person": enrolment.person,
        "action": enrolment.action,
        "title": title,
        "submit": submit or title,
        "notes": [note for note in notes or () if note],
        "back_url": parcours_url(enrolment.person),
    }
