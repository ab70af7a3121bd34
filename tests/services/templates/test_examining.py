"""What a form holds is told with its place; what cannot work is told before it is used."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from app.errors import NotFoundError, ValidationError
from app.services.forms import catalogue
from app.services.templates.examining import examine, with_fields
from tests.services.templates.office import FORMS, SUBJECT, form, word

if TYPE_CHECKING:
    from pathlib import Path

_BOX = (
    "<w:p {ns}><w:r><mc:AlternateContent "
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
    '<mc:Choice Requires="wps"><w:txbxContent><w:p><w:r><w:t>{text}</w:t></w:r></w:p>'
    "</w:txbxContent></mc:Choice><mc:Fallback><w:txbxContent><w:p><w:r><w:t>{text}</w:t></w:r></w:p>"
    "</w:txbxContent></mc:Fallback></mc:AlternateContent></w:r></w:p>"
)


def states(path: Path) -> list[tuple[str, str, str]]:
    return [(one.place, one.label, one.state) for one in examine(path, SUBJECT).spots]


def test_placeholders_are_found_however_word_has_split_them(tmp_path: Path) -> None:
    made = docx.Document()
    line = made.add_paragraph()
    for part in ("主题：{", "{活动", "主题", "}}，在{{ 日", "期 }", "}"):
        line.add_run(part).bold = part == "主题"
    made.add_paragraph("｛｛机构（问题）｝｝")
    made.sections[0].header.paragraphs[0].text = "{{主题}}"
    path = tmp_path / "a.docx"
    made.save(str(path))
    assert states(path) == [
        ("第1段", "{{活动主题}}", "ok"), ("第1段", "{{ 日期 }}", "ok"),
        ("第2段", "{{机构（问题）}}", "ok"), ("页眉", "{{主题}}", "ok"),
    ]  # fmt: skip
    assert examine(path, SUBJECT).ready


def test_places_are_named_as_a_reader_counts(tmp_path: Path) -> None:
    path = word(
        tmp_path / "a.docx", "标题", [["姓名", "{{日期}}"], ["", "{{活动主题}}"]], "{{日期}}"
    )
    made = docx.Document(str(path))
    inner = made.tables[0].cell(1, 0).add_table(1, 1)
    inner.cell(0, 0).text = "{{主题}}"
    made.element.body.insert(0, parse_xml(_BOX.format(ns=nsdecls("w"), text="{{日期}}")))
    made.save(str(path))
    assert [place for place, _label, _state in states(path)] == [
        "文本框", "表格1 第1行第2列", "表格1 第2行第1列里的表格 第1行第1列", "表格1 第2行第2列", "第3段",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("{{活动主体}}", "{{活动主题}}"), ("{{签到.姓明}}", "{{签到.姓名}}"),
        ("{{签到}}", "{{签到.姓名}}"), ("{{照片.图片}}", "{{照片.图}}"), ("{{天气}}", ""),
    ],
)  # fmt: skip
def test_an_unknown_name_comes_with_the_nearest(tmp_path: Path, typed: str, meant: str) -> None:
    found = examine(word(tmp_path / "a.docx", typed), SUBJECT)
    assert [(one.state, one.content) for one in found.spots] == [("wrong", meant)]
    assert not found.ready
    if meant:
        mended = tmp_path / "b.docx"
        mended.write_bytes(with_fields(tmp_path / "a.docx", SUBJECT, {0: meant}))
        assert [one.label for one in examine(mended, SUBJECT).spots] == [meant]
        assert examine(mended, SUBJECT).ready


def test_only_the_chosen_one_of_two_alike_is_exchanged(tmp_path: Path) -> None:
    path = word(tmp_path / "a.docx", "{{日起}}与{{日期}}", [["{{日起}}"]])
    spots = examine(path, SUBJECT).spots
    chosen = {one.number: "{{活动主题}}" for one in spots if one.place.startswith("表格")}
    path.write_bytes(with_fields(path, SUBJECT, chosen))
    assert [one.label for one in examine(path, SUBJECT).spots] == [
        "{{日起}}", "{{日期}}", "{{活动主题}}",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "hostile",
    [
        "{{ 活动主题.__class__.__mro__ }}", "{{ ''.__class__ }}", "{{ cycler.__init__.__globals__ }}",
        "{% for x in range(999999999) %}a{% endfor %}", "{% for x in '天天天' %}a{% endfor %}",
        "{% macro f() %}{{ f() }}{% endmacro %}", "{% include '/etc/passwd' %}",
        "{% set x = 1 %}", "{{ 9 ** 9 ** 9 }}", "{{ '天' * 999999999 }}", "{{ lipsum(99999) }}",
        "{{ 活动主题|attr('__class__') }}", "{{ 活动主题|replace('', '长') }}",
        "{{ 活动主题.format_map }}", "{{ 签到.append('x') }}", "{% extends '签到' %}",
        "{% for a in 签到 %}{% for b in 签到 %}{% for c in 签到 %}{% for d in 签到 %}"
        "{% endfor %}{% endfor %}{% endfor %}{% endfor %}",
        "{% for a in 签到 recursive %}{{ loop(签到) }}{% endfor %}",
        "{% import 'os' as os %}", "{{ self._TemplateReference__context }}",
    ],
)  # fmt: skip
def test_nothing_but_fields_loops_and_conditions_is_taken(tmp_path: Path, hostile: str) -> None:
    found = examine(word(tmp_path / "a.docx", "一", hostile), SUBJECT)
    assert not found.ready
    told = [one.place for one in (*found.problems, *found.spots)]
    assert "第2段" in told


@pytest.mark.parametrize(
    "broken",
    [
        "{{活动主题}",
        "活动主题}}",
        "{% if 日期 %}有",
        "{% endif %}",
        "{% 日期 %}",
        "{{}}",
    ],
)
def test_what_is_written_wrongly_is_told_with_its_place(tmp_path: Path, broken: str) -> None:
    found = examine(word(tmp_path / "a.docx", "{{日期}}", [["一", broken]]), SUBJECT)
    assert [one.place for one in found.problems] == ["表格1 第1行第2列"]
    assert [one.state for one in found.spots] == ["ok"]


def test_native_tags_are_understood(tmp_path: Path) -> None:
    path = word(
        tmp_path / "a.docx", "{%p if 日期 == “今天” %}", "{{日期}}", "{%p endif %}",
        [["{%tr for 行 in 签到 %}"], ["{{ 行.姓名 }}{{ 行.电话 }}"], ["{%tr endfor %}"]],
        "{{ 签到|length }}人",
    )  # fmt: skip
    found = examine(path, SUBJECT)
    assert not found.problems
    assert [one.label for one in found.spots if one.state == "wrong"] == ["{{ 行.电话 }}"]
    assert [one.content for one in found.spots if one.state == "wrong"] == [""]


def test_what_repeats_is_told(tmp_path: Path) -> None:
    path = word(
        tmp_path / "a.docx", "人员：{{签到.姓名}}", "{{签到.姓名}}在{{签到.单位}}",
        [["{{签到.姓名}}", "{{签到.单位}}"]], [["照片", "{{照片.图}}"]],
        [["{{签到.姓名}}", "{{签到.姓名}}"]],
    )  # fmt: skip
    found = examine(path, SUBJECT)
    assert sorted((one.place, one.how) for one in found.repeats) == sorted([
        ("第1段", "用顿号连成一句"), ("第2段", "每条一段"), ("表格1 第1行", "每条一行"),
        ("表格2 第1行第2列", "每条一段"), ("表格3 第1行", "每 2 条一行"),
    ])  # fmt: skip
    assert found.pictures == 1


EXPECTED = {
    "listening": (
        "{{课题}} {{等级}} {{授课教师}} {{学科年级}} {{听课人}} {{听课时间}} {{听课节数}} {{班级}} "
        "{{听课意见}} - {{上课日期}}"
    ),
    "listening_by_steps": "{{听课时间}} {{班级}} {{教学过程.过程}} {{教学过程.评析}} {{总评}}",
    "activity": (
        "{{教研组}} {{活动期次}} {{活动日期}} {{活动主题}} {{授课教师}} {{活动地点}} {{听课人员}} "
        "{{主要活动流程}} {{照片.图}} - - -"
    ),
    "signing": "{{活动时间}} {{活动地点}} {{签到.序号}} {{签到.姓名}} {{签到.单位}} -",
    "signing_double": (
        "{{活动时间}} {{活动地点}} {{签到.序号}} {{签到.姓名}} {{签到.单位}} - "
        "{{签到.序号}} {{签到.姓名}} {{签到.单位}} -"
    ),
    "preparing": "{{活动时间}} {{主备人}} {{参与人员}} {{内容记录}}",
    "tall": "{{签到.姓名}} {{签到.单位}} {{签到.职务}}",
    "ledger": "{{学校}} {{全部.序号}} {{全部.听课时间}} {{全部.授课教师}} {{全部.课题}} {{全部.等级}}",
    "record": "{{活动主题}} {{活动时间}} {{主持人}} {{应到人数}} {{内容记录}}",
}


@pytest.mark.parametrize("name", FORMS)
def test_a_blank_form_is_recognised(tmp_path: Path, name: str) -> None:
    path, subject = form(name, tmp_path), catalogue.subjects()[FORMS[name][2]]
    found = examine(path, subject)
    assert found.blank
    said = [one.content.replace(" ", "") or "-" for one in found.spots]
    assert sorted(said) == sorted(EXPECTED[name].split())
    path.write_bytes(with_fields(path, subject, {one.number: one.content for one in found.spots}))
    made = examine(path, subject)
    assert made.ready
    assert sorted(one.label.replace(" ", "") for one in made.spots) == sorted(
        one for one in EXPECTED[name].split() if one != "-"
    )


def test_words_around_a_gap_stay(tmp_path: Path) -> None:
    path, subject = form("activity", tmp_path), catalogue.subjects()["activity"]
    spots = examine(path, subject).spots
    path.write_bytes(with_fields(path, subject, {one.number: one.content for one in spots}))
    first = docx.Document(str(path)).paragraphs[0].text
    assert first == "教研组：{{教研组}}　　活动期次：{{活动期次}}　　活动日期：{{活动日期}}"
    path = form("signing", tmp_path)
    spots = examine(path, subject).spots
    path.write_bytes(with_fields(path, subject, {one.number: one.content for one in spots}))
    first = docx.Document(str(path)).paragraphs[0].text
    assert first == "时间：{{活动时间}}　　地点：{{活动地点}}"


def test_a_file_that_is_no_form_is_refused_in_words(tmp_path: Path) -> None:
    word(tmp_path / "好.docx", "{{日期}}")
    whole = (tmp_path / "好.docx").read_bytes()
    cut = tmp_path / "断.docx"
    cut.write_bytes(whole[: len(whole) // 2])
    old = tmp_path / "旧.doc"
    old.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))
    text = tmp_path / "文.docx"
    text.write_text("只是文字", encoding="utf-8")
    macro = tmp_path / "宏.docm"
    with zipfile.ZipFile(io.BytesIO(whole)) as source, zipfile.ZipFile(macro, "w") as made:
        for name in source.namelist():
            content = source.read(name)
            if name == "[Content_Types].xml":
                content = content.replace(
                    b"wordprocessingml.document.main", b"ms-word.document.macroEnabled.main"
                ).replace(b"openxmlformats-officedocument.ms-word", b"ms-word")
            made.writestr(name, content)
    large = tmp_path / "大.docx"
    with (
        zipfile.ZipFile(io.BytesIO(whole)) as source,
        zipfile.ZipFile(large, "w", zipfile.ZIP_DEFLATED) as made,
    ):
        for name in source.namelist():
            made.writestr(name, source.read(name))
        made.writestr("word/more.xml", b" " * (31 << 20))
    for path, said in (
        (cut, "已损坏"), (old, "旧格式"), (text, ""), (macro, "宏"), (large, "太大"),
    ):  # fmt: skip
        with pytest.raises(ValidationError) as told:
            examine(path, SUBJECT)
        assert said in told.value.text
        assert told.value.hint
    with pytest.raises(NotFoundError):
        examine(tmp_path / "没有.docx", SUBJECT)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("office/bug53475-password-is-pass.docx", "密码"), ("office/truncated62886.docx", "已损坏"),
        ("sheets/protected_passtika.xlsx", "密码"), ("sheets/poc-xmlbomb.xlsx", ""),
    ],
)  # fmt: skip
def test_real_files_that_are_no_form(samples: Path, name: str, said: str) -> None:
    with pytest.raises(ValidationError) as told:
        examine(samples / name, SUBJECT)
    assert said in told.value.text


def test_every_real_word_and_excel_file_is_read_or_refused(samples: Path) -> None:
    refused = 0
    paths = sorted([*samples.rglob("*.docx"), *samples.rglob("*.xlsx")])
    for path in paths:
        try:
            examine(path, catalogue.subjects()["activity"])
        except ValidationError:
            refused += 1
    assert 0 < refused < len(paths) / 2
