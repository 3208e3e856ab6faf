from django.urls import path

from essaim.journeys.views import actions, enrolments, launch, person_parts

app_name = "journeys"
urlpatterns = [
    path("guide/<slug:slug>/lancer/", launch.launch, name="launch"),
    path("guide/<slug:slug>/lancements/", launch.launches, name="launches"),
    path("actions/", actions.action_list, name="action_list"),
    path("actions/<str:ref>/", actions.action, name="action"),
    path("actions/<str:ref>/reglages/", actions.settings, name="settings"),
    path("actions/<str:ref>/reglages/<str:key>/", actions.setting, name="setting"),
    path("actions/<str:ref>/partenaires/", actions.partners, name="partners"),
    path("actions/<str:ref>/partenaires/nouveau/", actions.partner_new, name="partner_new"),
    path("actions/<str:ref>/partenaires/<int:pk>/fin/", actions.partner_end, name="partner_end"),
    path("actions/<str:ref>/budget/nouvelle/", actions.budget_new, name="budget_new"),
    path("actions/<str:ref>/inscrire/", enrolments.enrol, name="enrol"),
    path("actions/<str:ref>/inscrire/<str:code>/", enrolments.enrol_one, name="enrol_one"),
    path("actions/<str:ref>/sortie/", enrolments.exit_step, name="exit"),
    path("actions/<str:ref>/parcours/<str:parcours>/sortie/", enrolments.close, name="close"),
    path("actions/<str:ref>/parcours/<str:parcours>/corriger/", enrolments.correct, name="correct"),
    path("actions/<str:ref>/parcours/<str:parcours>/annuler/", enrolments.cancel, name="cancel"),
    path("actions/<str:ref>/parcours/<str:parcours>/rouvrir/", enrolments.reopen, name="reopen"),
    path("personnes/<str:ref>/etapes/", person_parts.strips, name="person_strips"),
    path("personnes/<str:ref>/fil/", person_parts.fil, name="person_fil"),
    path("personnes/<str:ref>/parcours/", person_parts.parcours, name="person_parcours"),
    path("personnes/<str:ref>/profil/", person_parts.profile, name="person_profile"),
]
