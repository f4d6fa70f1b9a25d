"""Addresses of the app."""

from django.urls import path

from liantu.web.accounts import views

app_name = "accounts"
urlpatterns = [
    path("login/", views.sign_in, name="login"),
    path("logout/", views.sign_out, name="logout"),
    path("language/<str:lang>/", views.speak, name="language"),
]
