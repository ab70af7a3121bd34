"""Fonts of this machine and the characters of the archive that none has."""

from sqlalchemy import select

from app.models import Activity, Community, Person
from app.services.documents import font_roles
from app.services.documents import fonts as fonts_module
from app.services.documents.fonts import FontLibrary, library


def test_every_role_has_a_font_and_says_what_would_be_better(services) -> None:
    found = {one.role: one for one in services.fonts.roles(anew=True)}
    assert list(found) == ["title", "song", "fangsong", "hei", "kai"]
    for one in found.values():
        assert one.font.path
        assert one.font.state == "正在使用"
        assert one.font in one.chain


def test_stand_ins_are_told_from_the_right_fonts() -> None:
    title, song, *_others = font_roles.roles(library(shipped_only=True))
    assert title.bold
    assert "方正小标宋简体（商业字体" in title.better
    assert song.font.name == "思源宋体（随程序）"
    assert [one.state for one in song.chain][:2] == ["没有安装", "没有安装"]


def test_fonts_that_cannot_be_embedded_are_passed_over_with_the_reason(
    monkeypatch, tmp_path
) -> None:
    (tmp_path / "simkai.ttf").write_bytes(b"OTTO" + b"\x00" * 60)
    (tmp_path / "simfang.ttf").write_bytes(b"broken")
    monkeypatch.setattr(fonts_module, "_folders", lambda: [tmp_path])
    roles = {one.role: one for one in font_roles.roles(FontLibrary(shipped_only=False))}
    assert roles["kai"].chain[0].state == "不能用：它是 OpenType（CFF）字体，PDF 里嵌不进去"
    assert roles["kai"].font.name == "思源宋体（随程序）"
    assert roles["fangsong"].chain[0].state == "不能用：文件打不开，可能已损坏"


def test_characters_without_a_font_are_told_with_their_places(services) -> None:
    assert services.fonts.missing() == ()
    with services.archive.uow.write("试验") as session:
        community = session.scalars(select(Community)).first()
        session.add(Person(name="张䶮🎵"))
        for number in range(25):
            session.add(
                Activity(community_id=community.id, title=f"第{number}次", minutes="唱歌🎵\n散会")
            )
    [found] = services.fonts.missing()
    assert (found.character, found.code, found.count) == ("🎵", "U+1F3B5", 26)
    assert found.places[:2] == ("教师“张䶮🎵”", "活动“第0次”")
    assert len(found.places) == 20
