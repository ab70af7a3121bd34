"""Who may be the same is offered with the reason; who was said to be two is not offered again."""

import pytest

from app.models import Person, School


def _people(services, *rows):
    with services.archive.uow.write("准备") as session:
        schools = {}
        ids = []
        for row in rows:
            values = dict(row)
            name = values.pop("school", None)
            if name and name not in schools:
                schools[name] = School(name=name)
            person = Person(**values, school=schools.get(name))
            session.add(person)
            session.flush()
            ids.append(person.id)
    return ids


def _reasons(services, kind="person"):
    return [
        (pair.first.name, pair.second.name, pair.reasons)
        for pair in services.people.duplicates(kind)
    ]


@pytest.mark.parametrize(
    ("one", "other", "reasons"),
    [
        ({"name": "王芳"}, {"name": "王 芳"}, ("姓名只差空格或写法",)),
        ({"name": "阿依·古丽"}, {"name": "阿依•古丽"}, ("姓名只差空格或写法",)),
        (
            {"name": "王芳", "school": "甲小学"},
            {"name": "王芳", "school": "甲小学"},
            ("同在一个单位", "姓名相同"),
        ),
        (
            {"name": "王芳", "born_on": "1985"},
            {"name": "王芳", "born_on": "1985-09"},
            ("出生年月一致", "姓名相同"),
        ),
        (
            {"name": "王芳", "phone": "13800138000"},
            {"name": "王方", "phone": "13800138000"},
            ("电话相同",),
        ),
        (
            {"name": "王芳", "id_number": "61012519850901002x"},
            {"name": "汪芳", "id_number": "61012519850901002X"},
            ("身份证号相同",),
        ),
        ({"name": "王芳", "born_on": "1985"}, {"name": "王芳", "born_on": "1990-01"}, None),
        (
            {"name": "王芳", "school": "甲小学", "id_number": "610125198509010021"},
            {"name": "王芳", "school": "甲小学", "id_number": "610125199001010022"},
            None,
        ),
        (
            {"name": "王芳", "phone": "0913-7212345"},
            {"name": "李雷", "phone": "0913-7212345"},
            None,
        ),
    ],
)
def test_reasons_in_words(services, one, other, reasons) -> None:
    _people(services, one, other)
    found = _reasons(services)
    assert [row[2] for row in found] == ([reasons] if reasons else [])


def test_a_number_of_the_whole_school_says_nothing(services) -> None:
    _people(services, *({"name": f"教师{n}", "phone": "13800138000"} for n in "甲乙丙丁戊"))
    assert _reasons(services) == []


def test_a_pair_marked_as_different_is_not_offered_again_until_undone(services) -> None:
    _people(services, {"name": "王芳"}, {"name": "王芳"}, {"name": "王芳", "school": "甲小学"})
    pairs = services.people.duplicates("person")
    assert len(pairs) == 3
    services.people.mark_different(pairs[0])
    services.people.mark_different(pairs[0])
    assert services.people.duplicates("person") == pairs[1:]
    assert services.history.undo() == "标为不是同一人员：王芳"
    assert services.people.duplicates("person") == pairs
    assert services.settings.get().retention == "10年"  # the marks are no settings of the archive


@pytest.mark.parametrize(
    ("one", "other", "reason"),
    [
        (("兴镇小学", ""), ("兴镇完全小学", ""), "名称只差“完全小学”“小学”这样的写法"),
        (("兴镇完小", ""), ("兴镇小学校", ""), "名称只差“完全小学”“小学”这样的写法"),
        (("兴镇 小学", ""), ("兴镇小学", ""), "名称只差空格或全半角"),
        (("蒲城县兴镇中心小学", "兴小"), ("兴小", ""), "一个的简称就是另一个的名称"),
        (("蒲城县兴镇小学", ""), ("兴镇小学", ""), "名称只差前面的县区"),
        (("陕西省蒲城县兴镇小学", ""), ("蒲城县兴镇小学", ""), "名称只差前面的县区"),
        (("蒲城县第一小学", ""), ("富平县第一小学", ""), None),
        (("兴镇小学", ""), ("兴镇中学", ""), None),
        (("兴镇小学", ""), ("孙镇小学", ""), None),
        (("新城区小学", ""), ("莲湖区小学", ""), None),
    ],
)
def test_schools_by_name_and_short_name(services, one, other, reason) -> None:
    with services.archive.uow.write("准备") as session:
        for name, short_name in (one, other):
            session.add(School(name=name, short_name=short_name))
    found = [row[2] for row in _reasons(services, "school")]
    assert found == ([(reason,)] if reason else [])
