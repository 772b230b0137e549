"""A package on the network: checked like its folder, and whatever a server does is one line."""

from __future__ import annotations

import gzip
import json
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from relations.schemas.tables import TABLES
from relations.validators.check import check
from relations.validators.example import Cell, good
from relations.validators.package.address import Address, is_public
from relations.validators.package.files import NotAPackage, UnsafePath
from support.commands import Done, Shell
from support.editing import EXAMPLE_PACKAGE, edited
from support.hostile_server import (
    PUBLIC,
    Answer,
    Names,
    Request,
    Server,
    always,
    certificate,
    files_of,
    forever,
    name_service,
    redirecting,
    serving,
    serving_raw,
    speaking_tls,
    with_body,
)
from support.watched import watched_apart
from support.zips import made, package

DESCRIPTOR = "/pkg/datapackage.json"
ALL = [DESCRIPTOR, "/pkg/relations.toml", *(f"/pkg/datapackage/{table}.csv" for table in TABLES)]
SMALL = {
    "RELATIONS_MAX_FILE": "200K",
    "RELATIONS_MAX_DOWNLOAD": "1M",
    "RELATIONS_MAX_SECONDS": "2",
    "RELATIONS_MAX_WAIT": "1",
}


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shell:
    return Shell(tmp_path, monkeypatch)


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> Names:
    found = name_service(monkeypatch)
    found.mean("public.example", [PUBLIC])
    found.mean("localhost", ["127.0.0.1"])
    return found


@pytest.fixture
def example() -> Iterator[Server]:
    with serving(files_of(EXAMPLE_PACKAGE)) as server:
        yield server


def refused(done: Done) -> str:
    """The one line that a command gave back instead of an answer."""
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("relations: ")
    assert done.err.endswith("\n")
    assert done.err.count("\n") == 1
    return done.err.removeprefix("relations: ").removesuffix("\n")


@pytest.mark.parametrize("end", ["/pkg/datapackage.json", "/pkg", "/pkg/"])
def test_a_package_at_an_address_is_checked_like_its_folder(
    end: str, example: Server, tmp_path: Path
) -> None:
    report = check(f"http://127.0.0.1:{example.port}{end}")
    (tmp_path / "none").mkdir()
    folder = check(EXAMPLE_PACKAGE, seeds=tmp_path / "none")
    assert [(each.code, each.location) for each in report.findings] == [
        (each.code, each.location) for each in folder.findings
    ]
    assert report.row_counts == folder.row_counts
    assert (report.failures, report.skipped) == ((), ())
    assert report.path == f"http://127.0.0.1:{example.port}{DESCRIPTOR}"
    # Nothing else is asked for, the texts of the sources least of all.
    assert example.asked == ALL


def test_with_a_seeds_folder_of_ones_own_the_passages_are_verified(example: Server) -> None:
    report = check(f"http://127.0.0.1:{example.port}{DESCRIPTOR}", seeds=EXAMPLE_PACKAGE / "seeds")
    assert report.findings == ()
    assert report.spans.verified == report.spans.cited > 0
    assert example.asked == ALL


def test_a_zip_at_an_address() -> None:
    with serving(always(with_body(made(package)))) as server:
        report = check(f"http://127.0.0.1:{server.port}/files/example.ZIP?download=1")
    assert [each.code for each in report.findings] == ["source-text-absent"]
    assert report.path == f"http://127.0.0.1:{server.port}/files/example.ZIP"
    assert server.asked == ["/files/example.ZIP?download=1"]


