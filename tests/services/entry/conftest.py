"""A small archive as a clerk would have typed it in."""

import pytest


@pytest.fixture
def adoption_id(services):
    return services.adoptions.current().id


@pytest.fixture
def enter(services, adoption_id):
    """Enter a record: ``enter("person", name="王芳")`` gives its id."""

    def make(kind, parent="", /, **typed):
        return services.entries.create(kind, typed, adoption_id, parent)

    return make


@pytest.fixture
def shown(services, adoption_id):
    """Texts of a record as lists show them."""
    return lambda kind, record_id: services.entries.get(kind, record_id, adoption_id).texts
