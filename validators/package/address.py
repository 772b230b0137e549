"""The address of a package on the network: http or https, a descriptor, a zip, or a folder."""

from __future__ import annotations

import base64
import ipaddress
import re
from dataclasses import dataclass, replace
from urllib.parse import quote, unquote, urljoin, urlsplit

from relations.validators.package.files import ARCHIVE, DESCRIPTOR, NotAPackage, safe_name

PORTS = {"http": 80, "https": 443}
_KEPT = "/%:@!$&'()*+,;=~-._"
"""What stands in a path of an address as it is; anything else is written as %XX."""
_SHOWN = 200
"""How much is shown of what is no address."""
_LOCAL_NAMES = (".localhost", ".local", ".internal", ".home.arpa", ".test")
"""Endings of names that nobody can register for the public network."""


@dataclass(frozen=True, slots=True)
class Address:
    """An address taken apart. ``host`` is lower case and ASCII; ``path`` begins with a slash.

    As text it is what reports and messages show: without the user and password, and without the
    query, where a secret may stand. ``credentials`` is what to send for them, or empty.
    """

    scheme: str
    host: str
    port: int
    path: str
    query: str = ""
    credentials: str = ""

    @classmethod
    def parse(cls, text: str) -> Address:
        """Take an address apart. Raises NotAPackage with one line where it cannot be one."""
        shown = re.sub(r"//[^/]*@", "//", text).partition("?")[0][:_SHOWN]
        unread = NotAPackage(f"{shown} is no address that can be read")
        try:
            parts = urlsplit(text)
            host, port = parts.hostname or "", parts.port
            if not _is_literal(host):
                host = host.encode("idna").decode("ascii") if host else ""
        except ValueError:
            # UnicodeError is one. What it says may hold a password.
            raise unread from None
        if parts.scheme not in PORTS:
            raise NotAPackage(f"{shown}: only addresses of http and https are read")
        if port == 0 or not (_is_literal(host) or re.fullmatch(r"[a-z0-9._-]+", host)):
            raise unread
        credentials = ""
        if parts.username is not None:
            both = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
            credentials = "Basic " + base64.b64encode(both.encode("utf-8")).decode("ascii")
        return cls(
            parts.scheme,
            host,
            port or PORTS[parts.scheme],
            quote(parts.path or "/", safe=_KEPT),
            quote(parts.query, safe=_KEPT + "?"),
            credentials,
        )

    @property
    def authority(self) -> str:
        """Host and port, as the header `Host` has them."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def target(self) -> str:
        """What is asked for: path and query."""
        return f"{self.path}?{self.query}" if self.query else self.path

    @property
    def is_local(self) -> bool:
        """Whether whoever wrote it can only have meant this computer or its own network.

        That is an address in figures that is not a public one, or a name that cannot be public.
        """
        if _is_literal(self.host):
            return not is_public(self.host)
        return "." not in self.host or self.host.endswith(_LOCAL_NAMES)

    @property
    def is_archive(self) -> bool:
        """Whether it is that of a zip."""
        return self.path.lower().endswith(ARCHIVE)

    def of_package(self) -> Address:
        """The address of the descriptor or zip that is meant: itself, or the one in the folder."""
        if self.path.lower().endswith((".json", ARCHIVE)):
            return self
        return replace(self, path=f"{self.path.rstrip('/')}/{DESCRIPTOR}", query="")

    def beside(self, name: str) -> Address:
        """The address of a file in the same folder or below. Raises UnsafePath."""
        inside = quote(str(safe_name(name)), safe="/")
        return replace(self, path=f"{self.path.rpartition('/')[0]}/{inside}", query="")

    def redirected(self, location: str) -> Address:
        """Where a redirect leads to; what was sent for a user goes to the same place alone."""
        full = f"{self.scheme}://{self.authority}{self.target}"
        try:
            to = urljoin(full, location)
        except ValueError:
            # It is no address at all; parsing it says so.
            to = location
        found = Address.parse(to)
        same = (found.scheme, found.host, found.port) == (self.scheme, self.host, self.port)
        return replace(found, credentials=self.credentials if same else "")

    def __str__(self) -> str:
        return f"{self.scheme}://{self.authority}{self.path}"


def _is_literal(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


_GLOBAL_UNICAST = ipaddress.IPv6Network("2000::/3")
_CARRYING_IPV4 = ipaddress.IPv6Network("64:ff9b::/96")


def is_public(address: str) -> bool:
    """Whether an IP address is one of the public network.

    Not so are loopback, private, link-local, multicast, unspecified and reserved ones, and
    those of version 6 that stand for such a one of version 4.
    """
    ip = ipaddress.ip_address(address)
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour
        if ip in _CARRYING_IPV4:
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is None:
            return ip.is_global and ip in _GLOBAL_UNICAST
        ip = inner
    return ip.is_global and not ip.is_multicast and not ip.is_reserved
