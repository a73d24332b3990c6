import re

import numpy as np
import pytest
from classifier_runs import finished_run, write_small_dataset

from cookie_jar.agents.optimizers import OPTIMIZERS
from cookie_jar.scripts.inspection.classifiers.optimizer_step import Stepper, restored
from cookie_jar.scripts.inspection.classifiers.view import ClassifierView

RATE = 0.01


@pytest.fixture(params=OPTIMIZERS)
def view(request, tmp_path):
    write_small_dataset(tmp_path / "data")
    return ClassifierView(
        finished_run(tmp_path / "run", tmp_path / "data", model="mlp", optimizer=request.param, l2=0.01)
    )


def test_a_step_is_that_of_the_training(view):
    classifier, (samples, labels) = view.classifier, view.data.train
    other = ClassifierView(view.run)
    stepper = Stepper(view)
    order = np.arange(len(labels))
    for name, array in classifier.gradient(samples[order], labels[order]).items():
        decay = 0.01 * other.arrays[name] if name.endswith("weight") else 0
        assert np.allclose(stepper.gradient((samples, labels))[name], array + decay, atol=1e-6)
    before = other.parameters()
    stepper.step((samples, labels), RATE)
    assert (view.parameters() != before).any()
    assert classifier.loss(samples, labels) < other.classifier.loss(samples, labels)


def test_the_arithmetic_ends_with_the_number_after_the_step(view):
    picture = tuple(array[:1] for array in view.data.train)
    stepper = Stepper(view)
    gradient = np.concatenate([array.ravel() for array in stepper.gradient(picture).values()])
    chosen = np.random.default_rng(0).integers(0, view.size, 20)
    texts = [stepper.arithmetic(int(index), float(gradient[index]), RATE)[-1] for index in chosen]
    stepper.step(picture, RATE)
    for index, text in zip(chosen, texts, strict=True):
        after = float(re.fullmatch(r"after = .* = (-?[0-9.]+)", text)[1])
        assert after == pytest.approx(view.parameters()[index], abs=2e-6)


def test_parameters_are_restored_also_after_an_error(view):
    before = view.parameters()

    def fail():
        with restored(view):
            view.set_parameters(0 * before)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert (view.parameters() == before).all()
