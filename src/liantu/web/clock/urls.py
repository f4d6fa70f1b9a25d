"""Addresses of the app."""

from django.urls import path

from liantu.web.clock import views

app_name = "clock"
urlpatterns = [
    path("manage/calendar/", views.calendar, name="calendar"),
    path("manage/calendar/day/", views.set_day, name="set-day"),
    path("manage/calendar/day/<int:day>/clear/", views.clear_day, name="clear-day"),
    path("manage/calendar/cadence/", views.set_cadence, name="set-cadence"),
]
