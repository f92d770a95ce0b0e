"""Reading files: regular ones only, bounded, decoded strictly."""

from __future__ import annotations

import gzip
import os
import socket
from pathlib import Path

import pytest

from generator.errors import UnreadableError
from generator.safety.files import decode, decode_lossy, read_bytes, read_head_tail


def test_a_regular_file_is_read_up_to_its_limit(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(b"12345")
    assert read_bytes(path, 5) == b"12345"
    with pytest.raises(UnreadableError, match=r"a\.json is larger than 4 bytes"):
        read_bytes(path, 4)


def test_links_are_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("canary")
    (tmp_path / "link").symlink_to(tmp_path / "secret")
    with pytest.raises(UnreadableError, match="link is a symbolic link"):
        read_bytes(tmp_path / "link", 100)


def test_a_pipe_is_refused_without_waiting(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(UnreadableError, match="is a pipe"):
        read_head_tail(tmp_path / "pipe", 10, 10)


def test_a_socket_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)  # the path of a socket must be short
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("s")
        with pytest.raises(UnreadableError, match="is a socket"):
            read_bytes(tmp_path / "s", 10)


def test_devices_folders_and_missing_files_are_named(tmp_path: Path) -> None:
    for path, cause in ((Path("/dev/zero"), "device"), (tmp_path, "folder"), (tmp_path / "no", "does not exist")):
        with pytest.raises(UnreadableError, match=cause) as caught:
            read_bytes(path, 10)
        assert caught.value.hint


def test_a_file_on_the_way_of_a_path_and_a_nul_in_it_are_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    for path in (tmp_path / "file" / "x", tmp_path / "a\0b", tmp_path / ("n" * 300)):
        with pytest.raises(UnreadableError):
            read_bytes(path, 10)


def test_a_file_without_permission_is_named(tmp_path: Path) -> None:
    """Root may read everything, so root becomes nobody for the moment."""
    path = tmp_path / "closed"
    path.write_text("x")
    path.chmod(0)
    own = os.geteuid()
    os.seteuid(own or 65534)
    try:
        with pytest.raises(UnreadableError, match="may not be read"):
            read_bytes(path, 10)
    finally:
        os.seteuid(own)


def test_a_hostile_file_name_is_harmless_in_the_message(tmp_path: Path) -> None:
    with pytest.raises(UnreadableError) as caught:
        read_bytes(tmp_path / "a\n::error::\u202eb", 10)
    assert str(caught.value).isprintable()


def test_head_and_tail_end_at_lines_and_say_what_is_missing(tmp_path: Path) -> None:
    path = tmp_path / "output.log"
    path.write_bytes(b"".join(b"line %05d\n" % number for number in range(1000)))
    data, cut = read_head_tail(path, 100, 200)
    lines = data.decode().split("\n")
    assert cut
    assert lines[0] == "line 00000"
    assert lines[-2] == "line 00999"
    missing = next(line for line in lines if not line.startswith("line ") and line)
    assert missing.startswith("\u2039\u2026")
    assert all(len(line) == 10 for line in lines if line.startswith("line "))
    assert f"{11_000 - sum(11 for line in lines if line.startswith('line '))}"[:2] in missing


def test_a_short_log_is_read_whole(tmp_path: Path) -> None:
    path = tmp_path / "output.log"
    path.write_bytes(b"x" * 300)
    assert read_head_tail(path, 100, 200) == (b"x" * 300, False)


def test_a_huge_sparse_log_is_read_by_seeking(tmp_path: Path) -> None:
    path = tmp_path / "output.log"
    with path.open("wb") as stream:
        stream.write(b"begin\n")
        stream.truncate(5 << 30)
    data, cut = read_head_tail(path, 1000, 1000)
    assert cut
    assert len(data) < 2100


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_unicode_with_its_mark_is_decoded(encoding: str) -> None:
    assert decode("h\u00e9llo".encode(encoding)) == "h\u00e9llo"
    assert decode_lossy("h\u00e9llo".encode(encoding)) == ("h\u00e9llo", False)


def test_big_endian_marks_are_known() -> None:
    assert decode(b"\xfe\xff" + "h\u00e9".encode("utf-16-be")) == "h\u00e9"
    assert decode(b"\0\0\xfe\xff" + "h\u00e9".encode("utf-32-be")) == "h\u00e9"


def test_a_bad_byte_is_named_with_its_offset() -> None:
    with pytest.raises(UnreadableError, match=r"not UTF-8: bad byte 0xFF at offset 3"):
        decode(b"abc\xff")
    assert decode_lossy(b"abc\xff") == ("abc\ufffd", True)


def test_packed_data_is_named() -> None:
    with pytest.raises(UnreadableError, match="gzip"):
        decode(gzip.compress(b"{}"))
