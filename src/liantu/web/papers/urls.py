"""Addresses of the app."""

from django.urls import path

from liantu.web.papers import views

app_name = "papers"
urlpatterns = [
    path("", views.index, name="index"),
    path("<int:number>/", views.paper, name="paper"),
    path("<int:number>/approve/", views.approve, name="approve"),
    path("<int:number>/report.<str:form>", views.file, name="file"),
]
