from django.urls import path

from essaim.steering import views

app_name = "steering"
urlpatterns = [
    path("pilotage/", views.home, name="home"),
    path("actions/<str:ref>/bilan/", views.bilan, name="bilan"),
    path("actions/<str:ref>/bilan.<str:fmt>", views.bilan_file, name="bilan_file"),
    path("actions/<str:ref>/bilan/<str:indicator>/", views.people_behind, name="people_behind"),
]
