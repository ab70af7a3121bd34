from app.ui.framework.settings import Settings


def test_values_come_back_after_a_restart(tmp_path):
    path = tmp_path / "配置" / "window.json"
    settings = Settings(path)
    settings.set("recent", ["/档案/一"])
    settings.set("dark", True)  # noqa: FBT003 - a value
    settings.set("sizes", [3, 4])
    settings.save()
    again = Settings(path)
    assert again.texts("recent") == ["/档案/一"]
    assert again.flag("dark")
    assert again.numbers("sizes") == [3, 4]
    assert list(path.parent.iterdir()) == [path]


def test_a_broken_file_or_value_means_defaults(tmp_path):
    path = tmp_path / "window.json"
    for text in ("{", "[1]", '{"recent": 3, "title": [1], "dark": "yes"}'):
        path.write_text(text, encoding="utf-8")
        settings = Settings(path)
        assert settings.texts("recent") == []
        assert settings.text("title", "无") == "无"
        assert settings.flag("dark", default=True)


def test_a_refusing_disk_does_not_stop_the_program(tmp_path, caplog):
    (tmp_path / "file").write_text("")
    settings = Settings(tmp_path / "file" / "window.json")
    settings.set("a", "b")
    settings.save()
    assert "not saved" in caplog.text
