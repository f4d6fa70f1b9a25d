"""The workbench's settings for tests: a folder of their own, a cheap password hash. `DATABASE_URL` chooses the database."""

import os
import tempfile

os.environ.setdefault("LIANTU_HOME", tempfile.mkdtemp(prefix="liantu-test-"))

from liantu.web.config.settings import *  # noqa: F403
from liantu.web.config.settings import DATABASES, HOME

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A file, not memory: what is tested is the database that is shipped, with its locks and its journal.
    DATABASES["default"]["TEST"] = {"NAME": str(HOME / "test.sqlite3")}
