"""A hostile zip is refused in one line, or its bad member is a finding; memory stays bounded."""

from __future__ import annotations

import struct
import zipfile
from pathlib import Path

import pytest

from relations.validators.check import check
from relations.validators.package import zipped
from relations.validators.package.files import NotAPackage, Unreadable
from relations.validators.package.limits import BeyondLimit
from relations.validators.package.zipped import Zip
from support.watched import watched_apart
from support.zips import Fill, both, instead, made, member, package

MIB = 1024**2
BOUND = 400 * MIB
"""Of memory, for a check of something small that would be large."""
DESCRIPTOR = member("datapackage.json", b"{}")
VISITS = "datapackage/visits.csv"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"PK, and no more", "x.zip is no zip that can be read: File is not a zip file"),
        (b"", "x.zip is no zip that can be read: File is not a zip file"),
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
    ],
)
def test_what_is_no_package(data: bytes, said: str) -> None:
    with pytest.raises(NotAPackage) as refused:
        Zip(data, "x.zip")
    assert str(refused.value) == said


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("../evil.csv", "'../evil.csv' climbs out of the folder"),
        ("a/../../evil.csv", "'a/../../evil.csv' climbs out of the folder"),
        ("/etc/evil.csv", "'/etc/evil.csv' is absolute"),
        ("C:/evil.csv", "'C:/evil.csv' is absolute"),
        ("~/evil.csv", "'~/evil.csv' is absolute"),
        ("a\\..\\evil.csv", "'a\\\\..\\\\evil.csv' has a character that no path here may have"),
        ("\\\\host\\evil.csv", r"'\\\\host\\evil.csv' has a character that no path here may have"),
        ("file:/etc/passwd", "'file:/etc/passwd' is an address, not a file of the package"),
        ("http://host/a.csv", "'http://host/a.csv' is an address, not a file of the package"),
    ],
)
def test_a_member_that_leads_out_is_not_unpacked(name: str, said: str) -> None:
    with pytest.raises(NotAPackage) as refused:
        Zip(made(both(DESCRIPTOR, member(name))), "x.zip")
    assert str(refused.value) == f"x.zip: the member {said}"


def test_a_name_with_a_nul_is_not_cut_there() -> None:
    # As Python writes none, one is put in afterwards.
    data = made(both(DESCRIPTOR, member("a.csv!/../../evil"))).replace(b"a.csv!", b"a.csv\0")
    with pytest.raises(NotAPackage, match="has a character that no path here may have"):
        Zip(data, "x.zip")


def test_two_members_of_one_name_are_refused() -> None:
    with pytest.warns(UserWarning, match="Duplicate name"):
        data = made(both(DESCRIPTOR, DESCRIPTOR))
    with pytest.raises(NotAPackage, match=r"two members named 'datapackage\.json'"):
        Zip(data, "x.zip")
    # One file under two spellings.
    data = made(both(DESCRIPTOR, member("a/./b"), member("a//b")))
    with pytest.raises(NotAPackage, match=r"two members named 'a/b'"):
        Zip(data, "x.zip")


def refusal(data: bytes) -> str:
    with pytest.raises(BeyondLimit) as refused:
        Zip(data, "x.zip")
    return str(refused.value)


def test_limits_can_be_set_and_are_kept(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    data = made(both(DESCRIPTOR, member("a", b"0" * 1000), member("b", b"0" * 1000)))
    Zip(data, "x.zip")
    with monkeypatch.context() as patched:
        patched.setenv("RELATIONS_MAX_FILES", "2")
        assert refusal(data) == (
            "x.zip has more members than 2, the limit; RELATIONS_MAX_FILES sets another"
        )
    with monkeypatch.context() as patched:
        patched.setenv("RELATIONS_MAX_FILE", "999")
        assert refusal(data) == (
            "x.zip: the member 'a' would unpack to more than 999 bytes, the limit; "
            "RELATIONS_MAX_FILE sets another"
        )
    with monkeypatch.context() as patched:
        patched.setenv("RELATIONS_MAX_UNPACKED", "1K")
        assert refusal(data) == (
            "x.zip would unpack to more than 1 KiB, the limit; RELATIONS_MAX_UNPACKED sets another"
        )
        patched.setenv("RELATIONS_MAX_UNPACKED", "100")
        path = tmp_path / "x.zip"
        path.write_bytes(data)
        with pytest.raises(BeyondLimit, match="is larger than 100 bytes, the limit; "):
            Zip.open(path)
    monkeypatch.setattr(zipped, "RATIO_MATTERS", 500)
    monkeypatch.setenv("RELATIONS_MAX_RATIO", "20")
    assert refusal(data) == (
        "x.zip: the member 'a' would unpack to more times its packed size than 20, the limit; "
        "RELATIONS_MAX_RATIO sets another"
    )
    monkeypatch.setenv("RELATIONS_MAX_RATIO", "200")
    Zip(data, "x.zip")


def closing(count: int, size: int, start: int) -> bytes:
    """The end of a zip, which says where its list of members is."""
    return struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, count, count, size, start, 0)


