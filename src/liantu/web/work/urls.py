"""Addresses of the app."""

from django.urls import path

from liantu.web.work import scenes, views

app_name = "work"
urlpatterns: list[object] = [
    path("runs/", views.runs, name="runs"),
    path("runs/ask/", views.ask, name="ask"),
    path("runs/compare/", views.compare, name="compare"),
    path("runs/<int:number>/", views.run, name="run"),
    path("runs/<int:number>/state/", views.state, name="state"),
    path("runs/<int:number>/record.json", views.record, name="record"),
    path("scenarios/", scenes.scenarios, name="scenarios"),
    path("scenarios/new/", scenes.new, name="scenario-new"),
    path("scenarios/compare/", scenes.compare, name="scenario-compare"),
    path("scenarios/<int:number>/", scenes.scenario, name="scenario"),
    path("scenarios/<int:number>/edit/", scenes.edit, name="scenario-edit"),
    path("scenarios/<int:number>/share/", scenes.share, name="scenario-share"),
    path("scenarios/<int:number>/retire/", scenes.retire, name="scenario-retire"),
]
