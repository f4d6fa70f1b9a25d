"""Which handler does which kind of job. Owns: that mapping. Never: handlers."""

from __future__ import annotations

from collections.abc import Mapping

from liantu.web.jobs.child import Handler

# A kind has its words in words/jobs.csv, `kind-…`.
HANDLERS: Mapping[str, Handler] = {}
