"""Addresses of the app."""

from django.urls import path

from liantu.web.desk import views

app_name = "desk"
urlpatterns: list[object] = [
    path("", views.desk, name="desk"),
    path("read/", views.read, name="read"),
]