def test_a_finding_has_its_place(shell: Shell, tmp_path: Path) -> None:
    root = edited(good(Cell("visits", "V0001", "end_date", "2020-01-01")), tmp_path)
    with serving(files_of(root)) as server:
        address = f"http://127.0.0.1:{server.port}{DESCRIPTOR}"
        selected = ("check", address, "--select", "end-before-start", "--output-format")
        done, concise, sarif = (shell(*selected, name) for name in ("json", "concise", "sarif"))
    report = json.loads(done.out)
    assert done.code == 1
    place = f"http://127.0.0.1:{server.port}/pkg/datapackage/visits.csv"
    assert concise.out.startswith(f"{place}:2:")
    [found] = json.loads(sarif.out)["runs"][0]["results"]
    assert found["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == place
    assert report["package"]["path"] == address
    assert report["findings"][0]["location"]["file"] == "datapackage/visits.csv"


def test_suppressions_beside_the_descriptor_are_heeded(tmp_path: Path) -> None:
    root = edited(good(), tmp_path)
    (root / "relations.toml").write_text(
        '[[suppress]]\nrule = "source-text-absent"\nreason = "it is not ours"\n', "utf-8"
    )
    with serving(files_of(root)) as server:
        report = check(f"http://127.0.0.1:{server.port}/pkg")
    assert report.findings == ()
    assert [reason for _, reason in report.suppressed] == ["it is not ours"]


def test_a_store_that_hides_what_it_lacks() -> None:
    serve = files_of(EXAMPLE_PACKAGE)

    def answer(request: Request) -> None:
        if request.path == "/pkg/relations.toml":
            request.send(with_body(b"", "403 Forbidden"))
        else:
            serve(request)

    with serving(answer) as server:
        report = check(f"http://127.0.0.1:{server.port}/pkg")
    assert [each.code for each in report.findings] == ["source-text-absent"]


def test_a_file_that_is_not_there_is_a_finding_and_one_that_fails_is_not(shell: Shell) -> None:
    serve = files_of(EXAMPLE_PACKAGE)
    status = "404 Not Found"

    def answer(request: Request) -> None:
        if request.path.endswith("visits.csv"):
            request.send(with_body(b"", status))
        else:
            serve(request)

    with serving(answer) as server:
        address = f"http://127.0.0.1:{server.port}/pkg"
        report = check(address)
        assert [each.location.file for each in report.findings if each.code == "missing-file"] == [
            "datapackage/visits.csv"
        ]
        status = "503 Service Unavailable"
        assert refused(shell("check", address)) == (
            f"{address}/datapackage/visits.csv cannot be fetched: the server answers "
            "503 Service Unavailable"
        )


# What leads nowhere.


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("ftp://host/datapackage.json", "only addresses of http and https are read"),
        ("file:///etc/passwd", "only addresses of http and https are read"),
        ("http://", "is no address that can be read"),
        ("http://host:99999/x", "is no address that can be read"),
        ("http://host:0/x", "is no address that can be read"),
        ("http://[::1/x", "is no address that can be read"),
        ("http://ho st/x", "is no address that can be read"),
        (f"http://{'a' * 64}.org/x", "is no address that can be read"),
        ("http://none.example/pkg", "there is no host of this name"),
    ],
)
def test_what_is_no_address(address: str, said: str, shell: Shell, names: Names) -> None:
    assert refused(shell("check", address)).endswith(said)
    assert names.reached == []


