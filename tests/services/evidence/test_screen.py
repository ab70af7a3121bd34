"""What evidence intake keeps out, with real files of each kind."""

import os
import socket
import tempfile
from pathlib import Path

import pytest

from app.services.evidence.screen import Refused, is_litter, screen

SOUND = b"%PDF-1.4 something"


def refusal(path):
    with pytest.raises(Refused) as caught:
        screen(path)
    reason = caught.value.reason
    assert reason.endswith("。")
    assert reason.count("。") >= 2  # what is wrong, and what to do
    return reason


def put(tmp_path, name, content=SOUND):
    path = tmp_path / name
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("总结.pdf", SOUND),
        ("录音.amr", b"#!AMR\n\x3c\x91\x17"),
        ("MZ世代研究.txt", "MZ世代的教研方式\n".encode()),
        ("说明.md", b"#!important"),
        ("没有扩展名", SOUND),
        (".开头点.docx", SOUND),
        ("-开头横线.docx", SOUND),
        ("照片.JPG", b"\xff\xd8\xff\xe0"),
    ],
)
def test_lets_materials_in(tmp_path, name, content):
    screen(put(tmp_path, name, content))


def test_lets_every_sound_sample_in(samples):
    refused = {}
    for path in sorted(samples.glob("*/*")):
        try:
            screen(path)
        except Refused as error:
            refused[path.name] = error.reason
    assert sorted(refused) == ["gen_零字节.jpg", "null_file.xlsx", "~$教研活动签到表.docx"]


@pytest.mark.parametrize(
    "name",
    ["病毒.exe", "看我.scr", "a.BAT", "a.cmd", "a.vbs", "a.ps1", "a.js", "a.sh", "a.msi", "a.jar",
     "a.com", "a.hta", "照片.jpg.exe", "x\u202ecod.exe", "a.e\u200bxe", "a.exe .", "a.reg",
     "a.apk"],
)  # fmt: skip
def test_keeps_programs_out_by_name(tmp_path, name):
    assert "程序" in refusal(put(tmp_path, name))


@pytest.mark.parametrize(
    "content",
    [
        b"MZ\x90\0\x03\0\0\0", b"MZ plain words", b"\x7fELF\x02\x01\x01", b"#!/bin/sh\nrm -rf /\n",
        b"#! /usr/bin/env python\n", b"@echo off\r\ndel *.*", b"@ECHO OFF\r\n", b"<?php system(1);",
        b"\xca\xfe\xba\xbe\0\0\0\x34", b"PK\x03\x04" + bytes(22) + b"\x14\0\0\0META-INF/MANIFEST.MF",
        b"PK\x03\x04" + bytes(22) + b"\x13\0\0\0AndroidManifest.xml",
    ],
)  # fmt: skip
def test_keeps_programs_out_by_content(tmp_path, content):
    assert "程序" in refusal(put(tmp_path, "照片.jpg", content))


def test_a_program_stays_out_under_the_name_of_a_text(tmp_path):
    assert "程序" in refusal(put(tmp_path, "说明.txt", b"MZ\x90\0\x03\0\0\0\x04"))


def test_keeps_an_installer_out_under_another_name(tmp_path, samples):
    content = bytearray((samples / "office" / "SampleDoc.doc").read_bytes())
    root = (int.from_bytes(content[48:52], "little") + 1) * 512
    content[root + 80 : root + 96] = b"\x84\x10\x0c\0\0\0\0\0\xc0\0\0\0\0\0\0F"
    assert "安装程序" in refusal(put(tmp_path, "通知.doc", bytes(content)))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("教案.lnk", SOUND),
        ("网页.url", b"[InternetShortcut]\r\nURL=http://example.org"),
        ("教案.docx", b"L\0\0\0\x01\x14\x02\0" + bytes(60)),
        ("教案.txt", b"[InternetShortcut]\r\nURL=http://example.org"),
    ],
)
def test_keeps_shortcuts_out(tmp_path, name, content):
    assert "快捷方式" in refusal(put(tmp_path, name, content))


def test_keeps_links_out(tmp_path):
    target = put(tmp_path, "原件.pdf")
    link, broken = tmp_path / "链接.pdf", tmp_path / "断链.pdf"
    link.symlink_to(target)
    broken.symlink_to(tmp_path / "无.pdf")
    assert "快捷方式" in refusal(link)
    assert "快捷方式" in refusal(broken)


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("~$教案.docx", "临时文件"), (".~教案.docx", "临时文件"), (".~lock.a.odt#", "临时文件"),
        ("Thumbs.db", "系统"), ("DESKTOP.INI", "系统"), (".DS_Store", "系统"), ("._照片.jpg", "系统"),
        ("课件.pptx.crdownload", "没有下载完"), ("录像.mp4.part", "没有下载完"),
    ],
)  # fmt: skip
def test_keeps_litter_out(tmp_path, name, word):
    assert word in refusal(put(tmp_path, name))
    assert is_litter(name) == (word == "系统")


def test_keeps_empty_files_out(tmp_path):
    assert "0 字节" in refusal(put(tmp_path, "空.jpg", b""))


def test_names_a_file_that_has_gone(tmp_path):
    assert "不存在" in refusal(tmp_path / "走了.pdf")
    assert "不存在" in refusal(put(tmp_path, "文件.pdf") / "里面.pdf")


def test_keeps_folders_and_devices_out(tmp_path):
    assert "文件夹" in refusal(tmp_path)
    if os.name == "nt":
        return
    fifo = tmp_path / "管道.pdf"
    os.mkfifo(fifo)
    assert "设备" in refusal(fifo)  # and does not wait for a writer
    assert "设备" in refusal(Path("/dev/zero"))
    with tempfile.TemporaryDirectory() as short, socket.socket(socket.AF_UNIX) as server:
        place = Path(short) / "s.pdf"
        server.bind(str(place))
        assert "设备" in refusal(place)


@pytest.mark.skipif(os.name == "nt", reason="permissions work in another way on Windows")
def test_names_a_file_that_may_not_be_read():
    root = os.geteuid() == 0
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        path = put(Path(folder), "秘密.pdf")
        path.chmod(0)
        if root:
            os.seteuid(65534)
        try:
            assert "权限" in refusal(path)
        finally:
            if root:
                os.seteuid(0)


def test_a_damaged_header_is_no_error_of_the_disk(tmp_path):
    damaged = tmp_path / "总结.doc"
    damaged.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\xff" * 4096)
    screen(damaged)
