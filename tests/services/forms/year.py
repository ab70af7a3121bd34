"""The sample year with a few of its papers: what forms of a school are printed from."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.models import Activity, CommunityUnit, EvidenceLink, School
from app.resources import resource
from app.services.demo import story
from app.services.evidence.service import Destination
from app.services.imports.apply import import_members
from app.services.imports.members import read_members

if TYPE_CHECKING:
    from app.bootstrap import Services

PAPERS = {
    "IMG_20251015_083606.jpg": "photos",
    "IMG_20251015_093209.jpg": "photos",
    "IMG_20251015_104012.jpg": "photos",
    "20251015 签到表（扫描）.pdf": "sign-in",
}
"""Papers of the first demonstration, and the slot that each fills."""


def tell(services: Services) -> None:
    """Members, schools, the year's activities and observations, papers of one activity."""
    adoption = services.adoptions.current()
    roster = read_members(resource("samples", "成员花名册.xlsx"))
    import_members(services.archive.uow, roster, community_id=adoption.community_id)
    facts = tomllib.loads(resource("samples", "manifest.toml").read_text("utf-8"))["school"]
    with services.archive.uow.write("补登单位信息") as session:
        schools = {one.name: one for one in session.scalars(select(School))}
        for ordinal, one in enumerate(facts[1:], 1):
            school = schools[one["name"]]
            school.short_name = one["short_name"]
            session.add(CommunityUnit(
                community_id=adoption.community_id, school_id=school.id, role="member",
                ordinal=ordinal,
            ))  # fmt: skip
    story.tell(services.archive.uow, adoption.community_id, adoption.id)
    folder = resource("samples", "材料")
    papers = [next(folder.rglob(name)) for name in PAPERS]
    taken = services.evidence.ingest(papers, Destination(adoption_id=adoption.id))
    with services.archive.uow.write("把材料挂到活动") as session:
        title = story.titles()["demo-autumn"]
        activity = session.scalars(select(Activity.id).where(Activity.title == title)).one()
        session.add_all(
            EvidenceLink(evidence_id=one.id, activity_id=activity, slot=PAPERS[one.name])
            for one in taken.added
        )
