"""Every change is one transaction with its journal entry; undo and redo give back what was."""

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import insert, select

from app.bootstrap import Services
from app.errors import ConflictError
from app.models import Batch, Entry, Person, PersonSubject, School
from app.models.base import table_of
from app.services.safety.check import check

if TYPE_CHECKING:
    from app.services.unit_of_work import Changes


def _everything(services: Services) -> dict[str, list[tuple[object, ...]]]:
    """All rows of all journaled tables."""
    from app.models import Base, Record

    with services.archive.uow.read() as session:
        return {
            mapper.local_table.name: sorted(
                map(tuple, session.execute(select(mapper.local_table)).all()), key=str
            )
            for mapper in Base.registry.mappers
            if issubclass(mapper.class_, Record)
        }


def _add_person(services: Services, name: str) -> str:
    with services.archive.uow.write(f"新增 {name}") as session:
        person = Person(
            name=name, subjects=[PersonSubject(subject="语文"), PersonSubject(subject="音乐")]
        )
        session.add(person)
        session.flush()
        return person.id


def test_a_change_is_journaled_with_before_and_after(services: Services) -> None:
    person_id = _add_person(services, "张三")
    with services.archive.uow.write("改名") as session:
        session.get_one(Person, person_id).name = "张珊"
    line = services.history.of_record(person_id)[0]
    assert (line.actor, line.action, line.op) == ("王芳", "改名", "update")
    assert (line.before, line.after) == ({"name": "张三"}, {"name": "张珊"})


def test_an_error_leaves_neither_change_nor_entry(services: Services) -> None:
    before = _everything(services)
    with services.archive.uow.read() as session:
        batches = len(session.scalars(select(Batch)).all())

    def fail() -> None:
        with services.archive.uow.write("失败") as session:
            session.add(Person(name="李四"))
            session.flush()
            msg = "half way"
            raise ValueError(msg)

    with pytest.raises(ValueError, match="half way"):
        fail()
    assert _everything(services) == before
    with services.archive.uow.read() as session:
        assert len(session.scalars(select(Batch)).all()) == batches
        assert not session.scalars(select(Entry).where(Entry.kind == "person")).all()


def test_a_use_case_that_changes_nothing_is_no_step(services: Services) -> None:
    person_id = _add_person(services, "张三")
    with services.archive.uow.write("没有变化") as session:
        session.get_one(Person, person_id).name = "张三"
    assert services.history.undo_label() == "新增 张三"


def test_undo_and_redo_restore_every_row(services: Services) -> None:
    states = [_everything(services)]
    person_id = _add_person(services, "张三")
    states.append(_everything(services))
    with services.archive.uow.write("改学科") as session:
        person = session.get_one(Person, person_id)
        person.name = "张珊"
        person.subjects.pop(0)
        person.school = session.scalars(select(School)).one()
    states.append(_everything(services))
    with services.archive.uow.write("删除") as session:
        session.delete(session.get_one(Person, person_id))
    states.append(_everything(services))
    assert not services.search.find("张珊").total

    for state, name in zip(states[-2::-1], ["删除", "改学科", "新增 张三"], strict=True):
        assert services.history.undo_label() == name
        assert services.history.undo() == name
        assert _everything(services) == state
    for state in states[1:]:
        services.history.redo()
        assert _everything(services) == state
    assert services.history.redo_label() is None
    assert check(services.archive).problems == ()


def test_the_search_index_follows_undo(services: Services) -> None:
    _add_person(services, "欧阳修")
    assert services.search.find("阳修").total == 1
    services.history.undo()
    assert services.search.find("阳修").total == 0
    services.history.redo()
    assert services.search.find("阳").hits[0].title == "欧阳修"


def test_a_new_action_ends_what_could_be_redone(services: Services) -> None:
    _add_person(services, "甲")
    services.history.undo()
    _add_person(services, "乙")
    assert services.history.redo_label() is None
    with pytest.raises(ConflictError, match="没有可以重做"):
        services.history.redo()


def test_undo_survives_a_restart(services: Services, context) -> None:
    from app.bootstrap import open_services

    _add_person(services, "甲")
    services.close()
    with open_services(services.archive.path, context) as again:
        assert again.history.undo() == "新增 甲"
        assert again.search.find("甲").total == 0


def test_deleting_what_others_point_to_is_refused_in_words(services: Services) -> None:
    with services.archive.uow.read() as session:
        school_id = session.scalars(select(School.id)).one()

    def delete() -> None:
        with services.archive.uow.write("删除单位") as session:
            session.delete(session.get_one(School, school_id))

    with pytest.raises(ConflictError, match="冲突"):
        delete()
    assert services.records.show(school_id)["name"] == "蒲城县实验小学"


def test_bulk_statements_cannot_slip_past_the_journal(services: Services) -> None:
    from sqlalchemy import update

    def sneak() -> None:
        with services.archive.uow.write("绕过") as session:
            session.execute(update(Person).values(name="x"))

    with pytest.raises(RuntimeError, match="bypass the journal"):
        sneak()


def test_listeners_are_told_once_after_the_commit(services: Services) -> None:
    told: list[Changes] = []
    services.archive.uow.subscribe(told.append)
    person_id = _add_person(services, "甲")
    assert len(told) == 1
    assert told[0].action == "新增 甲"
    assert told[0].ids["person"] == {person_id}
    assert told[0].touches("person_subject")
    assert not told[0].touches("evidence")


def test_a_changed_journal_shows_in_the_check(services: Services) -> None:
    _add_person(services, "甲")
    with services.archive.engine.connect() as connection:
        connection.exec_driver_sql("UPDATE journal_entry SET after = '{}' WHERE kind = 'person'")
        connection.commit()
    assert [problem.kind for problem in check(services.archive).problems] == ["journal"]
    with services.archive.engine.connect() as connection:
        connection.exec_driver_sql("DELETE FROM journal_entry WHERE batch_seq = 1")
        connection.exec_driver_sql("DELETE FROM journal_batch WHERE seq = 1")
        connection.commit()
    texts = [problem.text for problem in check(services.archive).problems]
    assert any("缺少第 1" in text for text in texts)


def test_undo_keeps_its_order_however_often_one_goes_back_and_forth(services: Services) -> None:
    for name in ("甲", "乙"):
        _add_person(services, name)
    first, last = services.history.undo_step(), services.history.undo_label()
    with services.archive.engine.begin() as connection:  # 1,000 undos and redos, but at once
        kinds = ["undo", "redo"] * 500
        at = services.archive.uow.context.clock()
        rows = [
            {"seq": first + number, "kind": kind, "target_seq": first, "at": at, "actor": "",
             "action": last, "digest": ""}
            for number, kind in enumerate(kinds, 1)
        ]  # fmt: skip
        connection.execute(insert(table_of(Batch)), rows)
    assert services.history.redo_label() is None
    assert services.history.undo_step() == first
    services.history.undo()
    assert services.history.undo_step() == first - 1
    services.history.undo()
    services.history.redo()
    assert services.history.undo_step() == first - 1
    assert services.history.redo_label() == last
