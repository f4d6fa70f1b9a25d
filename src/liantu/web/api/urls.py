"""Addresses of the app."""

from django.urls import path

from liantu import __version__
from liantu.web.api import views
from liantu.web.api.interface import interface

app_name = "api"
urlpatterns = [
    path("tokens/", views.tokens, name="tokens"),
    path("tokens/<int:number>/end/", views.end, name="token-end"),
    *interface(__version__),
]
