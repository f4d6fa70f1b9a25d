"""Addresses of the app."""

from django.urls import path

from liantu.web.chain import views

app_name = "chain"
urlpatterns: list[object] = [
    path("chain/", views.chain_map, name="map"),
    path("balance/", views.balance, name="balance"),
    path("recruit/", views.recruit, name="recruit"),
    path("plan/", views.plan, name="plan"),
    path("coupling/", views.coupling, name="coupling"),
]
