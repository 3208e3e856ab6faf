from django.urls import path

from essaim.privacy.views import keeping, merges, person_data

app_name = "privacy"
urlpatterns = [
    path("confidentialite/", keeping.keeping, name="keeping"),
    path("confidentialite/fusions/", merges.merge_list, name="merge_list"),
    path("confidentialite/fusions/nouvelle/", merges.choose, name="merge_choose"),
    path("confidentialite/fusions/<str:kept>/<str:absorbed>/", merges.merge, name="merge"),
    path("confidentialite/fusions/<str:ref>/", merges.undo, name="merge_undo"),
    path("personnes/<str:ref>/donnees/", person_data.person_data, name="person_data"),
    path("personnes/<str:ref>/donnees/copie/", person_data.export, name="export"),
    path("personnes/<str:ref>/donnees/effacement/", person_data.erase, name="erase"),
]
