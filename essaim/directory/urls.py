from django.urls import path

from essaim.directory import views

app_name = "directory"
urlpatterns = [
    path("organisation/", views.show_organisation, name="organisation"),
    path("organisation/modifier/", views.edit_organisation, name="organisation_edit"),
    path("organisation/territoires/", views.list_territories, name="territory_list"),
    path("organisation/territoires/nouveau/", views.create_territory, name="territory_create"),
    path("organisation/territoires/<int:pk>/", views.show_territory, name="territory"),
    path("organisation/territoires/<int:pk>/nom/", views.rename_territory, name="territory_rename"),
    path("organisation/territoires/<int:pk>/ajouter/", views.add_places, name="territory_add"),
    path("organisation/territoires/<int:pk>/retirer/", views.remove_places, name="territory_remove"),
    path("zones/", views.list_zones, name="zone_list"),
]
