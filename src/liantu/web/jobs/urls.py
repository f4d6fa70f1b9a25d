"""Addresses of the app."""

from django.urls import path

from liantu.web.jobs import views

app_name = "jobs"
urlpatterns = [
    path("<int:number>/state/", views.state, name="state"),
    path("<int:number>/cancel/", views.cancel, name="cancel"),
]
