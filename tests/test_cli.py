"""The commands as a script meets them: one JSON document, the exit status, a sentence in Chinese."""

import json
import subprocess
import sys
from pathlib import Path

import docx
import pytest
from PIL import Image

from app.cli import DONE, FINDINGS, REFUSED, USAGE, main
from app.services.documents import libreoffice

ROOT = Path(__file__).parents[1]


@pytest.fixture
def run(capsys):
    def run(*arguments: object, status: int = DONE):
        with_json = [*map(str, arguments), "--json"]
        assert main(with_json) == status
        shown = capsys.readouterr()
        return json.loads(shown.out) if shown.out else shown.err

    return run


@pytest.fixture
def archive(tmp_path, run) -> Path:
    folder = tmp_path / "库"
    run(
        "init", folder, "--scheme", "S01", "--community", "甲坊", "--school", "乙校", "--year", 2025
    )
    return folder


@pytest.fixture
def photos(tmp_path) -> Path:
    folder = tmp_path / "照片"
    folder.mkdir()
    for shade, name in enumerate(["2025-10-15 签到.jpg", "2025-11-03 现场.jpg"]):
        Image.new("RGB", (30, 20), (shade * 90, 50, 50)).save(folder / name)
    (folder / "空.jpg").touch()
    return folder


def test_from_files_to_a_printed_set(run, archive, photos, tmp_path) -> None:
    taken = run("ingest", archive, photos, "--slot", "示范课", status=FINDINGS)
    assert [one["name"] for one in taken["added"]] == ["2025-10-15 签到.jpg", "2025-11-03 现场.jpg"]
    assert [Path(one["path"]).name for one in taken["refused"]] == ["空.jpg"]
    again = run("ingest", archive, photos / "2025-10-15 签到.jpg")
    assert again["duplicates"][0]["of"] == taken["added"][0]["id"]

    planned = run("box", archive, "plan", status=FINDINGS)
    [box] = planned["boxes"]
    assert [(item["seq"], item["date"], item["assessment_item"]) for item in box["items"]] == [
        (1, "2025-10-15", "2.1"),
        (2, "2025-11-03", "2.1"),
    ]
    assert run("box", archive, "list")["boxes"] == planned["boxes"]
    target = tmp_path / "整套.pdf"
    run("export", archive, "box-set", "--out", target, "--box", 1, status=FINDINGS)
    assert target.read_bytes().startswith(b"%PDF")


def test_records_can_be_listed_shown_and_found(run, archive, photos) -> None:
    run("ingest", archive, photos, status=FINDINGS)
    listed = run("list", archive, "evidence", "--filter", "签到", "--limit", 5)
    assert (listed["total"], listed["items"][0]["title"]) == (1, "2025-10-15 签到")
    shown = run("show", archive, listed["items"][0]["id"])
    assert (shown["record"], shown["history"][0]["action"]) == ("evidence", "加入材料 2 份")
    assert run("search", archive, "签")["hits"][0]["kind"] == "evidence"
    assert run("list", archive, "schools")["items"][0]["name"] == "乙校"
    assert "可用的有" in run("list", archive, "怪物", status=REFUSED)


def test_check_and_backup(run, archive, photos, tmp_path) -> None:
    run("ingest", archive, photos, status=FINDINGS)
    assert run("check", archive, "--full")["problems"] == []
    backed_up = run("backup", archive, "--to", tmp_path / "备份")
    assert run("check", backed_up["path"], "--full")["evidence"] == 2
    victim = next(path for path in (archive / "evidence").rglob("*.jpg"))
    victim.write_bytes(victim.read_bytes()[:-1] + b"x")
    (archive / "evidence" / "stray.txt").write_text("x", encoding="utf-8")
    found = run("check", archive, "--full", status=FINDINGS)
    assert {problem["kind"] for problem in found["problems"]} == {"changed", "unreferenced"}
    assert "不一致" in run("backup", archive, "--to", tmp_path / "备份2", status=REFUSED)
    assert not list((tmp_path / "备份2").glob("*"))


