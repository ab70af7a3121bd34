"""Intake of real files: what comes in, what is refused, and that nothing is ever half done."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import textwrap
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from app.bootstrap import open_services
from app.context import Context
from app.errors import CancelledError, NotFoundError, ValidationError
from app.services.evidence.catalogue import Query
from app.services.evidence.ingest import find_sources
from app.services.evidence.service import Destination
from app.services.safety.check import check

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.bootstrap import Services

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    folder = tmp_path / "待收"
    folder.mkdir()
    return folder


def text_file(folder: Path, name: str, content: str = "") -> Path:
    path = folder / name
    path.write_text(content or f"内容：{name}\n", encoding="utf-8")
    return path


def first_item(services: Services) -> str:
    return next(item.id for item in services.adoptions.items(adoption(services)) if item.parent_id)


def adoption(services: Services) -> str:
    return services.adoptions.current().id


def count(services: Services, query: Query | None = None) -> int:
    return services.catalogue.count(query or Query())


def waiting(services: Services) -> list[Path]:
    return list((services.archive.path / "evidence" / ".incoming").iterdir())


def stored(services: Services) -> list[Path]:
    return [p for p in (services.archive.path / "evidence").rglob("*") if p.is_file()]


def test_every_sample_is_added_repeated_or_refused(services: Services, samples: Path) -> None:
    files = sorted(path for path in samples.rglob("*") if path.is_file())
    report = services.evidence.ingest([samples])
    assert len(report.added) + len(report.duplicates) + len(report.refused) == len(files)
    told = [one.path for one in (*report.duplicates, *report.refused)]
    assert len(set(told)) == len(told)
    assert {path.name for path in files} - {path.name for path in told} <= {
        one.name for one in report.added
    }
    contents = {path.read_bytes() for path in files} - {path.read_bytes() for path in told}
    assert len(report.added) == count(services) == len(stored(services))
    assert len(contents) <= len(report.added) <= len(files)
    assert all(one.reason.endswith("。") for one in report.refused)
    assert not waiting(services)
    assert check(services.archive, full=True).problems == ()

    again = services.evidence.ingest([samples])
    assert again.added == ()
    assert len(again.duplicates) == len(report.added) + len(report.duplicates)
    assert [one.path for one in again.refused] == [one.path for one in report.refused]
    assert count(services) == len(report.added)


def test_the_same_content_is_stored_once_and_linked_where_it_was_given(
    services: Services, inbox: Path
) -> None:
    items = [item.id for item in services.adoptions.items(adoption(services)) if item.parent_id]
    one = text_file(inbox, "甲.txt", "同一份内容")
    two = text_file(inbox, "乙.txt", "同一份内容")
    first = services.evidence.ingest([one, two], Destination(adoption(services), items[0]))
    [added], [repeat] = first.added, first.duplicates
    assert (added.name, repeat.path, repeat.of) == ("甲.txt", two, added.id)
    second = services.evidence.ingest([two], Destination(adoption(services), items[1]))
    assert [found.of for found in second.duplicates] == [added.id]
    third = services.evidence.ingest([two], Destination(adoption(services), items[1]))
    assert len(third.duplicates) == 1
    placed = {found for found, _label in services.catalogue.get(added.id).placed}
    assert placed == set(items[:2])
    assert len(stored(services)) == 1
    services.history.undo()  # the second link
    assert [found for found, _ in services.catalogue.get(added.id).placed] == [items[0]]


def test_a_file_given_twice_is_taken_once(services: Services, inbox: Path) -> None:
    file = text_file(inbox, "甲.txt")
    report = services.evidence.ingest([inbox, file, file])
    assert (len(report.added), report.duplicates) == (1, ())


def test_names_of_every_kind_come_in_and_are_safe_on_windows(
    services: Services, inbox: Path
) -> None:
    long = "关于开展二〇二五年秋季学期小学数学名师工作坊第一次集中研修活动的通知" * 6
    names = [
        "CON.txt", "aux", "com1.报告.txt", "a<b>c:d|e?f*.txt", '引"号.txt', "末尾空格 .txt ",
        "末尾点...", "Photo.TXT", "photo.txt", "PHOTO.txt", "cafe\u0301.txt", "caf\u00e9.txt",
        "\u202e反转txt.说明", "零\u200b宽.txt", "换\n行.txt", "制\t表.txt", "😀表情.txt", "𬱖𫖯.txt",
        "-rf.txt", "~", ".隐藏.txt", "第1.5次活动.记录", f"{long[:75]}.txt", "关于1.5倍的报告",
    ]  # fmt: skip
    for number, name in enumerate(names):
        (inbox / name).write_text(f"第 {number} 份", encoding="utf-8")
    report = services.evidence.ingest([inbox])
    assert [one.reason for one in report.refused] == []
    assert len(report.added) == len(names) == len(stored(services))
    for path in stored(services):
        assert len(path.name.encode()) <= 180
        assert not set(path.name) & set('<>:"/\\|?*\n\t\u202e\u200b')
        assert path.name == path.name.strip(" .")
        assert path.name.split(".")[0].upper() not in ("CON", "AUX", "COM1")
    titles = {row.title for row in services.catalogue.page(Query(), 0, 100)}
    assert {"第1.5次活动.记录", "关于1.5倍的报告", "Photo", "photo", "PHOTO"} <= titles
    assert sum(title == "caf\u00e9" for title in titles) == 1  # NFC: written one way
    assert check(services.archive, full=True).problems == ()


def test_a_name_of_two_hundred_characters_is_kept_whole_as_the_title(
    services: Services, inbox: Path
) -> None:
    """No Linux disk takes such a name: it comes from Windows, where 200 characters are allowed."""
    from app.services.evidence.names import clean_name, stored_name

    name = "长" * 200 + ".docx"
    assert clean_name(name) == name
    assert len(stored_name(name, ".docx")) <= 80
    with pytest.raises(OSError, match="too long"):
        (inbox / name).touch()


def test_links_devices_pipes_and_sockets_are_refused_in_words(
    services: Services, inbox: Path
) -> None:
    good = text_file(inbox, "好.txt")
    (inbox / "链接.txt").symlink_to(good)
    (inbox / "断链.txt").symlink_to(inbox / "没有")
    (inbox / "文件夹链接").symlink_to(inbox, target_is_directory=True)
    os.mkfifo(inbox / "管道")
    with socket.socket(socket.AF_UNIX) as door:
        door.bind(str(inbox / "s"))
        report = services.evidence.ingest([inbox, Path("/dev/zero")])
    reasons = {one.path.name: one.reason for one in report.refused}
    assert set(reasons) == {"链接.txt", "断链.txt", "文件夹链接", "管道", "s", "zero"}
    assert all("快捷方式" in reasons[name] for name in ("链接.txt", "断链.txt", "文件夹链接"))
    assert all("设备" in reasons[name] for name in ("管道", "s", "zero"))
    assert len(report.added) == 1


@pytest.fixture
def deep(tmp_path: Path) -> Iterator[Path]:
    """Folders in folders: deeper than Python recurses, longer than a path may be."""
    top = tmp_path / "深"
    top.mkdir()
    here = os.open(top, os.O_RDONLY)
    for _ in range(1500):
        os.mkdir("下", dir_fd=here)
        below = os.open("下", os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = below
    os.close(here)
    yield top
    subprocess.run(["rm", "-rf", str(top)], check=True)  # Python's own way out fails on it


def test_a_very_deep_tree_and_an_archive_inside_are_no_trouble(
    services: Services, deep: Path
) -> None:
    text_file(deep, "好.txt")
    report = services.evidence.ingest([deep, services.archive.path])
    assert [one.name for one in report.added] == ["好.txt"]
    assert ["太长" in report.refused[0].reason, "档案库" in report.refused[1].reason] == [True] * 2


def test_a_folder_that_leads_back_to_itself_ends(inbox: Path) -> None:
    if os.name == "nt" or os.geteuid() != 0:
        pytest.skip("needs root to mount a folder into itself")
    text_file(inbox, "好.txt")
    loop = inbox / "里"
    loop.mkdir()
    mounted = subprocess.run(["mount", "--bind", str(inbox), str(loop)], check=False)
    if mounted.returncode:
        pytest.skip("this machine allows no mounts")
    try:
        sources, refused = find_sources([inbox])
    finally:
        subprocess.run(["umount", str(loop)], check=True)
    assert [source.path.name for source in sources] == ["好.txt"]
    assert ["绕回" in one.reason for one in refused] == [True]


def test_unreadable_files_and_folders_are_refused_and_the_rest_goes_on(
    fresh_archive: Path, tmp_path: Path, inbox: Path
) -> None:
    """Root reads everything, so the intake runs in a process without that power."""
    archive = tmp_path / "档案库"
    shutil.copytree(fresh_archive, archive)
    text_file(inbox, "好.txt")
    text_file(inbox, "锁.txt").chmod(0)
    (inbox / "锁住").mkdir(mode=0)
    command = [sys.executable, "-m", "app", "ingest", str(archive), str(inbox)]
    if os.geteuid() == 0:
        if shutil.which("setpriv") is None:
            pytest.skip("root without setpriv cannot give up reading everything")
        command = ["setpriv", "--bounding-set", "-dac_override,-dac_read_search", *command]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    (inbox / "锁住").chmod(0o700)
    assert done.returncode == 1, done.stderr
    assert "加入 1 份，重复 0 份，未收 2 份" in done.stdout
    assert "没有读取这个文件的权限" in done.stdout
    assert "Traceback" not in done.stderr


class Meddler:
    """A progress that does something to the source while it is being copied."""

    def __init__(self, deed, after: int = 1) -> None:
        self._deed = deed
        self._left = after

    def report(self, done: int, total: int, text: str = "") -> None:
        self._left -= 1
        if self._left == 0:
            self._deed()


def big_file(folder: Path, name: str, size: int) -> Path:
    path = folder / name
    with path.open("wb") as file:
        file.write(b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom")
        file.truncate(size)
    return path


def test_a_file_that_changes_or_goes_while_it_is_copied(services: Services, inbox: Path) -> None:
    growing = big_file(inbox, "正在写.mp4", 300 << 20)
    fading = text_file(inbox, "消失.txt")
    text_file(inbox, "好.txt")
    stop = threading.Event()

    def write() -> None:
        with growing.open("ab") as file:
            while not stop.is_set():
                file.write(b"x" * 4096)
                file.flush()
                time.sleep(0.001)

    sources = [growing, fading, inbox / "好.txt"]
    fading.unlink()
    writer = threading.Thread(target=write)
    writer.start()
    try:
        report = services.evidence.ingest(sources)
    finally:
        stop.set()
        writer.join()
    reasons = {one.path.name: one.reason for one in report.refused}
    assert "正在被改动" in reasons["正在写.mp4"]
    assert "不存在" in reasons["消失.txt"]
    assert [one.name for one in report.added] == ["好.txt"]
    assert not waiting(services)


def test_cancel_in_the_middle_of_a_big_file_enters_nothing_and_can_be_repeated(
    services: Services, inbox: Path
) -> None:
    for number in range(40):
        text_file(inbox, f"{number}.txt")
    film = big_file(inbox, "录像.mp4", 400 << 20)

    class Stop:
        seen = 0

        def report(self, done: int, total: int, text: str = "") -> None:
            self.seen = done
            if done > 50 << 20:
                raise CancelledError

    stop = Stop()
    with pytest.raises(CancelledError):
        services.evidence.ingest([inbox], progress=stop)
    assert 50 << 20 < stop.seen < film.stat().st_size
    assert count(services) == 0
    assert waiting(services) == stored(services) == []
    assert check(services.archive, full=True).problems == ()
    assert len(services.evidence.ingest([inbox]).added) == 41


def test_progress_rises_to_the_whole_in_bytes(services: Services, inbox: Path) -> None:
    for number in range(100):
        text_file(inbox, f"{number}.txt", f"{number}" * 50_000)

    class Log:
        def __init__(self) -> None:
            self.seen: list[tuple[int, int]] = []

        def report(self, done: int, total: int, text: str = "") -> None:
            self.seen.append((done, total))

    log = Log()
    services.evidence.ingest([inbox], progress=log)
    assert log.seen == sorted(log.seen)
    total = sum(path.stat().st_size for path in inbox.iterdir())
    assert log.seen[-1] == (total, total)
    assert len(log.seen) > 3


def test_an_error_after_the_commit_takes_no_file_away(services: Services, inbox: Path) -> None:
    """Ctrl+C, or a listener that fails, when the records are in already."""

    def interrupt(_changes: object) -> None:
        raise KeyboardInterrupt

    services.archive.uow.subscribe(interrupt)
    with pytest.raises(KeyboardInterrupt):
        services.evidence.ingest([text_file(inbox, "甲.txt")])
    assert count(services) == 1
    assert check(services.archive, full=True).problems == ()


def test_a_refused_entry_leaves_no_file(services: Services, inbox: Path) -> None:
    file = text_file(inbox, "甲.txt")
    with pytest.raises(NotFoundError):
        services.evidence.ingest([file], Destination(activity_id="没有"))
    group = next(i.id for i in services.adoptions.items(adoption(services)) if not i.parent_id)
    with pytest.raises(ValidationError):
        services.evidence.ingest([file], Destination(adoption(services), group))
    assert stored(services) == []
    assert count(services) == 0


def test_folders_named_after_items_are_put_under_them(services: Services, inbox: Path) -> None:
    item = next(i for i in services.adoptions.items(adoption(services)) if i.parent_id)
    folder = inbox / item.name / "更里面"
    folder.mkdir(parents=True)
    text_file(folder, "甲.txt")
    text_file(inbox, "散.txt")
    report = services.evidence.ingest([inbox], Destination(adoption(services), by_folder=True))
    assert {one.name: one.item for one in report.added} == {"甲.txt": item.no, "散.txt": ""}
    assert count(services, Query(item_id=item.id)) == 1
    twice = services.evidence.ingest(
        [inbox], Destination(adoption(services), item.id, by_folder=True)
    )
    assert len(twice.duplicates) == 2
    assert count(services, Query(item_id=item.id)) == 2


def test_undo_and_redo_of_an_intake(services: Services, inbox: Path) -> None:
    for number in range(30):
        text_file(inbox, f"{number}.txt")
    services.evidence.ingest([inbox], Destination(adoption(services), first_item(services)))
    services.evidence.read_texts()
    before = services.catalogue.page(Query(), 0, 100)
    assert "30 份" in services.history.undo()
    assert (count(services), services.search.find("内容").total) == (0, 0)
    assert check(services.archive, full=True).problems == ()  # the files wait for the redo
    services.history.redo()
    assert services.catalogue.page(Query(), 0, 100) == before
    assert services.search.find("内容").total == 30
    assert check(services.archive, full=True).problems == ()


def test_deleted_evidence_comes_back_with_its_file(services: Services, inbox: Path) -> None:
    file = text_file(inbox, "甲.txt")
    [added] = services.evidence.ingest([file]).added
    services.evidence.delete([added.id])
    assert count(services) == 0
    assert len(stored(services)) == 1
    services.history.undo()
    assert services.catalogue.get(added.id).path.read_bytes() == file.read_bytes()

    services.evidence.delete([added.id])
    file = file.rename(inbox / "改了名字.txt")
    [anew] = services.evidence.ingest([file]).added
    assert anew.id != added.id
    assert check(services.archive, full=True).problems == ()
    services.history.undo()
    services.history.undo()
    assert services.catalogue.get(added.id).path.read_bytes() == file.read_bytes()


@pytest.mark.parametrize("damage", ["gone", "shorter"])
def test_a_lost_file_is_healed_by_taking_it_in_again(
    services: Services, inbox: Path, damage: str
) -> None:
    file = text_file(inbox, "甲.txt")
    [added] = services.evidence.ingest([file]).added
    place = services.catalogue.get(added.id).path
    if damage == "gone":
        shutil.rmtree(place.parent)
    else:
        place.write_bytes(b"?")
    assert [one.kind for one in check(services.archive).problems] == [
        "missing" if damage == "gone" else "changed"
    ]
    copy = text_file(inbox, "另一个名字.txt", file.read_text(encoding="utf-8"))
    report = services.evidence.ingest([copy])
    assert [one.of for one in report.duplicates] == [added.id]
    assert check(services.archive, full=True).problems == ()


def test_another_thread_reads_while_files_come_in(services: Services, inbox: Path) -> None:
    for number in range(400):
        text_file(inbox, f"{number}.txt")
    totals: list[int] = []
    done = threading.Event()

    def look() -> None:
        while not done.is_set():
            totals.append(count(services))

    reader = threading.Thread(target=look)
    reader.start()
    try:
        services.evidence.ingest([inbox])
    finally:
        done.set()
        reader.join()
    assert set(totals) <= {0, 400}  # all or nothing, never in between
    assert totals[0] == 0


def test_what_a_killed_intake_left_is_no_obstacle(
    fresh_archive: Path, tmp_path: Path, inbox: Path
) -> None:
    """Killed between putting the files in place and the commit."""
    archive = tmp_path / "档案库"
    shutil.copytree(fresh_archive, archive)
    text_file(inbox, "甲.txt")
    program = textwrap.dedent(
        f"""
        import os, signal
        from pathlib import Path
        from app.bootstrap import open_services
        from app.context import Context
        services = open_services(Path({str(archive)!r}), Context(actor="赵六"))
        services.evidence._record = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
        services.evidence.ingest([Path({str(inbox)!r})])
        """
    )
    subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=False)
    with open_services(archive, Context(actor="王芳")) as services:
        assert [p.kind for p in check(services.archive, full=True).problems] == ["unreferenced"]
        assert len(services.evidence.ingest([inbox]).added) == 1
        assert check(services.archive, full=True).problems == ()


def test_the_archive_does_not_take_in_its_own_files(services, tmp_path) -> None:
    own = services.path / "archive.db"
    report = services.evidence.ingest([own, services.path / "evidence"])
    assert report.added == ()
    assert ["档案库自己的文件" in one.reason for one in report.refused] == [True, True]
