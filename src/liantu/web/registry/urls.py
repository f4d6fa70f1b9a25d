"""Addresses of the app."""

from django.urls import path

from liantu.web.registry import views

app_name = "registry"
urlpatterns: list[object] = [
    path("registers/", views.index, name="index"),
    path("imports/", views.imports, name="imports"),
    path("versions/", views.versions, name="versions"),
]