def test_members_come_from_a_roster(run, archive, samples, tmp_path) -> None:
    roster = samples / "sheets" / "gen_花名册_标题行_合计_隐藏表.xlsx"
    rejects = tmp_path / "退回.xlsx"
    told = run("import", archive, "members", roster, "--dry-run", status=FINDINGS)
    assert run("list", archive, "members")["total"] == 0
    done = run("import", archive, "members", roster, "--rejects", rejects, status=FINDINGS)
    assert rejects.is_file()
    assert done["created"] == told["created"] > 0
    assert run("list", archive, "members")["total"] == done["created"]
    assert (
        run("import", archive, "members", roster, status=FINDINGS)["unchanged"] == done["created"]
    )


def test_schemes_are_listed_and_checked(run, tmp_path) -> None:
    assert run("schemes")["schemes"][0]["code"] == "S01"
    assert "[scheme]" in run("schemes", "S01")["text"]
    broken = tmp_path / "坏.toml"
    broken.write_text("[scheme]\nid = 3\n", encoding="utf-8")
    assert run("schemes", "--check", broken, status=FINDINGS)["errors"][0]["place"]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["list", "/没有/这个", "evidence"], "找不到文件夹"),
        (
            [
                "init",
                "{tmp}/x",
                "--scheme",
                "S77",
                "--community",
                "甲",
                "--school",
                "乙",
                "--year",
                "2025",
            ],
            "没有名为",
        ),
    ],
)
def test_refusals_are_one_sentence(capsys, tmp_path, arguments, sentence) -> None:
    assert main([part.replace("{tmp}", str(tmp_path)) for part in arguments]) == REFUSED
    shown = capsys.readouterr()
    assert shown.out == ""
    assert sentence in shown.err
    assert "Traceback" not in shown.err


@pytest.mark.parametrize(
    "arguments",
    [["frob"], ["list"], ["box", "x", "shake"], ["list", "x", "evidence", "--limit", "-3"]],
)
def test_wrong_usage_is_explained_in_chinese(capsys, arguments) -> None:
    with pytest.raises(SystemExit) as left:
        main(arguments)
    assert left.value.code == USAGE
    assert "命令的写法不对" in capsys.readouterr().err


def test_help_is_chinese(capsys) -> None:
    with pytest.raises(SystemExit):
        main(["--help"])
    shown = capsys.readouterr().out
    assert "用法" in shown
    assert "positional" not in shown
    assert "show this" not in shown


def test_as_a_process_with_a_reader_that_leaves(archive, tmp_path) -> None:
    command = [sys.executable, "-m", "app", "list", str(archive), "schools"]
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        process.stdout.close()
        errors = process.stderr.read().decode()
    assert "Traceback" not in errors


_INIT = ("--scheme", "S01", "--community", "甲坊", "--school", "乙校", "--year", "2025")


@pytest.mark.parametrize(
    "arguments",
    [
        ["list", "{dir}/\udcff", "evidence"],
        ["list", "{dir}", "\udcff"],
        ["show", "{dir}", "\udcff"],
        ["list", "{dir}/" + "x" * 300, "evidence"],
        ["schemes", "甲\n乙"],
        ["export", "{dir}", "cover", "--out", "{dir}/" + "x" * 300 + ".pdf"],
        ["import", "{dir}", "members", "/dev/zero"],
        ["import", "{dir}", "members", "{dir}/archive.toml", "--mapping", "/dev/zero"],
        ["import", "{dir}", "members", "{dir}/archive.toml", "--mapping", "{deep}"],
        ["init", "{new}", *_INIT, "--person", "\x01"],
        ["init", "{new}", *_INIT[:3], "\udcff", *_INIT[4:]],
        ["init", "{new}", *_INIT[:3], "\u200b", *_INIT[4:]],
    ],
)
@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="devices and byte names are of Unix")
def test_hostile_arguments_are_refused_by_a_process_in_one_line(archive, tmp_path, arguments):
    deep = tmp_path / "深.toml"
    deep.write_text("a = " + "[" * 99_999, encoding="utf-8")
    places = {"{dir}": str(archive), "{new}": str(tmp_path / "新"), "{deep}": str(deep)}
    for mark, place in places.items():
        arguments = [part.replace(mark, place) for part in arguments]
    command = [sys.executable, "-m", "app", *arguments]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, check=False, timeout=60)
    shown = ended.stderr.decode()
    assert (ended.returncode, ended.stdout) == (REFUSED, b"")
    assert len(shown.splitlines()) == 1
    assert "程序出错了" not in shown
    assert not (tmp_path / "新").exists()


