"""Addresses of the app."""

from django.urls import path

from liantu.web.registry.views import records

app_name = "registry"
urlpatterns: list[object] = [
    path("registers/", records.index, name="index"),
    path("registers/<slug:table>/", records.shelf, name="list"),
    path("registers/<slug:table>/new/", records.new, name="new"),
    path("registers/<slug:table>/export.<slug:kind>", records.export, name="export"),
    path("registers/<slug:table>/<int:record>/", records.record, name="record"),
    path("registers/<slug:table>/<int:record>/edit/", records.edit, name="edit"),
    path("registers/<slug:table>/<int:record>/retire/", records.retire, name="retire"),
    path("registers/<slug:table>/<int:record>/undo/<int:revision>/", records.undo, name="undo"),
    path("imports/", records.index, name="imports"),
    path("versions/", records.index, name="versions"),
]
