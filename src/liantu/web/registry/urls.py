"""Addresses of the app."""

from django.urls import path

from liantu.web.registry.views import imports, records, versions

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
    path("imports/", imports.index, name="imports"),
    path("imports/<int:batch>/", imports.batch, name="import"),
    path("imports/<int:batch>/match/", imports.match, name="match"),
    path("imports/<int:batch>/enter/", imports.enter, name="enter"),
    path("imports/<int:batch>/undo/", imports.undo, name="undo-import"),
    path("imports/<int:batch>/discard/", imports.discard, name="discard"),
    path("imports/<int:batch>/marked.xlsx", imports.marked, name="marked"),
    path("versions/", versions.index, name="versions"),
    path("versions/propose/", versions.propose, name="propose"),
    path("versions/<int:number>/", versions.version, name="version"),
    path("versions/<int:number>/publish/", versions.publish, name="publish"),
    path("versions/<int:number>/withdraw/", versions.withdraw, name="withdraw"),
    path("versions/<int:number>/against/<int:other>/", versions.compare, name="compare"),
    path("versions/<int:number>/package.zip", versions.package, name="package"),
]
