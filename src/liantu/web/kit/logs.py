"""Log lines as JSON, one a line. Owns: their form. Never: who logs, personal data."""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime

from liantu.web.kit import trace


class JsonLines(logging.Formatter):
    """Time, level, logger, request and message; control characters are escaped by JSON itself."""

    def format(self, record: logging.LogRecord) -> str:
        """One line."""
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "request": trace.current().request,
            "message": record.getMessage(),
        }
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)
