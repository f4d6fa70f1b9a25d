"""Addresses of the app."""

from django.urls import path

from liantu.web.accounts import views

app_name = "accounts"
urlpatterns = [
    path("login/", views.sign_in, name="login"),
    path("logout/", views.sign_out, name="logout"),
    path("language/<str:lang>/", views.speak, name="language"),
    path("account/", views.account, name="account"),
    path("account/settings/", views.choose, name="choose"),
    path("account/password/", views.password, name="password"),
    path("account/authenticator/", views.authenticator, name="authenticator"),
    path("account/authenticator/off/", views.authenticator_off, name="authenticator-off"),
    path("account/session/", views.end_session, name="end-session"),
    path("account/accept/<int:grant>/", views.accept, name="accept"),
]
