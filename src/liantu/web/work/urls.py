"""Addresses of the app."""

from django.urls import path

from liantu.web.work import views

app_name = "work"
urlpatterns: list[object] = [
    path("scenarios/", views.scenarios, name="scenarios"),
    path("runs/", views.runs, name="runs"),
]