def entries(count: int, total: int | None = None) -> bytes:
    """A list of many members, all of them lies, and an end that counts ``total`` of them."""
    one = struct.pack("<4s6H3L5H2L", b"PK\x01\x02", *[0] * 9, 1, *[0] * 6) + b"a"
    listed = one * count
    counted = min(count if total is None else total, 65535)
    return listed + struct.pack(
        "<4s4H2LH", b"PK\x05\x06", 0, 0, counted, counted, len(listed), 0, 0
    )


def lying(data: bytes, name: bytes, field: str, value: int) -> bytes:
    """A zip whose list says something else of one member's size (or flags) than it is."""
    offset, kind = {"flags": (8, "<H"), "packed": (20, "<L"), "unpacked": (24, "<L")}[field]
    changed = bytearray(data)
    start = 0
    while True:
        start = changed.index(b"PK\x01\x02", start)
        length = struct.unpack_from("<H", changed, start + 28)[0]
        if changed[start + 46 : start + 46 + length] == name:
            struct.pack_into(kind, changed, start + offset, value)
            return bytes(changed)
        start += 4


def overlapping(count: int) -> bytes:
    """Many members of different names whose data are the same bytes."""
    whole = made(both(DESCRIPTOR, member("a0000", b"0" * MIB)))
    start = whole.index(b"PK\x01\x02")
    end = whole.rindex(b"PK\x05\x06")
    last = whole.rindex(b"PK\x01\x02", 0, end)
    entry = whole[last:end]
    listed = whole[start:end] + b"".join(
        entry.replace(b"a0000", f"a{number:04}".encode()) for number in range(1, count)
    )
    return whole[:start] + listed + closing(1 + count, len(listed), start)


def many_large() -> bytes:
    """Each below the size at which its ratio matters, all together three gigabytes."""
    names = [f"{number}.csv" for number in range(200)]
    data = made(both(DESCRIPTOR, *(member(name) for name in names)))
    for name in names:
        data = lying(data, name.encode(), "unpacked", 15 * MIB)
    return data


def nested(depth: int) -> bytes:
    data = made(member("0.csv", bytes(MIB)))
    for number in range(depth):
        data = made(member(f"{number}.zip", data))
    return data


FILES = "the limit; RELATIONS_MAX_FILES sets another"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        pytest.param(
            made(instead(VISITS, member(VISITS, b"0" * (64 * MIB)))),
            "the member 'datapackage/visits.csv' would unpack to more times its packed size than "
            "200, the limit; RELATIONS_MAX_RATIO sets another",
            id="ratio",
        ),
        pytest.param(
            made(instead("relations.toml", member("relations.toml", b"#" * (64 * MIB)))),
            "the member 'relations.toml' would unpack to more times its packed size than 200, "
            "the limit; RELATIONS_MAX_RATIO sets another",
            id="ratio-of-what-a-rule-reads",
        ),
        pytest.param(
            many_large(),
            "x.zip would unpack to more than 2 GiB, the limit; RELATIONS_MAX_UNPACKED sets another",
            id="many-large-ones",
        ),
        pytest.param(entries(20_001), f"x.zip has more members than 20,000, {FILES}", id="many"),
        pytest.param(
            entries(400_000, total=1),
            f"x.zip has more members than 20,000, {FILES}",
            id="uncounted",
        ),
        pytest.param(
            lying(made(package), VISITS.encode(), "unpacked", 2 * 1024 * MIB),
            "the member 'datapackage/visits.csv' would unpack to more than 1 GiB, the limit; "
            "RELATIONS_MAX_FILE sets another",
            id="says-it-is-huge",
        ),
        pytest.param(
            overlapping(1000), "x.zip has members that lie over one another", id="overlapping"
        ),
        pytest.param(
            lying(made(package, 0), VISITS.encode(), "packed", 900 * MIB),
            "x.zip has members that lie over one another",
            id="says-it-is-packed-to-much",
        ),
        pytest.param(
            made(package)[:-10],
            "x.zip is no zip that can be read: File is not a zip file",
            id="cut",
        ),
    ],
)
def test_a_bomb_does_not_go_off(data: bytes, said: str, tmp_path: Path) -> None:
    assert len(data) < 20 * MIB
    (tmp_path / "x.zip").write_bytes(data)
    done = watched_apart(tmp_path, "check", "x.zip")
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("relations: x.zip")
    assert done.err.endswith(f"{said}\n")
    assert done.err.count("\n") == 1
    assert done.peak < BOUND


def found(path: Path) -> list[tuple[str, str | None, str]]:
    report = check(path)
    assert report.failures == ()
    return [
        (each.code, each.location.file, each.message)
        for each in report.findings
        if each.code != "source-text-absent"
    ]


def link(name: str, to: str) -> Fill:
    def fill(archive: zipfile.ZipFile) -> None:
        entry = zipfile.ZipInfo(name)
        entry.external_attr = 0o120777 << 16
        archive.writestr(entry, to)

    return fill


