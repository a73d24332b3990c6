from functools import cache

import pytest
from classifier_runs import finished_run, write_small_dataset

from cookie_jar.scripts.inspection.classifiers.view import ClassifierView


@pytest.fixture(scope="session")
def classifiers(tmp_path_factory):
    """A function from the name of a model to the folder of its run on a small data set."""
    parent = tmp_path_factory.mktemp("classifiers")
    write_small_dataset(parent / "data")

    @cache
    def folder(model):
        return finished_run(parent / model, parent / "data", model=model)

    return folder


@pytest.fixture(scope="session")
def views(classifiers):
    """A function from the name of a model to a new view of its run."""
    return lambda model: ClassifierView(classifiers(model))


@pytest.fixture
def lost(tmp_path):
    """The folder of a run whose data set does not exist."""
    return finished_run(tmp_path / "run", tmp_path / "data")
