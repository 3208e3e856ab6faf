from django.urls import path

from essaim.kernel import views

app_name = "kernel"
urlpatterns = [
    path("composants/", views.gallery, name="gallery"),
]
