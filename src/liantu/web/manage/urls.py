"""Addresses of the app."""

from django.urls import path

from liantu.web.manage.views import health, people, roles, trail

app_name = "manage"
urlpatterns: list[object] = [
    path("manage/people/", people.people, name="people"),
    path("manage/people/new/", people.new_person, name="new-person"),
    path("manage/people/<int:person>/", people.person, name="person"),
    path("manage/people/<int:person>/change/", people.change_person, name="change-person"),
    path("manage/people/<int:person>/switch/", people.switch_person, name="switch-person"),
    path("manage/people/<int:person>/password/", people.reset_password, name="reset-password"),
    path("manage/people/<int:person>/authenticator/", people.drop_authenticator, name="drop-authenticator"),
    path("manage/people/<int:person>/sessions/", people.end_sessions, name="end-sessions"),
    path("manage/people/<int:person>/role/", people.propose_role, name="propose-role"),
    path("manage/organisations/", people.organisations, name="organisations"),
    path("manage/organisations/new/", people.new_organisation, name="new-organisation"),
    path("manage/organisations/<int:organisation>/", people.organisation, name="organisation"),
    path("manage/organisations/<int:organisation>/change/", people.change_organisation, name="change-organisation"),
    path("manage/organisations/<int:organisation>/switch/", people.switch_organisation, name="switch-organisation"),
    path("manage/roles/", roles.roles, name="roles"),
    path("manage/roles/<int:grant>/confirm/", roles.confirm, name="confirm-role"),
    path("manage/roles/<int:grant>/refuse/", roles.refuse, name="refuse-role"),
    path("manage/roles/<int:grant>/end/", roles.end, name="end-role"),
    path("manage/roles/<int:grant>/review/", roles.review, name="review-role"),
    path("manage/audit/", trail.audit, name="audit"),
    path("manage/audit/export/", trail.export, name="audit-export"),
    path("manage/audit/anchor/", trail.anchor, name="audit-anchor"),
    path("manage/audit/<int:seq>/", trail.event, name="event"),
    path("manage/health/", health.health, name="health"),
    path("health/live/", health.live, name="live"),
]
