"""Fetch files over http and https, with limits, from nobody's address but the one that was meant.

What is refused, each with one plain line: a redirect too many, to another scheme, from https to
http; an address that is not one of the public network, unless it is the one that was asked for,
and then everything else; a body beyond a limit, shorter or longer than it says, packed, or
cut off; an answer that does not come, trickles or never ends; a certificate that does not hold.

A name is resolved once. Every address that it has is looked at, and the connection goes to one
of these very addresses: a name that means something else a moment later changes nothing.
Proxies are not used, whatever HTTP_PROXY and HTTPS_PROXY say: behind one, nobody here could tell
which address is reached. No cookies are kept. SSL_CERT_FILE names other certificates to trust.
"""

from __future__ import annotations

import http.client
import io
import os
import socket
import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from relations.validators.package.address import Address, is_public
from relations.validators.package.files import NotAPackage
from relations.validators.package.limits import (
    MAX_DOWNLOAD,
    MAX_FILE,
    MAX_FILES,
    MAX_REDIRECTS,
    MAX_SECONDS,
    MAX_WAIT,
)
from relations.validators.stop import CannotDo

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_CHUNK = 64 * 1024
_PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy")


class CannotFetch(CannotDo):
    """A file cannot be had from the network; the message is one plain line.

    ``status`` is the one that the server answered with, where it did.
    """

    def __init__(self, message: str, status: int = 0) -> None:
        super().__init__(message)
        self.status = status


