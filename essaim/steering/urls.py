from django.urls import path

from essaim.steering.views import bilan

app_name = "steering"
urlpatterns = [
    path("pilotage/", bilan.home, name="home"),
    path("actions/<str:ref>/bilan/", bilan.bilan, name="bilan"),
    path("actions/<str:ref>/bilan.<str:fmt>", bilan.bilan_file, name="bilan_file"),
    path("actions/<str:ref>/bilan/<str:indicator>/", bilan.people_behind, name="people_behind"),
]
