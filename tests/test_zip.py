"""A package in a zip is checked like a folder; a hostile zip is refused in one line."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from relations.validators.check import check
from relations.validators.package import zipped
from relations.validators.package.files import Files, Folder, NotAPackage, Unreadable, UnsafePath
from relations.validators.package.zipped import Zip
from support.commands import Shell
from support.editing import EXAMPLE_PACKAGE

Fill = Callable[[zipfile.ZipFile], None]


def made(fill: Fill, packing: int = zipfile.ZIP_DEFLATED) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", packing) as archive:
        fill(archive)
    return data.getvalue()


def package(archive: zipfile.ZipFile, top: str = "") -> None:
    for path in sorted(EXAMPLE_PACKAGE.rglob("*")):
        if path.is_file() and "seeds" not in path.parts:
            archive.write(path, top + path.relative_to(EXAMPLE_PACKAGE).as_posix())


def member(name: str, data: bytes = b"x") -> Fill:
    return lambda archive: archive.writestr(name, data)


def both(*fills: Fill) -> Fill:
    def fill(archive: zipfile.ZipFile) -> None:
        for each in fills:
            each(archive)

    return fill


@pytest.mark.parametrize("top", ["", "example-1.0.0/"])
def test_a_zip_is_checked_like_its_folder(top: str, tmp_path: Path) -> None:
    path = tmp_path / "example.zip"
    path.write_bytes(made(lambda archive: package(archive, top)))
    report = check(path)
    folder = check(EXAMPLE_PACKAGE, seeds=tmp_path / "none")
    assert [(each.code, each.location) for each in report.findings] == [
        (each.code, each.location) for each in folder.findings
    ]
    assert report.row_counts == folder.row_counts
    assert report.path == str(path)
    assert report.failures == report.skipped == ()
    verified = check(path, seeds=EXAMPLE_PACKAGE / "seeds")
    assert verified.findings == ()
    assert verified.spans.verified == verified.spans.cited


def test_a_finding_in_a_zip_has_its_place(tmp_path: Path) -> None:
    def broken(archive: zipfile.ZipFile) -> None:
        for path in sorted(EXAMPLE_PACKAGE.rglob("*")):
            if path.is_file():
                data = path.read_bytes()
                if path.name == "visits.csv":
                    data = data.replace(b"2022-05-12,Tallinn", b"2022-05-09,Tallinn")
                archive.writestr(f"top/{path.relative_to(EXAMPLE_PACKAGE).as_posix()}", data)

    path = tmp_path / "example.zip"
    path.write_bytes(made(broken))
    [found] = [each for each in check(path).findings if each.code == "end-before-start"]
    assert (found.location.file, found.location.line) == ("datapackage/visits.csv", 2)


def test_the_same_files_are_seen_in_a_zip_and_in_its_folder() -> None:
    folder: Files = Folder(EXAMPLE_PACKAGE)
    archive: Files = Zip(made(lambda archive: package(archive, "top/")), "example.zip")
    assert archive.names_in("datapackage") == folder.names_in("datapackage")
    assert archive.names_in("none") == []
    for name in ("datapackage.json", "datapackage", "datapackage/visits.csv", "none", "none/x"):
        assert archive.exists(name) == folder.exists(name)
    for files in (archive, folder):
        assert files.read("datapackage/visits.csv").startswith(b"visit_id,")
        with pytest.raises(FileNotFoundError):
            files.read("none.csv")
        with pytest.raises(Unreadable, match="is a folder"):
            files.read("datapackage")
        with pytest.raises(UnsafePath, match="climbs"):
            files.read("../secret")


DESCRIPTOR = member("datapackage.json", b"{}")


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"PK, and no more", "x.zip is no zip that can be read: File is not a zip file"),
        (
            made(member("readme.txt")),
            "no datapackage.json at the top of x.zip or in a folder there",
        ),
        (
            made(member("a/b/datapackage.json", b"{}")),
            "no datapackage.json at the top of x.zip or in a folder there",
        ),
        (
            made(both(member("a/datapackage.json"), member("b/datapackage.json"))),
            "x.zip has more than one datapackage.json: in 'a', 'b'",
        ),
        (
            made(both(DESCRIPTOR, member("../evil.csv"))),
            "x.zip: the member '../evil.csv' climbs out of the folder",
        ),
        (
            made(both(DESCRIPTOR, member("/etc/evil.csv"))),
            "x.zip: the member '/etc/evil.csv' is absolute",
        ),
        (
            made(both(DESCRIPTOR, member("a\\..\\evil.csv"))),
            "x.zip: the member 'a\\\\..\\\\evil.csv' has a character that no path here may have",
        ),
    ],
)
def test_what_is_no_package(data: bytes, said: str) -> None:
    with pytest.raises(NotAPackage) as refused:
        Zip(data, "x.zip")
    assert str(refused.value) == said


def test_two_members_of_one_name_are_refused() -> None:
    with pytest.warns(UserWarning, match="Duplicate name"):
        data = made(both(DESCRIPTOR, DESCRIPTOR))
    with pytest.raises(NotAPackage, match=r"two members named 'datapackage\.json'"):
        Zip(data, "x.zip")


def test_limits_are_stated_and_kept(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    data = made(both(DESCRIPTOR, member("a", b"0" * 1000), member("b", b"0" * 1000)))
    monkeypatch.setattr(zipped, "MAX_MEMBERS", 2)
    with pytest.raises(NotAPackage, match=r"^x\.zip has 3 members; 2 are the limit$"):
        Zip(data, "x.zip")
    monkeypatch.undo()
    monkeypatch.setattr(zipped, "MAX_BYTES", 2001)
    with pytest.raises(NotAPackage, match="would unpack to 2002 bytes; 2001 are the limit"):
        Zip(data, "x.zip")
    monkeypatch.setattr(zipped, "MAX_BYTES", 100)
    path = tmp_path / "x.zip"
    path.write_bytes(data)
    with pytest.raises(NotAPackage, match="is larger than 100 bytes, the limit"):
        Zip.open(path)
    monkeypatch.undo()
    monkeypatch.setattr(zipped, "RATIO_MATTERS", 500)
    monkeypatch.setattr(zipped, "MAX_RATIO", 20)
    with pytest.raises(Unreadable, match="would unpack to more than 20 times its size"):
        Zip(data, "x.zip").read("a")


def test_a_bomb_is_refused_before_it_goes_off() -> None:
    bomb = made(both(DESCRIPTOR, member("datapackage/visits.csv", b"0" * (64 * 1024**2))))
    assert len(bomb) < 100_000
    with pytest.raises(Unreadable, match="would unpack to more than 200 times its size"):
        Zip(bomb, "x.zip").read("datapackage/visits.csv")


def test_a_member_that_is_longer_than_it_says_is_not_read_on() -> None:
    data = bytearray(made(both(DESCRIPTOR, member("a", b"0123456789")), zipfile.ZIP_STORED))
    # The size in the central directory, 24 bytes into the last entry.
    where = data.rfind(b"PK\x01\x02") + 24
    assert data[where] == 10
    data[where] = 3
    with pytest.raises(Unreadable, match=r"^cannot be unpacked: "):
        Zip(bytes(data), "x.zip").read("a")


@pytest.mark.parametrize("cut", [10, 200, 2000])
def test_a_truncated_zip_is_none(cut: int) -> None:
    data = made(package)
    with pytest.raises(NotAPackage, match="is no zip that can be read"):
        Zip(data[:-cut], "x.zip")


def test_damage_inside_a_member_is_noticed() -> None:
    data = bytearray(made(both(DESCRIPTOR, member("a", bytes(range(256)) * 40)), 0))
    where = data.find(bytes(range(256))) + 100
    data[where] ^= 0xFF
    with pytest.raises(Unreadable, match=r"^cannot be unpacked: Bad CRC-32"):
        Zip(bytes(data), "x.zip").read("a")


def test_what_is_no_regular_member_is_not_read() -> None:
    def fill(archive: zipfile.ZipFile) -> None:
        DESCRIPTOR(archive)
        link = zipfile.ZipInfo("link.csv")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
        member("inner.zip", b"PK")(archive)
        archive.writestr("slow.csv", b"x" * 100, compress_type=zipfile.ZIP_BZIP2)

    archive = Zip(made(fill), "x.zip")
    for name, said in (
        ("link.csv", "is no regular file"),
        ("inner.zip", "is a zip inside the zip"),
        ("slow.csv", r"is packed in a way that is not read here \(stored or deflated is\)"),
    ):
        with pytest.raises(Unreadable, match=f"^{said}$"):
            archive.read(name)


def test_an_encrypted_member_is_not_read() -> None:
    data = bytearray(made(both(DESCRIPTOR, member("a"))))
    where = data.rfind(b"PK\x01\x02") + 8
    data[where] |= 1
    with pytest.raises(Unreadable, match=r"^is encrypted$"):
        Zip(bytes(data), "x.zip").read("a")


def test_on_the_command_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shell = Shell(tmp_path, monkeypatch)
    (tmp_path / "good.zip").write_bytes(made(package))
    (tmp_path / "BAD.ZIP").write_bytes(b"no zip")
    assert shell("check", "good.zip").code == 0
    done = shell("check", "BAD.ZIP")
    assert (done.code, done.out, done.err) == (
        2,
        "",
        "relations: BAD.ZIP is no zip that can be read: File is not a zip file\n",
    )
    for command in (["build"], ["add", "visits", "--set", "title=x", "--package"]):
        done = shell(*command, "good.zip")
        assert done.code == 2
        assert done.err.startswith("relations: good.zip is a zip: unpack it, and ")
    assert not (tmp_path / ".relations-cache").exists()