def packed_by(name: str, packing: int) -> Fill:
    return lambda archive: archive.writestr(name, b"x" * 100, compress_type=packing)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        pytest.param(
            made(instead(VISITS, link(VISITS, "/etc/passwd"))), "is no regular file", id="link"
        ),
        pytest.param(
            made(instead(VISITS, packed_by(VISITS, zipfile.ZIP_BZIP2))),
            "is packed in a way that is not read here (stored or deflated is)",
            id="bzip2",
        ),
        pytest.param(
            lying(made(package), VISITS.encode(), "flags", 1), "is encrypted", id="encrypted"
        ),
        pytest.param(
            made(instead(VISITS, member(f"{VISITS}/x.csv"))), "is a folder, not a file", id="folder"
        ),
        pytest.param(
            made(instead(VISITS, member(f"{VISITS}/", b""))),
            "is a folder, not a file",
            id="empty-folder",
        ),
    ],
)
def test_a_member_that_is_not_read_is_a_finding(data: bytes, said: str, tmp_path: Path) -> None:
    (tmp_path / "x.zip").write_bytes(data)
    assert found(tmp_path / "x.zip") == [("unreadable-file", VISITS, f"the file of visits {said}")]


@pytest.mark.parametrize(
    "name", ["datapackage/VISITS.csv", "Datapackage/visits.csv", "datapackage/visits.csv "]
)
def test_names_that_some_disks_take_for_one_are_two(name: str, tmp_path: Path) -> None:
    (tmp_path / "x.zip").write_bytes(made(both(package, member(name, b"visit_id\nV9\n"))))
    # None is unpacked onto a disk, where one would take the place of the other.
    assert [each[:2] for each in found(tmp_path / "x.zip")] == (
        [("unlisted-file", name)] if name.startswith("datapackage/V") else []
    )


def test_a_zip_in_a_zip_is_not_unpacked(tmp_path: Path) -> None:
    name = "datapackage/visits.zip"

    def fill(archive: zipfile.ZipFile) -> None:
        package(archive, leave_out="datapackage.json")
        text = (Path(__file__).parents[1] / "packages/example/datapackage.json").read_text("utf-8")
        assert text.count(f'"{VISITS}"') == 1
        archive.writestr("datapackage.json", text.replace(f'"{VISITS}"', f'"{name}"'))
        archive.writestr(name, nested(10))

    (tmp_path / "x.zip").write_bytes(made(fill))
    assert ("unreadable-file", name, "the file of visits is a zip inside the zip") in found(
        tmp_path / "x.zip"
    )


@pytest.mark.parametrize("size", [3, 100 * MIB])
def test_a_member_of_another_length_than_it_says(size: int, tmp_path: Path) -> None:
    # It really has 20 MiB of what does not pack well, or hardly anything.
    real = bytes(range(256)) * (80 * 1024 if size == 3 else 4)
    data = lying(made(instead(VISITS, member(VISITS, real)), 0), VISITS.encode(), "unpacked", size)
    (tmp_path / "x.zip").write_bytes(data)
    done = watched_apart(tmp_path, "check", "x.zip")
    if size == 3:
        assert done.code == 1
        assert "[unreadable-file] the file of visits cannot be unpacked: Bad CRC-32" in done.out
    else:
        # Already its list cannot be true.
        assert done.code == 2
        assert done.err.endswith("RELATIONS_MAX_RATIO sets another\n")
    assert done.peak < BOUND


@pytest.mark.parametrize("cut", [10, 200, 2000])
def test_a_truncated_zip_is_none(cut: int) -> None:
    with pytest.raises(NotAPackage, match="is no zip that can be read"):
        Zip(made(package)[:-cut], "x.zip")


def test_damage_inside_a_member_is_noticed() -> None:
    data = bytearray(made(both(DESCRIPTOR, member("a", bytes(range(256)) * 40)), 0))
    where = data.find(bytes(range(256))) + 100
    data[where] ^= 0xFF
    with pytest.raises(Unreadable, match=r"^cannot be unpacked: Bad CRC-32"):
        Zip(bytes(data), "x.zip").read("a")


def test_a_descriptor_that_cannot_be_unpacked_is_one_line(tmp_path: Path) -> None:
    data = lying(made(package), b"datapackage.json", "flags", 1)
    (tmp_path / "x.zip").write_bytes(data)
    done = watched_apart(tmp_path, "check", "x.zip")
    assert (done.code, done.err) == (2, "relations: x.zip: datapackage.json is encrypted\n")


def test_nothing_beside_the_zip_is_opened(tmp_path: Path) -> None:
    (tmp_path / "x.zip").write_bytes(
        made(instead(VISITS, link(VISITS, str(tmp_path / "secret.csv"))))
    )
    (tmp_path / "secret.csv").write_text("visit_id\n", "utf-8")
    done = watched_apart(tmp_path, "check", "x.zip")
    assert done.code == 1
    assert done.opened_outside(tmp_path / "x.zip") == []
    assert done.asked == ()
