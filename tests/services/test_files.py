"""Files are whole, old or new, whatever the disk says."""

import os

import pytest

from app.errors import StorageError
from app.services.files import write_whole


def test_full_disk_is_told_and_the_old_file_stays(tmp_path):
    resource = pytest.importorskip("resource", reason="file size limits exist on POSIX only")
    target = tmp_path / "目录.pdf"
    target.write_bytes(b"old")
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, limits[1]))
    try:
        with pytest.raises(StorageError, match="磁盘空间不足"):
            write_whole(target, b"x" * 100_000)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert target.read_bytes() == b"old"
    assert [p.name for p in tmp_path.iterdir()] == ["目录.pdf"]


def test_missing_folder_and_folder_as_target_are_told(tmp_path):
    with pytest.raises(StorageError, match="不存在"):
        write_whole(tmp_path / "没有" / "目录.pdf", b"x")
    with pytest.raises(StorageError, match="是一个文件夹"):
        write_whole(tmp_path, b"x")


@pytest.mark.skipif(os.name != "nt", reason="only Windows refuses to replace an open file")
def test_open_file_is_told(tmp_path):
    target = tmp_path / "目录.pdf"
    with target.open("wb"), pytest.raises(StorageError, match="正被其他程序（如 WPS）打开"):
        write_whole(target, b"x")
    assert [p.name for p in tmp_path.iterdir()] == ["目录.pdf"]
