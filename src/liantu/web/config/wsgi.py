"""What the server calls. Owns: the application. Never: starting a server."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "liantu.web.config.settings")
application = get_wsgi_application()
