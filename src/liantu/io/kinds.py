"""What a file is by its first bytes. Owns: the signs of kinds that are no table. Never: reading them."""

from __future__ import annotations

import re

_SIGNS = (
    (b"PK\x03\x04", "ZIP / XLSX"), (b"\xd0\xcf\x11\xe0", "XLS / DOC"), (b"%PDF", "PDF"), (b"\x89PNG", "PNG"), (b"\xff\xd8\xff", "JPEG"),
    (b"GIF8", "GIF"), (b"{\\rtf", "RTF"), (b"\x1f\x8b", "GZIP"), (b"Rar!", "RAR"), (b"7z\xbc\xaf", "7-Zip"),
)  # fmt: skip
# What many office systems export under the name of .xls.
_HTML = re.compile(rb"\s*(?:\xef\xbb\xbf)?\s*<(?:!doctype html|html|head|meta|table|div)\b", re.IGNORECASE)
_XML = re.compile(rb"\s*(?:\xef\xbb\xbf)?\s*<\?xml")


def kind(data: bytes) -> str:
    """The kind of file that the bytes begin, blank if they may be text.

    >>> kind(b"%PDF-1.7"), kind(b"<html><table>"), kind("编号,名称".encode())
    ('PDF', 'HTML', '')
    """
    head = data[:512]
    if _HTML.match(head):
        return "HTML"
    if _XML.match(head):
        return "XML"
    return next((name for sign, name in _SIGNS if head.startswith(sign)), "")
