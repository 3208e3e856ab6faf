from django.urls import URLPattern, path

from essaim.agenda.views import (
    action_parts,
    appointments,
    attendance,
    calendar,
    interviews,
    person_parts,
    planning,
    rooms,
    sessions,
)

app_name = "agenda"
urlpatterns: list[URLPattern] = [
    # Calendar and appointments
    path("agenda/", calendar.home, name="home"),
    path("agenda/nouveau/", appointments.choose, name="appointment_choose"),
    path("rendez-vous/<str:ref>/", interviews.interview, name="interview"),
    path("rendez-vous/<str:ref>/corriger/", interviews.correct, name="interview_correct"),
    path("rendez-vous/<str:ref>/deplacer/", appointments.move, name="appointment_move"),
    path("rendez-vous/<str:ref>/annuler/", appointments.cancel, name="appointment_cancel"),
    path("rendez-vous/<str:ref>/absence/", appointments.miss, name="appointment_miss"),
    path("rendez-vous/<str:ref>/rouvrir/", appointments.reopen, name="appointment_reopen"),
    path("rendez-vous/<str:ref>/suivant/", interviews.accept_next, name="appointment_next"),
    path("actions/<str:ref>/entretiens/", interviews.step, name="interview_step"),
    path("actions/<str:ref>/rendez-vous/", action_parts.action_agenda, name="action_agenda"),
    path("actions/<str:ref>/rendez-vous/<str:code>/nouveau/", appointments.new_in_action, name="appointment_in_action"),
    path("personnes/<str:ref>/rendez-vous/", person_parts.appointments, name="person_appointments"),
    path("personnes/<str:ref>/rendez-vous/prochain/", person_parts.next_appointment, name="person_next"),
    path("personnes/<str:ref>/rendez-vous/nouveau/", appointments.new, name="appointment_new"),
    # Sessions and rooms
    path("lieux/", rooms.room_list, name="room_list"),
    path("lieux/nouveau/", rooms.room_new, name="room_new"),
    path("lieux/<str:ref>/", rooms.room, name="room"),
    path("lieux/<str:ref>/fermer/", rooms.room_close, name="room_close"),
    path("actions/<str:ref>/seances/", sessions.session_list, name="session_list"),
    path("actions/<str:ref>/seances/fichier/", sessions.session_file, name="session_file"),
    path("actions/<str:ref>/seances/nouvelle/", planning.session_new, name="session_new"),
    path("actions/<str:ref>/entrainement/<str:step>/", planning.training_new, name="training_new"),
    path("seances/<str:ref>/", sessions.session, name="session"),
    path("seances/<str:ref>/modifier/", sessions.session_edit, name="session_edit"),
    path("seances/<str:ref>/annuler/", sessions.session_cancel, name="session_cancel"),
    path("seances/<str:ref>/inscrire/", attendance.register_people, name="register_people"),
    path("seances/<str:ref>/retirer/<str:code>/", attendance.unregister_person, name="unregister_person"),
    path("seances/<str:ref>/presences/", attendance.attendance, name="attendance"),
    path("seances/<str:ref>/presences/annuler/", attendance.attendance_cancel, name="attendance_cancel"),
    path("seances/<str:ref>/emargement.pdf", attendance.sheet_pdf, name="sheet_pdf"),
    path("personnes/<str:ref>/presences/", attendance.person_presence, name="person_presence"),
]