def test_nobody_listens(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"http://127.0.0.1:{taken.getsockname()[1]}/pkg/datapackage.json"
    assert refused(shell("check", address)) == f"{address} cannot be reached: Connection refused"
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:1")
    assert refused(shell("check", address)) == (
        f"{address} cannot be reached: Connection refused "
        "(HTTPS_PROXY is set, but no proxy is used here)"
    )


def test_proxies_are_not_used(example: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    report = check(f"http://127.0.0.1:{example.port}/pkg")
    assert [each.code for each in report.findings] == ["source-text-absent"]


LINE = b"HTTP/1.1 200 OK\r\n"
BODY = b'{"name": "a"}'


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        pytest.param(
            always(with_body(b"", "404 Not Found")), "no such file: {address}", id="not-there"
        ),
        *(
            pytest.param(
                always(with_body(b"", status)),
                f"{{address}} cannot be fetched: the server answers {status}",
                id=status,
            )
            for status in (
                "201 Created", "204 No Content", "206 Partial Content", "300 Multiple Choices",
                "302 Found", "304 Not Modified", "401 Unauthorized", "403 Forbidden",
                "407 Proxy Authentication Required", "500 Internal Server Error",
            )
        ),
        pytest.param(
            always(with_body(b"", "599 \x1b[31m::error::")),
            "{address} cannot be fetched: the server answers 599",
            id="words-of-its-own",
        ),
        pytest.param(always(b""), "{address} does not answer as a web server does", id="closes"),
        pytest.param(
            always(b"SSH-2.0-OpenSSH_9.6\r\n"),
            "{address} does not answer as a web server does",
            id="another-protocol",
        ),
        pytest.param(
            always(BODY), "{address} does not answer as a web server does", id="no-headers"
        ),
        pytest.param(
            always(LINE + b"X: " + b"x" * 70_000),
            "{address} does not answer as a web server does",
            id="long-header",
        ),
        pytest.param(
            forever(LINE, b"X: x\r\n"),
            "{address} does not answer as a web server does",
            id="headers-without-end",
        ),
        pytest.param(
            forever(b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
            "{address}: what is downloaded is more than 1 MiB, the limit; "
            "RELATIONS_MAX_DOWNLOAD sets another",
            id="continue-without-end",
        ),
        pytest.param(
            forever(LINE + b"\r\n", b"x" * 50_000),
            "{address} is larger than 200 KiB, the limit; RELATIONS_MAX_FILE sets another",
            id="body-without-end",
        ),
        pytest.param(
            forever(LINE + b"Transfer-Encoding: chunked\r\n\r\n", b"5\r\n[[[[[\r\n"),
            "{address} is larger than 200 KiB, the limit; RELATIONS_MAX_FILE sets another",
            id="chunks-without-end",
        ),
        pytest.param(
            forever(LINE + b"Transfer-Encoding: chunked\r\n\r\n-1\r\n", b"[" * 50_000),
            "{address}: what is downloaded is more than 1 MiB, the limit; "
            "RELATIONS_MAX_DOWNLOAD sets another",
            id="negative-chunk",
        ),
        pytest.param(
            always(LINE + b"Transfer-Encoding: chunked\r\n\r\nxyz\r\n"),
            "{address} breaks off in the middle",
            id="chunk-of-no-length",
        ),
        pytest.param(
            always(LINE + b"Content-Length: 99999999999\r\n\r\n"),
            "{address} is larger than 200 KiB, the limit; RELATIONS_MAX_FILE sets another",
            id="announces-too-much",
        ),
        pytest.param(
            always(LINE + b"Content-Length: 100\r\n\r\n" + BODY),
            "{address} ends after 13 bytes of the 100 that were announced",
            id="shorter-than-announced",
        ),
        pytest.param(
            always(LINE + b"Content-Length: 5\r\n\r\n" + BODY),
            "{address} is longer than the 5 bytes announced",
            id="longer-than-announced",
        ),
        pytest.param(
            always(LINE + b"Content-Length: 13\r\nContent-Length: 5\r\n\r\n" + BODY),
            "{address} says twice how long it is, and not the same",
            id="two-lengths",
        ),
        pytest.param(
            always(with_body(gzip.compress(bytes(10**8)), "200 OK", "Content-Encoding: gzip")),
            "{address} comes packed (gzip), which was not asked for",
            id="packed-bomb",
        ),
        pytest.param(
            always(with_body(b"", "200 OK", "Content-Encoding: identity, br")),
            "{address} comes packed (identity, br), which was not asked for",
            id="packed-twice",
        ),
        pytest.param(
            always(LINE + b"Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n"),
            "{address} comes packed (gzip, chunked), which was not asked for",
            id="packed-on-the-way",
        ),
        pytest.param(
            forever(b"", b""),
            "{address} sends nothing for longer than 1 seconds, the limit; "
            "RELATIONS_MAX_WAIT sets another",
            id="silent",
        ),
        pytest.param(
            forever(LINE + b"Content-Length: 100\r\n\r\n{", b""),
            "{address} sends nothing for longer than 1 seconds, the limit; "
            "RELATIONS_MAX_WAIT sets another",
            id="falls-silent",
        ),
        pytest.param(
            forever(LINE, b"X", pause=0.1),
            "{address}: fetching takes longer than 2 seconds, the limit; "
            "RELATIONS_MAX_SECONDS sets another",
            id="headers-in-drops",
        ),
        pytest.param(
            forever(LINE + b"Content-Length: 1000\r\n\r\n", b"[", pause=0.1),
            "{address}: fetching takes longer than 2 seconds, the limit; "
            "RELATIONS_MAX_SECONDS sets another",
            id="body-in-drops",
        ),
        pytest.param(
            redirecting("/pkg/datapackage.json"),
            "{address} is redirected more often than 5, the limit; "
            "RELATIONS_MAX_REDIRECTS sets another",
            id="in-circles",
        ),
    ],
)  # fmt: skip
def test_what_a_server_does_is_one_line(
    answer: Answer, said: str, shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in SMALL.items():
        monkeypatch.setenv(name, value)
    with serving(answer) as server:
        address = f"http://127.0.0.1:{server.port}{DESCRIPTOR}"
        assert refused(shell("check", address)) == said.format(address=address)


def test_the_limits_are_those_of_all_files_together(
    example: Server, shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = f"http://127.0.0.1:{example.port}/pkg"
    with monkeypatch.context() as patched:
        patched.setenv("RELATIONS_MAX_FILES", "3")
        assert refused(shell("check", address)) == (
            f"{address}/datapackage/organizations.csv: more files were asked for than 3, the "
            "limit; RELATIONS_MAX_FILES sets another"
        )
        assert example.asked == ALL[:3]
    size = len((EXAMPLE_PACKAGE / "datapackage.json").read_bytes())
    monkeypatch.setenv("RELATIONS_MAX_DOWNLOAD", str(size + 1000))
    assert "what is downloaded is more than" in refused(shell("check", address))
    monkeypatch.setenv("RELATIONS_MAX_DOWNLOAD", "plenty")
    assert refused(shell("check", address)) == (
        "RELATIONS_MAX_DOWNLOAD takes a size such as 500M, not 'plenty'"
    )
    monkeypatch.delenv("RELATIONS_MAX_DOWNLOAD")
    for variable in ("RELATIONS_MAX_WAIT", "RELATIONS_MAX_SECONDS"):
        with monkeypatch.context() as patched:
            patched.setenv(variable, "0")
            said = f"{variable} takes a second at least, not '0'"
            assert refused(shell("check", address)) == said


def test_memory_is_bounded_while_a_body_does_not_end(tmp_path: Path) -> None:
    with serving(forever(LINE + b"\r\n", b"[" * 65536)) as server:
        done = watched_apart(
            tmp_path,
            *("check", f"http://127.0.0.1:{server.port}/pkg"),
            RELATIONS_MAX_FILE="100M",
        )
    assert done.code == 2
    assert "is larger than 100 MiB, the limit" in done.err
    assert done.peak < 400 * 1024**2


# Where a redirect leads to.

INWARD = [
    "127.0.0.1", "127.9.9.9", "10.0.0.1", "172.16.0.1", "192.168.1.1", "100.64.0.1",
    "169.254.169.254", "0.0.0.0", "224.0.0.1", "239.1.1.1", "240.0.0.1", "255.255.255.255",
    "198.18.0.1", "192.0.2.1", "::1", "::", "fe80::1", "fc00::1", "fd12::1", "fec0::1", "ff02::1",
    "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::127.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a00:1",
    "2002:7f00:1::", "2002:a00:1::", "2001:db8::1", "2001:0:7f00:1::",
]  # fmt: skip


@pytest.mark.parametrize("address", INWARD)
def test_an_inward_address_is_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", [PUBLIC, "8.8.8.8", "2606:4700::1", "2002:808:808::1"])
def test_a_public_address(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("address", INWARD)
def test_a_redirect_inward_is_not_followed(address: str, shell: Shell, names: Names) -> None:
    host = f"[{address}]" if ":" in address else address
    with serving(redirecting(f"http://{host}:8080/pkg/datapackage.json")) as server:
        said = refused(shell("check", f"http://public.example:{server.port}/pkg"))
    assert "is not asked: its host is" in said
    assert said.endswith("which is no address of the public network")
    # It did answer, and nobody else was asked.
    assert server.asked == [DESCRIPTOR]
    assert names.reached == [PUBLIC]


@pytest.mark.parametrize(
    ("location", "said"),
    [
        ("http://localhost:8080/x.json", "http://localhost:8080/x.json is not asked: "),
        ("http://2130706433/x.json", "http://2130706433/x.json is not asked: "),
        ("http://0x7f.1/x.json", "http://0x7f.1/x.json is not asked: "),
        ("http://inward.example/x.json", "http://inward.example/x.json is not asked: "),
        ("http://both.example/x.json", "http://both.example/x.json is not asked: "),
        ("//localhost/x.json", "http://localhost/x.json is not asked: "),
        ("http://public.example@localhost/x.json", "http://localhost/x.json is not asked: "),
        ("file:///etc/passwd", "only addresses of http and https are read"),
        ("ftp://public.example/x.json", "only addresses of http and https are read"),
        ("gopher://public.example/x.json", "only addresses of http and https are read"),
        ("data:application/json,{}", "only addresses of http and https are read"),
        ("javascript:alert(1)", "only addresses of http and https are read"),
        ("http://[::1", "is no address that can be read"),
    ],
)
def test_a_redirect_to_what_is_not_followed(
    location: str, said: str, shell: Shell, names: Names
) -> None:
    for name in ("2130706433", "0x7f.1", "inward.example"):
        names.mean(name, ["127.0.0.1"])
    names.mean("both.example", [PUBLIC, "10.0.0.1"])
    with serving(redirecting(location)) as server:
        told = refused(shell("check", f"http://public.example:{server.port}/pkg"))
    assert said in told
    assert names.reached == [PUBLIC]


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "303 See Other", "307 T", "308 P"])
def test_a_redirect_to_another_public_host_is_followed(
    status: str, names: Names, tmp_path: Path
) -> None:
    names.mean("other.example", [PUBLIC])
    with serving(files_of(EXAMPLE_PACKAGE)) as there:
        to = f"http://other.example:{there.port}{DESCRIPTOR}"
        with serving(redirecting(to, status)) as here:
            asked = f"http://me:secret@public.example:{here.port}/doi"
            report = check(asked, seeds=tmp_path)
    assert [each.code for each in report.findings] == ["source-text-absent"]
    assert report.path == f"http://public.example:{here.port}/doi/datapackage.json"
    # The files lie where the descriptor was found, and the password went no further.
    assert there.asked == ALL
    assert here.headers("Authorization") == ["Basic bWU6c2VjcmV0"]
    assert there.headers("Authorization") == []


def test_a_name_that_means_something_else_a_moment_later(names: Names) -> None:
    names.mean("rebinding.example", [PUBLIC], ["127.0.0.1"])
    with serving(files_of(EXAMPLE_PACKAGE)) as server:
        report = check(f"http://rebinding.example:{server.port}/pkg")
    assert [each.code for each in report.findings] == ["source-text-absent"]
    assert names.asked == ["rebinding.example"]
    assert set(names.reached) == {PUBLIC}


@pytest.mark.parametrize("first", [[PUBLIC, "127.0.0.1"], ["127.0.0.1"], ["::1", PUBLIC]])
def test_a_public_name_must_have_public_addresses_alone(
    first: list[str], shell: Shell, names: Names
) -> None:
    names.mean("rebinding.example", first)
    with serving(files_of(EXAMPLE_PACKAGE)) as server:
        said = refused(shell("check", f"http://rebinding.example:{server.port}/pkg"))
    assert said.endswith("which is no address of the public network")
    assert names.reached == []


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "wiki", "data.internal"])
def test_who_asks_for_this_computer_gets_it_and_nothing_else(
    host: str, shell: Shell, names: Names
) -> None:
    for name in ("wiki", "data.internal"):
        names.mean(name, ["127.0.0.1"])
    with serving(files_of(EXAMPLE_PACKAGE)) as server:
        assert shell("check", f"http://{host}:{server.port}/pkg").code == 0
    for to in (f"http://{host}:1/x.json", "http://public.example/x.json", "http://10.0.0.1/x.json"):
        names.reached.clear()
        with serving(redirecting(to)) as server:
            said = refused(shell("check", f"http://{host}:{server.port}/pkg"))
        assert said == (
            f"{to} is not asked: the package lies on this computer or its network, and nothing "
            "elsewhere is fetched for it"
        )
        assert names.reached == ["127.0.0.1"]


