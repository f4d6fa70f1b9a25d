"""Addresses of the app."""

app_name = "api"
urlpatterns: list[object] = []
