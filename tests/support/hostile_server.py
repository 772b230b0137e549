"""A web server on loopback that answers with whatever bytes a test wants, good or bad."""

from __future__ import annotations

import contextlib
import ipaddress
import shutil
import socket
import ssl
import subprocess
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

PUBLIC = "93.184.216.34"
"""An address of the public network; in these tests it leads to the server on loopback."""


@dataclass
class Server:
    """``requests`` are those that came, each with its lines; ``port`` is where it listens."""

    port: int
    stopping: threading.Event
    requests: list[list[str]] = field(default_factory=list)

    @property
    def asked(self) -> list[str]:
        """The paths that were asked for, in their order."""
        return [lines[0].split(" ")[1] for lines in self.requests]

    def headers(self, name: str) -> list[str]:
        """What each request had under a name, of those that had it."""
        start = f"{name.lower()}: "
        return [
            line[len(start) :]
            for lines in self.requests
            for line in lines[1:]
            if line.lower().startswith(start)
        ]


@dataclass(frozen=True, slots=True)
class Request:
    """One request: what was asked for, the connection, which is closed afterwards, and whether
    the server is about to end."""

    path: str
    connection: socket.socket
    stopping: threading.Event

    def send(self, data: bytes) -> None:
        """Send these very bytes."""
        self.connection.sendall(data)


Answer = Callable[[Request], None]


@contextlib.contextmanager
def serving(answer: Answer, tls: ssl.SSLContext | None = None) -> Iterator[Server]:
    """Listen, and answer each connection in a thread of its own; all have ended afterwards."""
    listening = socket.create_server(("127.0.0.1", 0))
    server = Server(listening.getsockname()[1], threading.Event())
    threads: list[threading.Thread] = []

    def talk(connection: socket.socket) -> None:
        # Whoever asked may have gone, which is what most tests are about.
        with contextlib.suppress(OSError), connection:
            connection.settimeout(60)
            used = tls.wrap_socket(connection, server_side=True) if tls else connection
            with used:
                path = _request(server, used)
                if path is not None:
                    answer(Request(path, used, server.stopping))

    def listen() -> None:
        while True:
            try:
                connection, _ = listening.accept()
            except OSError:
                return
            thread = threading.Thread(target=talk, args=(connection,))
            threads.append(thread)
            thread.start()

    main = threading.Thread(target=listen)
    main.start()
    try:
        yield server
    finally:
        server.stopping.set()
        # Closing alone does not wake who waits in accept.
        with contextlib.suppress(OSError):
            listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        main.join()
        for thread in threads:
            thread.join()


def _request(server: Server, connection: socket.socket) -> str | None:
    data = b""
    while b"\r\n\r\n" not in data:
        more = connection.recv(65536)
        if not more:
            return None
        data += more
    lines = data.partition(b"\r\n\r\n")[0].decode("latin-1").split("\r\n")
    server.requests.append(lines)
    return lines[0].split(" ")[1]


def with_body(body: bytes, status: str = "200 OK", *headers: str) -> bytes:
    """A whole answer."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers, "", ""]
    return "\r\n".join(lines).encode("latin-1") + body


def always(data: bytes) -> Answer:
    """The same bytes for whatever is asked."""
    return lambda request: request.send(data)


def redirecting(to: str, status: str = "302 Found") -> Answer:
    """Everything is elsewhere."""
    return always(with_body(b"", status, f"Location: {to}"))


def files_of(root: Path, below: str = "/pkg/") -> Answer:
    """The files of a folder, as a web server has them."""

    def answer(request: Request) -> None:
        name = request.path.partition("?")[0].removeprefix(below)
        file = root / name
        if request.path.startswith(below) and ".." not in name and file.is_file():
            request.send(with_body(file.read_bytes()))
        else:
            request.send(with_body(b"none", "404 Not Found"))

    return answer


def forever(start: bytes, again: bytes, pause: float = 0) -> Answer:
    """Something first, and then the same again and again, for as long as anybody listens."""

    def answer(request: Request) -> None:
        request.send(start)
        while not request.stopping.wait(pause if again else None):
            if again:
                request.send(again)

    return answer


@dataclass
class Names:
    """What host names mean. ``asked`` are the names that were looked up, ``reached`` the addresses
    that were connected to."""

    answers: dict[str, list[list[str]]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    reached: list[str] = field(default_factory=list)

    def mean(self, name: str, *answers: list[str]) -> None:
        """The first time a name is looked up it has the first addresses, and so on."""
        self.answers[name] = list(answers)

    def look_up(self, host: str, port: int, **_: Any) -> list[Any]:
        """In place of `socket.getaddrinfo`."""
        self.asked.append(host)
        with contextlib.suppress(ValueError):
            return [_found(str(ipaddress.ip_address(host)), port)]
        if host not in self.answers:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        answers = self.answers[host]
        addresses = answers.pop(0) if len(answers) > 1 else answers[0]
        return [_found(each, port) for each in addresses]


def _found(address: str, port: int) -> Any:
    if ":" in address:
        return (socket.AF_INET6, socket.SOCK_STREAM, 6, "", (address, port, 0, 0))
    return (socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))


def name_service(monkeypatch: pytest.MonkeyPatch) -> Names:
    """A network of our own: names as a test wants them, and one public address, on loopback."""
    names = Names()
    real = socket.socket.connect

    class Connecting(socket.socket):
        def connect(self, address: Any) -> None:
            names.reached.append(address[0])
            if address[0] == PUBLIC:
                address = ("127.0.0.1", *address[1:])
            assert ipaddress.ip_address(address[0]).is_loopback, "a test reached out"
            real(self, address)

    monkeypatch.setattr(socket, "getaddrinfo", names.look_up)
    monkeypatch.setattr(socket, "socket", Connecting)
    return names


def certificate(folder: Path, name: str) -> Path:
    """A certificate for a host name that nobody vouches for, with its key, in one file."""
    program = shutil.which("openssl")
    if program is None:
        pytest.skip("there is no openssl to make a certificate with")
    made = folder / f"{name}.pem"
    subprocess.run(
        [
            *(program, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"),
            *("-keyout", str(made), "-out", str(folder / "public.pem")),
            *("-subj", f"/CN={name}", "-addext", f"subjectAltName=DNS:{name}"),
        ],
        check=True,
        capture_output=True,
    )
    with made.open("ab") as file:
        file.write((folder / "public.pem").read_bytes())
    return made


def speaking_tls(made: Path) -> ssl.SSLContext:
    """For a server with this certificate."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(made)
    return context


@contextlib.contextmanager
def serving_raw(answer: Callable[[socket.socket], None]) -> Iterator[int]:
    """Answer one connection before anything is read from it, on the port that is given."""
    listening = socket.create_server(("127.0.0.1", 0))

    def talk() -> None:
        with contextlib.suppress(OSError):
            connection, _ = listening.accept()
            with connection:
                connection.settimeout(60)
                answer(connection)

    thread = threading.Thread(target=talk)
    thread.start()
    try:
        yield listening.getsockname()[1]
    finally:
        with contextlib.suppress(OSError):
            listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        thread.join()
