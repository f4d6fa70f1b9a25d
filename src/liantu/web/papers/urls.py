"""Addresses of the app."""

from django.urls import path

from liantu.web.papers import views

app_name = "papers"
urlpatterns: list[object] = [
    path("", views.index, name="index"),
]
