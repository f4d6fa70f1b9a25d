"""What the server calls. Owns: the application. Never: starting a server."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

from liantu.web.kit.processes import end_with

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "liantu.web.config.settings")
if "LIANTU_SUPERVISED" in os.environ:
    # A process of the server's own: it must not outlive it and keep its address.
    end_with(os.getppid())
application = get_wsgi_application()