def test_a_file_name_that_is_no_text_is_still_one_json_document(archive, tmp_path) -> None:
    place = tmp_path / "\udcff乱"
    try:
        place.mkdir()
    except (OSError, UnicodeEncodeError):
        pytest.skip("this file system takes names in Unicode only")
    (place / "a.txt").write_text("内容", encoding="utf-8")
    command = [sys.executable, "-m", "app", "ingest", str(archive), str(place), "--json"]
    for key in ("added", "duplicates"):
        ended = subprocess.run(command, cwd=ROOT, capture_output=True, check=False, timeout=60)
        assert ended.returncode == DONE
        assert len(json.loads(ended.stdout)[key]) == 1


def test_numbers_beyond_the_database_are_only_large(run, archive) -> None:
    assert run("list", archive, "schools", "--offset", "9" * 30)["items"] == []
    assert run("list", archive, "schools", "--limit", "9" * 30)["total"] == 1


def test_an_empty_path_is_not_the_present_folder(archive, capsys) -> None:
    for arguments in (["ingest", str(archive), ""], ["list", "", "evidence"]):
        with pytest.raises(SystemExit) as left:
            main(arguments)
        assert left.value.code == USAGE
        assert "不能是空的" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["没有/退回.xlsx", "长" * 300 + ".xlsx", "名册.csv", "册.xlsx"])
def test_rejects_that_cannot_be_written_leave_the_members_as_they_were(
    run, archive, tmp_path, name
) -> None:
    import openpyxl

    roster = tmp_path / "册.xlsx"
    book = openpyxl.Workbook()
    for row in (["姓名", "单位"], ["张新", "甲小学"], ["", "甲小学"], ["李9", "甲小学"]):
        book.active.append(row)
    book.save(roster)
    before = roster.read_bytes()
    run("import", archive, "members", roster, "--rejects", tmp_path / name, status=REFUSED)
    assert run("list", archive, "members")["total"] == 0
    assert roster.read_bytes() == before


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a full device is of Linux")
@pytest.mark.parametrize("words", ["/dev/full", "&-"])
def test_a_result_that_cannot_be_printed(archive, tmp_path, words) -> None:
    file = tmp_path / "甲.txt"
    file.write_text("内容", encoding="utf-8")
    python = f"env -u PYTHONUNBUFFERED {sys.executable} -m app"

    def shell(line: str) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(
            ["sh", "-c", line], cwd=ROOT, capture_output=True, check=False, timeout=60
        )

    full = shell(f"{python} ingest '{archive}' '{file}' --json >/dev/full")
    assert (full.returncode, full.stderr.decode().splitlines()) == (
        FINDINGS,
        ["已经做完，但结果没有写出来：请检查输出到的磁盘或文件。"],
    )
    refused = shell(f"{python} list '{archive}' nix --json 2>{words}")
    assert (refused.returncode, refused.stdout) == (REFUSED, b"")
    left = shell(f"{python} list '{archive}' schools | true")
    assert (left.returncode, left.stderr) == (DONE, b"")


def test_an_unexpected_error_is_reported_also_where_nothing_can_be_written(
    monkeypatch, capsys, tmp_path
) -> None:
    def fail(_options: object) -> int:
        raise RuntimeError("甲")

    monkeypatch.setattr("app.cli.records._list", fail)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    assert main(["list", "x", "schools"]) == REFUSED
    [report] = tmp_path.iterdir()
    assert str(report) in capsys.readouterr().err
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "没有"))
    assert main(["list", "x", "schools"]) == REFUSED
    assert "程序出错了" in capsys.readouterr().err


def test_an_account_name_that_is_no_text_can_work(run, archive, monkeypatch) -> None:
    for variable in ("LOGNAME", "USER", "LNAME", "USERNAME"):
        monkeypatch.setenv(variable, "甲\udcff")
    assert run("list", archive, "schools")["total"] == 1


