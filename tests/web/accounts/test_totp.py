"""Codes as RFC 4226 (appendix D) and RFC 6238 (appendix B) print them."""

from __future__ import annotations

import pytest

from liantu.web.accounts import totp

KEY = b"12345678901234567890"


RFC_4226 = ["755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583", "399871", "520489"]


def test_the_codes_of_rfc_4226() -> None:
    assert RFC_4226 == [totp.code(KEY, counter) for counter in range(10)]


@pytest.mark.parametrize(
    ("at", "printed"),
    [
        (59, "94287082"),
        (1111111109, "07081804"),
        (1111111111, "14050471"),
        (1234567890, "89005924"),
        (2000000000, "69279037"),
        (20000000000, "65353130"),
    ],
)
def test_the_codes_of_rfc_6238(at: int, printed: str) -> None:
    assert printed == totp.code(KEY, at // totp.STEP, digits=8)


def test_a_code_is_right_one_step_off_and_no_more() -> None:
    code = totp.code(KEY, 100)

    assert [None, 100, 100, 100, None] == [totp.matched(KEY, code, now=30.0 * step) for step in (98, 99, 100, 101, 102)]


def test_a_code_does_not_work_twice() -> None:
    assert totp.matched(KEY, totp.code(KEY, 100), last=100, now=3000.0) is None


def test_the_secret_is_not_what_the_database_holds() -> None:
    seed = totp.new_seed()

    assert 20 == len(totp.secret(seed))
    assert seed not in totp.readable(totp.secret(seed))


def test_recovery_codes_are_ten_and_read_with_or_without_spaces() -> None:
    codes = totp.recovery_codes()

    assert 10 == len(set(codes))
    assert totp.recovery_digest(codes[0]) == totp.recovery_digest(f"{codes[0][:8]} {codes[0][8:].upper()}")
