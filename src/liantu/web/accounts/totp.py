"""Codes of an authenticator, RFC 6238. Owns: secret, its picture, code, when one is right. Never: whose it is, storing anything.

The secret is made of a seed and a key that lies outside the database: who reads the database cannot make codes.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
import struct
import time
from urllib.parse import quote

import segno
from django.conf import settings
from markupsafe import Markup

STEP, DIGITS = 30, 6
# A clock may be one step off either way.
_DRIFT = 1
RECOVERY_CODES = 10
_RECOVERY_BYTES = 10


def new_seed() -> str:
    """Something to make a secret of."""
    return secrets.token_hex(16)


def secret(seed: str) -> bytes:
    """The secret that the authenticator holds: 160 bits."""
    return hmac.digest(settings.TOTP_KEY.encode(), seed.encode(), "sha256")[:20]


def readable(key: bytes) -> str:
    """The secret as authenticators take it, in base 32."""
    return base64.b32encode(key).decode()


def address(key: bytes, username: str) -> str:
    """The address that an authenticator reads from a picture."""
    return f"otpauth://totp/{quote('链图:' + username)}?secret={readable(key)}&issuer={quote('链图')}&digits={DIGITS}&period={STEP}"


def picture(text: str) -> Markup:
    """The address as a QR code: black on white whatever the theme, as cameras want it."""
    return Markup(segno.make(text, error="m", micro=False).svg_inline(scale=5, border=4, dark="#000", light="#fff", omitsize=True))  # noqa: S704 - drawn here, no text in it


def code(key: bytes, counter: int, digits: int = DIGITS) -> str:
    """The code of one time step, RFC 4226."""
    digest = hmac.digest(key, struct.pack(">Q", counter), "sha1")
    at = digest[-1] & 0x0F
    number = int.from_bytes(digest[at : at + 4]) & 0x7FFFFFFF
    return f"{number % 10**digits:0{digits}d}"


def matched(key: bytes, given: str, last: int = 0, now: float | None = None) -> int | None:
    """The time step whose code was given, if it is later than the ``last`` one used: a code works once."""
    here = int((time.time() if now is None else now) // STEP)
    for counter in range(here - _DRIFT, here + _DRIFT + 1):
        if counter > last and hmac.compare_digest(code(key, counter).encode(), given.encode()):
            return counter
    return None


def recovery_codes() -> list[str]:
    """New codes for a lost authenticator, each ten groups of bits enough not to be guessed."""
    return [base64.b32encode(secrets.token_bytes(_RECOVERY_BYTES)).decode().lower() for _ in range(RECOVERY_CODES)]


def recovery_digest(given: str) -> str:
    """What is kept of a recovery code."""
    plain = "".join(given.split()).replace("-", "").lower()
    return hashlib.sha256(f"{settings.TOTP_KEY}:{plain}".encode()).hexdigest()
