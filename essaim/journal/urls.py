from django.urls import path

from essaim.journal import views

app_name = "journal"
urlpatterns = [
    path("actions/<str:ref>/fil/", views.action_fil, name="action_fil"),
]
