"""Forms of approaches, applications and job interviews: short, made for a thumb."""

from datetime import datetime
from typing import Any

from django import forms

from essaim.directory.models import Organisation
from essaim.employers.enums import ApplicationStage, ApproachAnswer, ApproachChannel, Feedback, NextStep
from essaim.employers.models import Application, Approach, JobInterview
from essaim.employers.operations import ApproachPlan
from essaim.journeys.models import Enrolment
from essaim.kernel.days import PARIS, paris_day, today
from essaim.kernel.forms import CreateForm, DateField, EditForm, Form, TextField

GROUP = "groupe"
NO_FEEDBACK = [("", "non renseigné"), *Feedback.choices]


class CompanyNameInput(forms.TextInput):
    """A company by its name: the known ones are proposed while typing, another is created."""

    def __init__(self, known: str = "entreprises-connues") -> None:
        super().__init__({"list": known, "autocomplete": "off", "autocapitalize": "words"})


class TimeField(forms.TimeField):
    """An hour of the day in Paris, by the browser's own clock."""

    widget = forms.TimeInput(attrs={"type": "time", "class": "w-date num"}, format="%H:%M")
    default_error_messages = {"invalid": "Écrivez l’heure ainsi : 14:30."}


class ApproachForm(Form):
    """What an approach says: five fields, and the others under « Plus »."""

    company_name = TextField(label="Quelle entreprise ?", max_length=200, widget=CompanyNameInput())
    channel = forms.ChoiceField(label="Comment ?", choices=ApproachChannel.choices, widget=forms.RadioSelect)
    answer = forms.ChoiceField(label="Quelle réponse ?", choices=ApproachAnswer.choices, widget=forms.RadioSelect)
    made_on = DateField(label="Quand ?", initial=today)
    next_step = forms.ChoiceField(
        label="Et ensuite ?", choices=[("", "rien de prévu"), *NextStep.choices], required=False
    )
    next_on = DateField(label="Pour le", required=False)
    contact_name = TextField(
        label="À qui ?", max_length=120, required=False, widget=CompanyNameInput("interlocuteurs-connus")
    )
    by_person = forms.BooleanField(label="Faite par la personne elle-même", required=False)
    accepts_distance = forms.BooleanField(
        label="La personne accepte ce trajet, plus long que prévu par la fiche", required=False
    )

    def __init__(self, *args: Any, asks_distance: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["made_on"].limit(latest=today())  # type: ignore[attr-defined]
        self.asks_distance = asks_distance

    @property
    def more(self) -> list[str]:
        """The fields that are seldom touched, folded as long as none is wrong."""
        return [name for name in ("made_on", "contact_name", "by_person") if name in self.fields]

    @property
    def is_more_open(self) -> bool:
        """Whether one of them is wrong, or says something worth seeing."""
        return any(name in self.errors for name in self.more) or bool(self["contact_name"].value())

    @property
    def plan(self) -> ApproachPlan:
        """The approach as the operations take it."""
        return ApproachPlan(**{name: self.cleaned_data[name] for name in ApproachPlan.__slots__})


class LogApproachForm(ApproachForm, CreateForm):
    """A new approach: of one of the participants, or for the whole group."""

    participant = forms.ChoiceField(label="Pour qui ?")

    def __init__(self, *args: Any, enrolments: list[Enrolment], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.enrolments = {enrolment.ref: enrolment for enrolment in enrolments}
        names = [(ref, enrolment.person.full_name) for ref, enrolment in self.enrolments.items()]
        self.fields["participant"].choices = [(GROUP, "Tout le groupe"), *names]  # type: ignore[attr-defined]

    @property
    def enrolment(self) -> Enrolment | None:
        """The parcours chosen, None for the whole group."""
        return self.enrolments.get(self.cleaned_data["participant"])


class CorrectApproachForm(ApproachForm, EditForm):
    """An approach set right."""

    def __init__(self, *args: Any, approach: Approach, **kwargs: Any) -> None:
        shown = {name: getattr(approach, name) for name in (*ApproachPlan.__slots__, "version")}
        shown |= {"company_name": approach.company.name, **kwargs.pop("initial", {})}
        super().__init__(*args, initial=shown, **kwargs)
        if approach.enrolment is None:
            del self.fields["by_person"]
            del self.fields["accepts_distance"]

    @property
    def plan(self) -> ApproachPlan:
        return ApproachPlan(**{name: self.cleaned_data.get(name, False) for name in ApproachPlan.__slots__})


class NextStepForm(EditForm):
    """Another day for what comes next."""

    on = DateField(label="Reporter au", required=False)

    def __init__(self, *args: Any, approach: Approach, **kwargs: Any) -> None:
        super().__init__(*args, initial={"version": approach.version}, **kwargs)
        self.fields["on"].limit(earliest=today())  # type: ignore[attr-defined]


class StageForm(Form):
    """A stage of an application."""

    stage = forms.ChoiceField(label="Étape", choices=ApplicationStage.choices, widget=forms.RadioSelect)
    on = DateField(label="Le", initial=today)
    feedback = forms.ChoiceField(label="Retour de l’employeur", choices=NO_FEEDBACK, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].limit(latest=today())  # type: ignore[attr-defined]


class ApplyForm(CreateForm):
    """A new application of one of the participants."""

    participant = forms.ChoiceField(label="Personne")
    company_name = TextField(label="Entreprise", max_length=200, widget=CompanyNameInput())
    job = TextField(label="Poste", max_length=120)
    stage = forms.ChoiceField(
        label="Où en est-elle ?",
        choices=ApplicationStage.choices,
        widget=forms.RadioSelect,
        initial=ApplicationStage.CV_SENT.value,
    )
    on = DateField(label="Depuis le", initial=today)

    def __init__(self, *args: Any, enrolments: list[Enrolment], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.enrolments = {enrolment.ref: enrolment for enrolment in enrolments}
        names = [(ref, enrolment.person.full_name) for ref, enrolment in self.enrolments.items()]
        self.fields["participant"].choices = [("", "choisir"), *names]  # type: ignore[attr-defined]
        self.fields["on"].limit(latest=today())  # type: ignore[attr-defined]

    @property
    def enrolment(self) -> Enrolment:
        """The parcours chosen."""
        return self.enrolments[self.cleaned_data["participant"]]


class MoveForm(StageForm, EditForm):
    """The last stage of an application set right."""

    def __init__(self, *args: Any, application: Application, **kwargs: Any) -> None:
        initial = {"version": application.version, **kwargs.pop("initial", {})}
        super().__init__(*args, initial=initial, **kwargs)


class NextStageForm(MoveForm):
    """The next stage of an application: those that come after the present one."""

    def __init__(self, *args: Any, application: Application, **kwargs: Any) -> None:
        super().__init__(*args, application=application, **kwargs)
        stages = list(ApplicationStage)
        rank = stages.index(ApplicationStage(application.stage))
        later = stages[rank if application.stage == ApplicationStage.INTERVIEW else rank + 1 :]
        self.fields["stage"].choices = [(stage.value, stage.label) for stage in later]  # type: ignore[attr-defined]


class FixInterviewForm(CreateForm):
    """When and where a job interview takes place."""

    on = DateField(label="Jour")
    starts_at = TimeField(label="De")
    ends_at = TimeField(label="À")
    place = TextField(label="Lieu", max_length=120, required=False)

    fieldsets = [("", ["on", ("starts_at", "ends_at"), "place"])]

    @property
    def starts(self) -> datetime:
        """The beginning, an aware moment."""
        return datetime.combine(self.cleaned_data["on"], self.cleaned_data["starts_at"], PARIS)

    @property
    def ends(self) -> datetime:
        """The end, an aware moment of the same day."""
        return datetime.combine(self.cleaned_data["on"], self.cleaned_data["ends_at"], PARIS)


class InterviewForm(EditForm):
    """What came of a job interview."""

    feedback = forms.ChoiceField(label="Retour de l’employeur", choices=NO_FEEDBACK, required=False)
    prepared_on = DateField(label="Préparé le", required=False)

    def __init__(self, *args: Any, interview: JobInterview, **kwargs: Any) -> None:
        day = min(today(), paris_day(interview.starts))
        super().__init__(*args, initial={"version": interview.version, "prepared_on": day}, **kwargs)
        self.fields["prepared_on"].limit(latest=day)  # type: ignore[attr-defined]


def company_initial(company: Organisation | None) -> dict[str, str]:
    """The field of the company, already filled when the page was opened from it."""
    if company is None:
        return {}
    return {"company_name": f"{company.name}, {company.commune.name}" if company.commune else company.name}