# What the package says.


@pytest.mark.parametrize(
    "path",
    [
        "../secret.csv",
        "/etc/passwd",
        "http://127.0.0.1/secret.csv",
        "https://public.example/x.csv",
        "//127.0.0.1/secret.csv",
        "file:///etc/passwd",
        "file:secret.csv",
        "C:\\secret.csv",
        "\\\\host\\secret.csv",
        "datapackage/../../secret.csv",
    ],
)
def test_nothing_is_fetched_because_a_package_says_so(path: str, tmp_path: Path) -> None:
    root = edited(good(), tmp_path)
    listed = json.loads((root / "datapackage.json").read_bytes())
    listed["resources"].append({"name": "more", "path": path})
    listed["resources"].append({"name": "schema", "path": "x.csv", "schema": "http://127.0.0.1/"})
    listed["resources"][0]["path"] = path
    (root / "datapackage.json").write_text(json.dumps(listed), "utf-8")
    with serving(files_of(root)) as server:
        report = check(f"http://127.0.0.1:{server.port}/pkg")
    assert [each.value for each in report.findings if each.code == "unsafe-path"] == [path, path]
    assert server.asked == [each for each in ALL if not each.endswith("/countries.csv")]


@pytest.mark.parametrize(
    ("name", "asked"),
    [
        ("%2e%2e/secret.csv", "/pkg/%252e%252e/secret.csv"),
        ("a?b#c.csv", "/pkg/a%3Fb%23c.csv"),
        ("a b\r\nX: y.csv", "/pkg/a%20b%0D%0AX%3A%20y.csv"),
        ("é.csv", "/pkg/%C3%A9.csv"),
        ("./a/./b.csv", "/pkg/a/b.csv"),
    ],
)
def test_a_name_is_one_of_a_file_in_the_folder(name: str, asked: str) -> None:
    address = Address.parse("http://host/pkg/datapackage.json?token=1")
    assert address.beside(name).target == asked


