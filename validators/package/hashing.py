"""The SHA-256 of what was read, found while it is taken apart.

Of a file of a hundred megabytes it takes as long as a rule or two. Python lets go of everything
meanwhile, so that another processor does it beside the rest.
"""

from __future__ import annotations

import hashlib
from threading import Thread

BESIDE = 2**20
"""Bytes from which it is worth a thread."""


class Hashing:
    """The SHA-256 of bytes, to be asked for later."""

    def __init__(self, data: bytes) -> None:
        self._sha256 = hashlib.sha256()
        self._thread: Thread | None = None
        if len(data) < BESIDE:
            self._sha256.update(data)
        else:
            self._thread = Thread(target=self._sha256.update, args=(data,), daemon=True)
            self._thread.start()

    def hexdigest(self) -> str:
        """In hexadecimal digits."""
        if self._thread:
            self._thread.join()
        return self._sha256.hexdigest()
