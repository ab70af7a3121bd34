"""Commands about boxes: archival codes, labels, every form as a file."""

import json
from pathlib import Path

import pytest
from PIL import Image

from app.cli import DONE, FINDINGS, REFUSED, main


@pytest.fixture
def run(capsys):
    def run(*arguments: object, status: int = DONE):
        assert main([*map(str, arguments), "--json"]) == status
        shown = capsys.readouterr()
        return json.loads(shown.out) if shown.out else shown.err

    return run


@pytest.fixture
def archive(tmp_path, run) -> Path:
    """A box with two photos."""
    folder, photos = tmp_path / "库", tmp_path / "照片"
    names = ("--community", "甲坊", "--school", "乙校", "--year", 2025)
    run("init", folder, "--scheme", "S01", *names)
    photos.mkdir()
    for shade, name in enumerate(["2025-10-15 签到.jpg", "2025-11-03 现场.jpg"]):
        Image.new("RGB", (30, 20), (shade * 90, 50, 50)).save(photos / name)
    run("ingest", folder, photos, "--slot", "示范课")
    run("box", folder, "plan", status=FINDINGS)
    return folder


def test_codes_are_shown_given_and_withdrawn(run, archive) -> None:
    shown = run("box", archive, "codes")
    assert (shown["sample"], shown["codes"]) == ("WS·2025-D10-0001", [])
    assert [one["code"] for one in shown["new"]] == ["WS·2025-D10-0001", "WS·2025-D10-0002"]
    given = run("box", archive, "codes", "--give")
    assert [one["state"] for one in given["codes"]] == ["used", "used"]
    [box] = run("box", archive, "list")["boxes"]
    assert [item["archival_code"] for item in box["items"]] == [
        "WS·2025-D10-0001", "WS·2025-D10-0002",
    ]  # fmt: skip
    assert "都已经有档号" in run("box", archive, "codes", "--give", status=REFUSED)
    code = "WS·2025-D10-0002"
    assert "写明原因" in run("box", archive, "codes", "--withdraw", code, status=REFUSED)
    told = run("box", archive, "codes", "--withdraw", code, "--reason", "重复", status=FINDINGS)
    assert told["gaps"] == [f"{code} 2025-11-03 现场：已收回：重复"]
    assert told["new"][0]["code"] == "WS·2025-D10-0003"
    assert "没有档号" in run("box", archive, "codes", "--withdraw", "X", status=REFUSED)


def test_a_label_is_checked(run, archive) -> None:
    [box] = run("box", archive, "list")["boxes"]
    found = run("box", archive, "verify", "--code", box["fingerprint"])
    assert found == {
        "box": 1, "period": "2025—2026学年", "same": True, "now": box["fingerprint"],
    }  # fmt: skip
    whole = f"档案盒 甲坊 2025—2026学年 第1盒\n目录 {box['fingerprint']}"
    assert run("box", archive, "verify", "--code", whole)["same"]
    run("box", archive, "codes", "--give")
    assert not run("box", archive, "verify", "--code", whole, status=FINDINGS)["same"]
    assert "不是档案盒标签" in run("box", archive, "verify", "--code", "x", status=REFUSED)


def test_options_of_forms_are_set_by_name(run, archive, tmp_path) -> None:
    stamps = tmp_path / "空格章.pdf"
    made = run("export", archive, "stamp", "--out", stamps, "--set", "filled=", status=FINDINGS)
    assert made["paths"] == [str(stamps)], "not sealed: written, with the findings"
    wrong = ("--set", "size=own", "--set", "width=500")
    told = run("export", archive, "labels", "--out", tmp_path / "x.pdf", *wrong, status=REFUSED)
    assert "宽不能是" in told
    assert not (tmp_path / "x.pdf").exists()
