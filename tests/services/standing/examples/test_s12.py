"""S12 吴忠市: one activity from the request to the summing-up, its parts, its materials, its seals."""

import pytest

from app.errors import ConflictError
from app.services.schemes.catalogue import preset


@pytest.fixture
def city(world):
    w = world("wuzhong-jiaoyan", year=2025, today="2026-06-30")
    w.school("利通一小", role="lead")
    w.school("金银滩小学", role="partner")
    w.school("吴忠市教研室", role="city-office")
    w.person("马兰", school="利通一小")
    w.person("杨帆", school="利通一小")
    w.person("丁雪", school="金银滩小学")
    return w


def joint(w, on, present, **more):
    return w.activity(
        "joint", on, form="名师会诊", organizer=("吴忠市教研室",), host=("利通一小",),
        co_host=("金银滩小学",), present=present, **more,
    )  # fmt: skip


def test_one_joint_activity_a_term_and_joint_means_of_two_schools(city):
    joint(city, "2025-10-15", ("马兰", "丁雪"))
    city.activity("joint", "2026-04-15", host=("利通一小",), present=("马兰", "杨帆"))  # one school
    first = city.progress("once-a-term", period="第一学期")
    assert (first.done, first.required, first.reached) == (1, 1, True)
    second = city.progress("once-a-term", period="第二学期")
    assert (second.done, second.required, second.reached) == (0, 1, False)


def test_last_day_of_the_first_term_and_first_day_of_the_second(city):
    joint(city, "2026-02-14", ("马兰", "丁雪"))
    joint(city, "2026-02-15", ("马兰", "丁雪"))
    assert city.progress("once-a-term", period="第一学期").done == 1
    assert city.progress("once-a-term", period="第二学期").done == 1


def test_text_pictures_audio_and_video_are_each_asked_for(city):
    activity = joint(city, "2025-10-15", ("马兰", "丁雪"), stage="共同总结")
    before = city.missing()
    for name in ("活动记录（文本）", "图片资料", "音像资料", "方案论证意见", "活动证书"):
        assert any(f"缺{name}" in line for line in before), name
    city.fill(activity, "text-record", "pictures")
    after = city.missing()
    assert not any("缺图片资料" in line for line in after)
    assert any("缺音像资料" in line for line in after)
    city.fill(activity)
    assert not any("名师会诊" in line or "2025-10-15" in line for line in city.missing())


def test_each_step_waits_for_the_material_that_confirms_the_one_before(city):
    activity = joint(city, "2025-10-15", ("马兰", "丁雪"), stage="菜单式预约")
    activities = city.services.activities
    for slot, name, following in (
        ("request", "活动申请", "方案论证"),
        ("review-opinion", "方案论证意见", "下文确认"),
        ("confirmation", "确认活动的文件", "共同培训"),
        ("training-record", "活动培训会记录", "共同研修"),
    ):
        with pytest.raises(ConflictError, match=name):
            activities.advance(activity, city.adoption)
        city.fill(activity, slot)
        assert activities.advance(activity, city.adoption) == following
    left = ["共同备课", "共同磨课", "共同展课", "共同送课", "共同总结"]
    assert [activities.advance(activity, city.adoption) for _ in left] == left


def test_eight_forms_and_four_kinds():
    scheme = preset("S12").scheme
    assert scheme.activity[0].forms == (
        "专业引领", "校际会课", "名师会诊", "专题合作", "教学互访", "城乡互动", "开放共享", "党建融合",
    )  # fmt: skip
    assert len(scheme.community.types) == 4
    network = [one.name for one in (*scheme.community.units, *scheme.community.groups)]
    for level in ("市教研室", "县教研室", "牵头学校", "协作学校", "教研组", "名师工作室"):
        assert level in network


def test_who_is_asked_is_the_side_that_has_the_duty(city):
    joint(city, "2025-10-15", ("马兰", "丁雪"))
    lines = city.missing()
    (request,) = [line for line in lines if "缺活动申请" in line]
    assert "利通一小" in request  # 牵头学校
    (opinion,) = [line for line in lines if "缺方案论证意见" in line]
    assert "吴忠市教研室" in opinion  # 主办
    (summary,) = [line for line in lines if "缺活动总结" in line]
    assert "利通一小" in summary  # 承办


def test_certificates_bear_the_seal_of_their_level(city):
    activity = joint(city, "2025-10-15", ("马兰", "丁雪"))
    city.file("certificate", activity=activity, level="市")
    city.file("confirmation", activity=activity, level="县")
    lines = city.missing()
    assert any("市教研室公章" in line for line in lines)
    assert any("县（市、区）教研室公章" in line for line in lines)


def test_sealed_certificates_are_in_order(city):
    activity = joint(city, "2025-10-15", ("马兰", "丁雪"))
    city.file("certificate", activity=activity, level="市", sealed=True)
    assert not any("公章" in line for line in city.missing())