class Fetcher:
    """Fetches files for one package; the limits are those of all of them together."""

    def __init__(self, asked: Address) -> None:
        """``asked`` is the address as a person gave it. Raises CannotDo for a limit that is none.

        Where it is one of this computer or its network, no other host and port is ever asked.
        """
        self._only = (asked.host, asked.port) if asked.is_local else None
        self._per_file = MAX_FILE.value
        self._bytes = MAX_DOWNLOAD.value
        self._files = MAX_FILES.value
        self._seconds = float(MAX_SECONDS.value)
        self._wait = float(MAX_WAIT.value)
        self._redirects = MAX_REDIRECTS.value
        self._resolved: dict[tuple[str, int], list[Any]] = {}
        self._tls: ssl.SSLContext | None = None

    def fetch(self, address: Address) -> tuple[Address, bytes]:
        """The file at an address, and the address that redirects led to.

        Raises FileNotFoundError where the server says that there is none, CannotFetch and
        BeyondLimit.
        """
        if self._files <= 0:
            raise MAX_FILES.refusal(f"{address}: more files were asked for than")
        self._files -= 1
        began = time.monotonic()
        self._deadline = began + self._seconds
        try:
            return self._follow(address)
        finally:
            self._seconds -= time.monotonic() - began

    def _follow(self, address: Address) -> tuple[Address, bytes]:
        followed = 0
        while True:
            answer = self._ask(address)
            if isinstance(answer, bytes):
                return address, answer
            followed += 1
            if followed > self._redirects:
                raise MAX_REDIRECTS.refusal(f"{address} is redirected more often than")
            address = self._redirected(address, answer)

    def _redirected(self, address: Address, location: str) -> Address:
        try:
            to = address.redirected(location)
        except NotAPackage as error:
            raise CannotFetch(f"{address} is redirected to what is not followed: {error}") from None
        if address.scheme == "https" and to.scheme == "http":
            raise CannotFetch(f"{address} is redirected from https to http, which is not followed")
        return to

    def _ask(self, address: Address) -> bytes | str:
        """The body of the file at an address, or where a redirect leads to."""
        with self._told(address), self._connected(address) as wire:
            connection = http.client.HTTPConnection(address.host, address.port)
            # It reads and writes where it is told to: here.
            connection.sock = wire
            headers = {
                "Host": address.authority,
                "Accept": "*/*",
                "Accept-Encoding": "identity",
                "User-Agent": "relations",
                "Connection": "close",
            }
            if address.credentials:
                headers["Authorization"] = address.credentials
            connection.request("GET", address.target, headers=headers)
            response = connection.getresponse()
            if response.status in _REDIRECTS and (location := response.headers.get("Location")):
                return location
            if response.status in (404, 410):
                raise FileNotFoundError(str(address))
            if response.status != 200:
                # The words that belong to the number, and not whatever the server makes of them.
                meaning = http.client.responses.get(response.status, "")
                raise CannotFetch(
                    f"{address} cannot be fetched: the server answers "
                    f"{response.status} {meaning}".rstrip(),
                    response.status,
                )
            return self._body(address, response, wire)

    def _body(self, address: Address, response: http.client.HTTPResponse, wire: _Wire) -> bytes:
        for header in ("Content-Encoding", "Transfer-Encoding"):
            stated = ", ".join(response.headers.get_all(header, [])).strip().lower()
            plain = ("", "identity") if header == "Content-Encoding" else ("", "chunked")
            if stated not in plain:
                raise CannotFetch(
                    f"{address} comes packed ({stated[:40]}), which was not asked for"
                )
        if len(set(response.headers.get_all("Content-Length", []))) > 1:
            raise CannotFetch(f"{address} says twice how long it is, and not the same")
        # None where it is not said: then the end of the connection is the end of the file.
        length = response.length
        if length is not None and length > self._per_file:
            raise MAX_FILE.refusal(f"{address} is larger than")
        body = io.BytesIO()
        while chunk := response.read(_CHUNK):
            body.write(chunk)
            if body.tell() > self._per_file:
                raise MAX_FILE.refusal(f"{address} is larger than")
        if length is not None:
            if body.tell() < length:
                raise CannotFetch(
                    f"{address} ends after {body.tell()} bytes of the {length} that were announced"
                )
            if wire.has_more():
                raise CannotFetch(f"{address} is longer than the {length} bytes announced")
        return body.getvalue()

    @contextmanager
    def _told(self, address: Address) -> Iterator[None]:
        """What goes wrong on the way, as one line each."""
        try:
            yield
        except ssl.SSLCertVerificationError as error:
            said = error.verify_message or error.reason
            raise CannotFetch(f"the certificate of {address} does not hold: {said}") from error
        except ssl.SSLError as error:
            said = (error.reason or "it breaks off").replace("_", " ").lower()
            raise CannotFetch(f"no safe connection with {address}: {said}") from error
        except TimeoutError as error:
            if time.monotonic() >= self._deadline:
                raise MAX_SECONDS.refusal(f"{address}: fetching takes longer than") from error
            raise MAX_WAIT.refusal(f"{address} sends nothing for longer than") from error
        except http.client.IncompleteRead as error:
            raise CannotFetch(f"{address} breaks off in the middle") from error
        except (http.client.HTTPException, ValueError) as error:
            # A ValueError: a chunk of a negative length.
            raise CannotFetch(f"{address} does not answer as a web server does") from error
        except FileNotFoundError:
            raise
        except OSError as error:
            said = error.strerror or str(error)
            unused = next((name for name in _PROXIES if os.environ.get(name)), None)
            hint = f" ({unused} is set, but no proxy is used here)" if unused else ""
            raise CannotFetch(f"{address} cannot be reached: {said}{hint}") from error

    def patience(self) -> float:
        """How long the next step may take. Raises TimeoutError where there is no time left."""
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return min(self._wait, left)

    @contextmanager
    def _connected(self, address: Address) -> Iterator[_Wire]:
        plain = self._connect(address)
        with plain:
            used = plain
            if address.scheme == "https":
                plain.settimeout(self.patience())
                used = self._context().wrap_socket(
                    # An end that the other side has not signed may be anybody's.
                    plain,
                    server_hostname=address.host,
                    suppress_ragged_eofs=False,
                )
            with used:
                yield _Wire(self, used, address)

    def _context(self) -> ssl.SSLContext:
        if self._tls is None:
            self._tls = ssl.create_default_context()
        return self._tls

    def _connect(self, address: Address) -> socket.socket:
        failed: OSError | None = None
        for family, kind, protocol, _, where in self._resolve(address):
            connection = socket.socket(family, kind, protocol)
            try:
                connection.settimeout(self.patience())
                connection.connect(where)
            except OSError as error:
                connection.close()
                failed = error
            else:
                return connection
        raise failed or OSError("it has no address")

    def _resolve(self, address: Address) -> list[Any]:
        """Where to connect to for a host, looked up once and looked at before anything is sent."""
        host = (address.host, address.port)
        if self._only and host != self._only:
            raise CannotFetch(
                f"{address} is not asked: the package lies on this computer or its network, and "
                "nothing elsewhere is fetched for it"
            )
        if host not in self._resolved:
            try:
                found = socket.getaddrinfo(*host, type=socket.SOCK_STREAM)
            except OSError as error:
                raise CannotFetch(f"{address}: there is no host of this name") from error
            for *_, where in found:
                if not self._only and not is_public(str(where[0])):
                    raise CannotFetch(
                        f"{address} is not asked: its host is {where[0]}, which is no address of "
                        "the public network"
                    )
            self._resolved[host] = found
        return self._resolved[host]

    def received(self, count: int, address: Address) -> None:
        """Count bytes that came in. Raises BeyondLimit where they are too many."""
        self._bytes -= count
        if self._bytes < 0:
            raise MAX_DOWNLOAD.refusal(f"{address}: what is downloaded is more than")


class _Wire(io.RawIOBase):
    """A connection as http.client takes it, each read of which has an end."""

    def __init__(self, fetcher: Fetcher, connection: socket.socket, address: Address) -> None:
        self._fetcher = fetcher
        self._connection = connection
        self._address = address
        self._reader = _Reader(self)
        self._waits = True

    def sendall(self, data: bytes) -> None:
        self._connection.settimeout(self._fetcher.patience())
        self._connection.sendall(data)

    def makefile(self, _: str) -> io.BufferedReader:
        return self._reader

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        self._connection.settimeout(self._fetcher.patience() if self._waits else 0)
        try:
            count = self._connection.recv_into(buffer)
        except (BlockingIOError, ssl.SSLWantReadError):
            return None
        except (ssl.SSLEOFError, ConnectionError):
            if self._waits:
                raise
            return 0
        self._fetcher.received(count, self._address)
        return count

    def close(self) -> None:
        """Nothing: http.client closes before it reads. Whoever connected ends the connection."""

    def has_more(self) -> bool:
        """Whether bytes have come that nobody has read, without waiting for any."""
        self._waits = False
        return bool(self._reader.peek(1))


class _Reader(io.BufferedReader):
    """Stays open when http.client has read an answer to its end, so that the rest can be seen."""

    def close(self) -> None:
        """Nothing, as above."""
