"""The shape of scikit-learn's estimators: its own checks and tools, if it is installed."""

import inspect
import subprocess
import sys

import numpy as np
import pytest

from cookie_jar.agents import CLASSIFIERS, AgentError, ConvClassifier, MLPClassifier, SoftmaxClassifier

DO_NOT_APPLY = {
    "check_estimators_unfitted": "without importing scikit-learn, an AgentError, not its NotFittedError",
    "check_dtype_object": "expects a TypeError; refusals of this package are AgentErrors, so ValueErrors",
    "check_supervised_y_2d": "a column of labels is taken without a DataConversionWarning",
}


@pytest.fixture
def pictures():
    rng = np.random.default_rng(0)
    X = rng.integers(0, 120, (60, 12, 12, 3)).astype(np.uint8)
    y = np.array(["raisin", "plain"])[np.arange(60) % 2]
    X[y == "plain"] += 80
    return X, y


def small():
    return ConvClassifier(filters=(4, 4), batch_size=10, epochs=8, learning_rate=0.02)


@pytest.mark.parametrize("kind", [SoftmaxClassifier, MLPClassifier])
@pytest.mark.filterwarnings("ignore")
def test_the_checks_of_scikit_learn(kind):
    checks = pytest.importorskip("sklearn.utils.estimator_checks")
    results = checks.check_estimator(kind(), expected_failed_checks=DO_NOT_APPLY, on_fail=None, on_skip=None)
    failed = {
        result["check_name"]: str(result["exception"]) for result in results if result["status"] == "failed"
    }
    assert not failed
    still_needed = {result["check_name"] for result in results if result["status"] == "xfail"}
    assert still_needed == set(DO_NOT_APPLY)
    assert sum(result["status"] == "passed" for result in results) > 40


@pytest.mark.parametrize("name", CLASSIFIERS)
def test_clones_have_equal_parameters(name):
    base = pytest.importorskip("sklearn.base")
    classifier = CLASSIFIERS[name](learning_rate=0.5, seed=7)
    clone = base.clone(classifier)
    assert clone is not classifier
    assert clone.get_params() == classifier.get_params()
    assert base.is_classifier(clone)


def test_cross_validation_and_grids(pictures):
    selection = pytest.importorskip("sklearn.model_selection")
    assert selection.cross_val_score(small(), *pictures, cv=3).mean() > 0.8
    grid = selection.GridSearchCV(small(), {"learning_rate": [1e-9, 0.02]}, cv=2).fit(*pictures)
    assert grid.best_params_ == {"learning_rate": 0.02}
    sizes, train, test = selection.learning_curve(small(), *pictures, cv=2, train_sizes=[10, 30])
    assert sizes.tolist() == [10, 30]
    assert train.shape == test.shape == (2, 2)


def test_displays(pictures):
    metrics, calibration = pytest.importorskip("sklearn.metrics"), pytest.importorskip("sklearn.calibration")
    from matplotlib.figure import Figure

    classifier = small().fit(*pictures)
    ax = Figure().subplots()
    matrix = metrics.ConfusionMatrixDisplay.from_estimator(classifier, *pictures, ax=ax)
    assert matrix.confusion_matrix.sum() == 60
    shown = calibration.CalibrationDisplay.from_estimator(
        classifier, *pictures, ax=Figure().subplots(), pos_label="raisin", n_bins=3
    )
    assert len(shown.prob_true) == len(shown.prob_pred) > 0


@pytest.mark.parametrize("name", CLASSIFIERS)
def test_signatures_name_all_parameters(name):
    kind = CLASSIFIERS[name]
    parameters = list(inspect.signature(kind).parameters)
    assert parameters == list(kind.hyperparameters) == list(kind().get_params())
    assert {"learning_rate", "optimizer", "l2", "epochs", "batch_size", "augment", "decay", "seed"} <= set(
        parameters
    )
    assert all(hyperparameter.description for hyperparameter in kind.hyperparameters.values())
    with pytest.raises(TypeError):
        kind(no_such=1)


def test_a_file_is_loaded_by_the_class(tmp_path):
    with pytest.raises(AgentError, match=r"write `new = SoftmaxClassifier.load\(path\)`"):
        SoftmaxClassifier().load(tmp_path / "x")


def test_the_package_does_not_import_scikit_learn():
    code = (
        "import sys, numpy as np; from cookie_jar.agents import SoftmaxClassifier as S;"
        "c = S().fit(np.eye(4), [0, 1, 0, 1]); c.predict(np.eye(4)); repr(c);"
        "print([name for name in sys.modules if name.startswith('sklearn')])"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "[]"
