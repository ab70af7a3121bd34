"""An archive with pieces in boxes."""

from datetime import date
from pathlib import Path

import pytest
from PIL import Image

from app.services.evidence.service import Destination, EvidenceEdit


@pytest.fixture
def adoption_id(services) -> str:
    return services.adoptions.current().id


@pytest.fixture
def take_in(services, adoption_id, tmp_path: Path):
    """Take photos in under an item: ``take_in("1.1", "甲", "乙")``; returns their ids."""
    made = iter(range(1, 31))

    def act(item: str, *titles: str) -> list[str]:
        target = services.adoptions.find_item(adoption_id, item).id
        ids = []
        for title in titles:
            path = tmp_path / f"{title}.png"
            number = next(made)
            Image.new("RGB", (30, 20), (number, 90, 120)).save(path)
            [added] = services.evidence.ingest([path], Destination(adoption_id, target)).added
            day = date(2025, 10, number)
            services.evidence.edit([added.id], EvidenceEdit(pages=2, sealed=True, dated_on=day))
            ids.append(added.id)
        return ids

    return act


@pytest.fixture
def boxed(services, adoption_id, take_in) -> list[str]:
    """Three pieces in one box."""
    ids = [*take_in("1.1", "一年计划", "总结"), *take_in("2.1", "示范课")]
    services.boxes.plan(adoption_id)
    return ids
