import numpy as np
import pytest
from classifier_runs import write_small_dataset
from PIL import Image

from cookie_jar.agents.run_files import HILL_FILE, RATES_FILE
from cookie_jar.scripts import hill
from cookie_jar.scripts.common.console import Console, run
from cookie_jar.scripts.inspection.classifiers.hill import (
    highest,
    learning_curve,
    learning_curves,
    loss_surface,
)
from cookie_jar.scripts.inspection.classifiers.view import ClassifierView


def test_the_surface_is_the_loss_on_the_training_part(views, classifiers):
    view = views("features")
    before = view.parameters()
    landscape = loss_surface(view, classifiers("features"), 5, Console(quiet=True))
    assert np.allclose(view.parameters(), before)
    train = view.data.train
    assert landscape.heights[-1] == pytest.approx(view.classifier.loss(*train), abs=1e-6)
    path, point = landscape.path, np.array([landscape.across[1], landscape.up[3]])
    view.set_parameters(path.origin + point @ path.directions)
    assert landscape.surface[3, 1] == pytest.approx(view.classifier.loss(*train), abs=1e-6)


def test_a_learning_curve_is_that_of_a_new_classifier(views):
    view = views("softmax")
    steps, losses = learning_curve(view.classifier, view.data, 0.02, 5, 24)
    settings = view.classifier.settings() | {"learning_rate": 0.02, "seed": 5}
    other = type(view.classifier)(**settings)
    other.begin(*view.data.train)
    assert losses[0] == other.loss(*view.data.validation)
    other.train(*view.data.train, 24)
    assert (steps[-1], losses[-1]) == (24, min(other.loss(*view.data.validation), highest(other)))


def test_a_rate_that_diverges_ends_at_the_highest_loss(views):
    view = views("conv")
    view.classifier.set_params(optimizer="sgd")
    curves = learning_curves(view.classifier, view.data, [0.001, 1e30], 2, 8, Console(quiet=True))
    assert np.isfinite(curves[0.001].scores).all()
    assert (curves[1e30].scores[:, -1] == highest(view.classifier)).all()


def test_both_figures_are_written(lost, tmp_path, capsys):
    assert run(hill.main, [str(lost)]) == 2
    assert "expected the folder of a data set" in capsys.readouterr().err
    write_small_dataset(tmp_path / "data")
    hill.main([str(lost), "--grid", "5", "--seeds", "1", "--timesteps", "8"])
    for name in (HILL_FILE, RATES_FILE):
        with Image.open(lost / name) as figure:
            assert figure.format == "PNG"
    assert ClassifierView(lost).has_data
