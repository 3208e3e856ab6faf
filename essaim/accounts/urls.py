from django.urls import path

from essaim.accounts import views

app_name = "accounts"
urlpatterns = [
    path("connexion/", views.sign_in, name="sign_in"),
    path("deconnexion/", views.sign_out, name="sign_out"),
    path("mot-de-passe/", views.forgotten_password, name="forgotten_password"),
    path("mot-de-passe/<uuid:user_uuid>/<str:token>/", views.new_password, name="new_password"),
    path("compte/", views.account, name="account"),
    path("compte/mot-de-passe/", views.change_password, name="change_password"),
    path("compte/organisation/", views.switch_organisation, name="switch_organisation"),
    path("invitation/<str:token>/", views.invitation, name="invitation"),
    path("organisation/membres/", views.organisation, name="organisation"),
    path("organisation/membres/inviter/", views.invite, name="invite"),
    path("organisation/membres/<uuid:user_uuid>/role/", views.change_role, name="change_role"),
    path("organisation/membres/<uuid:user_uuid>/fin/", views.end_membership, name="end_membership"),
    path("organisation/invitations/<uuid:uuid>/renvoyer/", views.resend_invitation, name="resend_invitation"),
    path("organisation/invitations/<uuid:uuid>/annuler/", views.cancel_invitation, name="cancel_invitation"),
]