def test_a_draw_is_recorded_and_can_be_repeated(run, archive, tmp_path, capsys) -> None:
    import openpyxl

    roster = tmp_path / "册.xlsx"
    book = openpyxl.Workbook()
    book.active.append(["姓名", "单位", "出生年月"])
    for row in (
        ["张一", "甲小学", "1995-03"],
        ["李二", "甲小学", "1996-05"],
        ["王三", "乙校", "1970-01"],
    ):
        book.active.append(row)
    book.save(roster)
    run("import", archive, "members", roster)
    asked = ("draw", archive, "--count", 1, "--under-age", 35, "--date", "2026-03-02")
    first = run(*asked)
    assert [one["name"] for one in first["candidates"]] == ["张一", "李二"]
    assert first["uncertain"] == []
    again = run(*asked, "--seed", first["seed"])
    assert again["drawn"] == first["drawn"]
    assert "SHA-256" in again["how"]
    assert "不够抽 9 人" in run(
        "draw", archive, "--count", 9, "--date", "2026-03-02", status=REFUSED
    )
    with pytest.raises(SystemExit) as left:
        main(["draw", str(archive), "--count", "1", "--date", "3月2日"])
    assert left.value.code == USAGE
    assert "不是日期" in capsys.readouterr().err


def test_every_shipped_scheme_begins_an_archive_and_tells_how_it_stands(
    run, tmp_path, capsys
) -> None:
    shipped = run("schemes")["schemes"]
    assert {one["code"] for one in shipped} == {f"S{number:02}" for number in range(1, 31)}
    for number, one in enumerate(shipped):
        folder = tmp_path / str(number)
        whose = ["--person", "王芳"] if one["assesses"] == "person" else []
        run(
            "init", folder, "--scheme", one["id"], "--community", "甲共同体", "--school", "乙校",
            "--year", 2025, *whose,
        )  # fmt: skip
        for command in (("missing", "progress", "score")[number % 3],):
            found = main([command, str(folder), "--as-of", "2026-05-31"])
            assert found in (DONE, FINDINGS), (one["id"], command)
            capsys.readouterr()


def test_missing_progress_and_score_of_an_archive(run, archive) -> None:
    missing = run("missing", archive, "--as-of", "2026-07-05", status=FINDINGS)
    plan = next(one for one in missing["findings"] if one["slot"] == "plan")
    assert (plan["kind"], plan["severity"], plan["who"]) == ("standing", "notice", "甲坊")
    summary = next(one for one in missing["findings"] if one["slot"] == "summary")
    assert (summary["due"], summary["overdue"]) == ("2026-06-30", True)
    assert missing["demanded"] == 3  # plan, summary, list of assisted teachers
    assert missing["there"] == 0
    assert run("progress", archive, "--as-of", "2026-06-20")["deadlines"][0]["days_left"] == 10
    score = run("score", archive, status=FINDINGS)
    assert score["points"] == 0
    assert score["grades"][0]["name"] == ""  # what nobody scored yet is not nought


def test_a_scheme_is_adopted_and_changed_by_command(run, archive, tmp_path) -> None:
    assert run("adopt", archive, "S01", "--year", 2026)["adoption"]
    changed = tmp_path / "改.toml"
    text = run("schemes", "S01")["text"].replace(
        'name = "示范课", points = 10', 'name = "示范课", points = 12'
    )
    changed.write_text(text.replace("points = 25", "points = 27", 1), encoding="utf-8")
    shown = run("adopt", archive, changed, "--year", 2026, "--dry-run")
    assert any("10 分 → 12 分" in one["words"] for one in shown["effect"])
    assert "version" not in shown
    assert run("adopt", archive, changed, "--year", 2026, "--reason", "县里改了")["version"] == 2
    item = run("score", archive, "--year", 2026, status=FINDINGS)["table"][1]["items"][0]
    assert item["highest"] == 12


def test_self_assessment_and_reminders_are_written(run, tmp_path, monkeypatch) -> None:
    folder = tmp_path / "示例"
    monkeypatch.setenv(libreoffice.OVERRIDE, "")  # its book is made without it, in half the time
    run("demo", folder)
    for ending in ("docx", "pdf", "xlsx"):
        target = tmp_path / f"自评.{ending}"
        said = run("export", folder, "self-assessment", "--out", target, status=FINDINGS)
        assert any("要人工评分" in one for one in said["findings"])
        assert target.stat().st_size > 1000
    target = tmp_path / "催交单.docx"
    run("export", folder, "reminder", "--out", target)
    words = docx.Document(str(target))
    text = "\n".join(
        cell.text for table in words.tables for row in table.rows for cell in row.cells
    )
    assert "孙丽萍" in text
    assert "教学设计" in text
    said = run("export", folder, "reminder", "--out", tmp_path / "催交单.txt", status=REFUSED)
    assert ".docx、.pdf、.xlsx" in said