def test_a_name_that_leads_out_has_no_address() -> None:
    address = Address.parse("http://host/pkg/datapackage.json")
    for name in ("../x", "/x", "http://host/x", "a/../../x", "\\x", "x\0y", ""):
        with pytest.raises(UnsafePath):
            address.beside(name)


# TLS.


def test_tls(shell: Shell, names: Names, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = certificate(tmp_path, "public.example")
    with serving(files_of(EXAMPLE_PACKAGE), speaking_tls(own)) as server:
        address = f"https://public.example:{server.port}/pkg/datapackage.json"
        # Nobody vouches for it.
        assert refused(shell("check", address)).startswith(
            f"the certificate of {address} does not hold: self"
        )
        monkeypatch.setenv("SSL_CERT_FILE", str(own))
        assert shell("check", address).code == 0
        assert server.asked == ALL
        # It is another's.
        names.mean("other.example", [PUBLIC])
        other = address.replace("public", "other")
        assert refused(shell("check", other)) == (
            f"the certificate of {other} does not hold: Hostname mismatch, certificate is not "
            "valid for 'other.example'."
        )
        assert server.asked == ALL


def test_no_way_leads_from_https_to_http(
    shell: Shell, names: Names, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = certificate(tmp_path, "public.example")
    monkeypatch.setenv("SSL_CERT_FILE", str(own))
    with serving(redirecting("http://public.example/x.json"), speaking_tls(own)) as server:
        address = f"https://public.example:{server.port}/pkg/datapackage.json"
        assert refused(shell("check", address)) == (
            f"{address} is redirected from https to http, which is not followed"
        )
    assert names.reached == [PUBLIC]


def cut_off(request: Request) -> None:
    """Half a file of no stated length, and then the line is cut: no end of TLS is sent."""
    request.send(LINE + b"\r\n" + BODY)
    request.connection.shutdown(socket.SHUT_RDWR)


@pytest.mark.usefixtures("names")
def test_a_file_that_anybody_may_have_cut_is_not_taken(
    shell: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = certificate(tmp_path, "public.example")
    monkeypatch.setenv("SSL_CERT_FILE", str(own))
    with serving(cut_off, speaking_tls(own)) as server:
        address = f"https://public.example:{server.port}/pkg/datapackage.json"
        assert refused(shell("check", address)).startswith(f"no safe connection with {address}: ")
    assert server.asked == [DESCRIPTOR]


@pytest.mark.usefixtures("names")
@pytest.mark.parametrize(
    "talk", [b"HTTP/1.1 400 Bad Request\r\n\r\n", b"\x15\x03\x03\x00\x02\x02\x28", b"\x16\x03\x03"]
)
def test_what_is_no_tls(talk: bytes, shell: Shell) -> None:
    def answer(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(talk)

    with serving_raw(answer) as port:
        address = f"https://public.example:{port}/pkg/datapackage.json"
        said = refused(shell("check", address))
    assert said.startswith(f"no safe connection with {address}: ")


@pytest.mark.usefixtures("names")
def test_a_handshake_in_drops(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RELATIONS_MAX_WAIT", "1")

    def answer(connection: socket.socket) -> None:
        # The beginning of an answer of sixteen thousand bytes, one of them at a time.
        connection.sendall(b"\x16\x03\x03\x40\x00")
        while connection.send(b"\x02"):
            pass

    with serving_raw(answer) as port:
        address = f"https://public.example:{port}/pkg/datapackage.json"
        said = refused(shell("check", address))
    assert said.startswith((f"{address} sends nothing for longer than 1 seconds", "no safe"))


# Commands.


@pytest.mark.parametrize(
    "command",
    [
        ["check", "{}", "--fix"],
        ["build", "{}"],
        ["build", "--check", "{}"],
        ["pack", "{}"],
        ["add", "visits", "--set", "title=x", "--package", "{}"],
        ["cite", "a word", "--package", "{}"],
        ["cite", "a word", "--for", "V0001", "--package", "{}"],
        ["cite", "--add", "x.txt", "--package", "{}"],
        ["diff", "HEAD~1", "--package", "{}"],
    ],
)
def test_what_writes_is_refused(command: list[str], shell: Shell, example: Server) -> None:
    (shell.folder / "x.txt").write_text("A text.\n", "utf-8")
    address = f"http://me:secret@127.0.0.1:{example.port}/pkg?key=secret"
    done = shell(*(each.format(address) for each in command))
    assert refused(done) == (
        f"http://127.0.0.1:{example.port}/pkg is an address: download it, and name the folder"
    )
    assert example.requests == []
    assert [each.name for each in shell.folder.iterdir()] == ["x.txt"]


def test_what_reads_works(shell: Shell, example: Server) -> None:
    address = f"http://127.0.0.1:{example.port}/pkg"
    done = shell("trace", "V0001", "--package", address)
    assert done.code == 0
    assert "V0001" in done.out
    done = shell("diff", address, str(EXAMPLE_PACKAGE))
    assert done.code == 0
    assert shell("check", address, "--diff").code == 0
    done = shell("export", "sqlite", address, "--output", "x.sqlite")
    assert (done.code, done.out) == (0, "x.sqlite\n")
    done = shell("browse", address, "--output", "site")
    assert done.code == 0
    assert (shell.folder / "site" / "index.html").exists()
    assert not (shell.folder / ".relations-cache").exists()


def test_nothing_secret_is_shown(shell: Shell) -> None:
    with serving(files_of(EXAMPLE_PACKAGE)) as server:
        address = f"http://me:s3cr3t@127.0.0.1:{server.port}{DESCRIPTOR}?token=s3cr3t"
        for name in ("full", "json", "sarif", "html", "junit", "markdown", "gitlab", "github"):
            done = shell("check", address, "--output-format", name)
            assert done.code == 0
            assert "s3cr3t" not in done.out + done.err
        assert "s3cr3t" not in shell("diff", address, address, "--output-format", "json").out
    assert server.asked[0] == f"{DESCRIPTOR}?token=s3cr3t"
    assert server.asked[1] == "/pkg/relations.toml"
    # Nor in what goes wrong.
    said = refused(shell("check", address))
    assert "s3cr3t" not in said
    with pytest.raises(NotAPackage) as told:
        Address.parse("http://me:s3cr3t?x@host/")
    assert "s3cr3t" not in str(told.value)


def test_a_package_on_disk_asks_nobody(tmp_path: Path) -> None:
    done = watched_apart(tmp_path, "check", str(EXAMPLE_PACKAGE))
    assert done.code == 0
    assert done.asked == ()
