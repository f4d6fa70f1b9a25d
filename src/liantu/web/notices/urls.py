"""Addresses of the app."""

from django.urls import path

from liantu.web.notices import views

app_name = "notices"
urlpatterns = [
    path("notices/", views.index, name="index"),
    path("notices/read/", views.read, name="read"),
    path("notices/<int:notice>/", views.follow, name="follow"),
]
