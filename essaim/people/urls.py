from django.urls import path

from essaim.people.views import person_file, person_list, person_new

app_name = "people"
urlpatterns = [
    path("personnes/", person_list.person_list, name="person_list"),
    path("personnes/nouvelle/", person_new.create, name="create"),
    path("personnes/rattachement/", person_new.attach, name="attach"),
    path("personnes/rattachement/<str:ref>/", person_file.answer, name="answer_attachment"),
    path("personnes/<str:code>/", person_file.person, name="person"),
    path("personnes/<str:code>/coordonnees/", person_file.edit, name="edit"),
    path("personnes/<str:code>/notes/", person_file.notes, name="notes"),
    path("personnes/<str:code>/notes/nouvelle/", person_file.note_new, name="note_new"),
    path("personnes/<str:code>/acces/", person_file.grants, name="access"),
]
