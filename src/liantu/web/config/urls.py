"""Which app answers which address. Owns: the prefixes. Never: views."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [
    path("", include("liantu.web.desk.urls")),
    path("", include("liantu.web.accounts.urls")),
    path("", include("liantu.web.chain.urls")),
    path("", include("liantu.web.work.urls")),
    path("", include("liantu.web.registry.urls")),
    path("jobs/", include("liantu.web.jobs.urls")),
    path("", include("liantu.web.clock.urls")),
    path("", include("liantu.web.notices.urls")),
    path("reports/", include("liantu.web.papers.urls")),
    path("", include("liantu.web.manage.urls")),
    path("api/v1/", include("liantu.web.api.urls")),
]
handler400 = "liantu.web.kit.pages.bad_request"
handler403 = "liantu.web.kit.pages.forbidden"
handler404 = "liantu.web.kit.pages.not_found"
handler500 = "liantu.web.kit.pages.failed"
