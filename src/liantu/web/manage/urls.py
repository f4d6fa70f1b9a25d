"""Addresses of the app."""

from django.urls import path

from liantu.web.manage import views

app_name = "manage"
urlpatterns: list[object] = [
    path("people/", views.people, name="people"),
    path("audit/", views.audit, name="audit"),
    path("health/", views.health, name="health"),
]
