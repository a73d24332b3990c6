"""Classifiers: gradients, what they learn, and errors."""

import warnings

import numpy as np
import pytest
from numerical import numerical_gradient

from cookie_jar.agents import (
    CLASSIFIERS,
    AgentError,
    ConvClassifier,
    FeatureClassifier,
    MLPClassifier,
    NotFiniteError,
    SoftmaxClassifier,
)

SMALL = {"conv": {"filters": (2, 3)}, "mlp": {"hidden": (4,)}}
KINDS = [(name, {"epochs": 2, "batch_size": 7, **SMALL.get(name, {})}) for name in CLASSIFIERS]


@pytest.fixture
def rng():
    return np.random.default_rng(0)


def pictures(rng, samples=30, side=13):
    """Pictures of two kinds: the left half is brighter, or the right half."""
    X = rng.integers(0, 120, (samples, side, side, 3)).astype(np.uint8)
    y = np.arange(samples) % 2
    X[y == 0, :, : side // 2] += 80
    X[y == 1, :, side // 2 :] += 80
    return X, y


def blobs(rng, samples=150):
    """Points around three corners of a triangle."""
    y = np.arange(samples) % 3
    return np.array([[0, 0], [40, 0], [0, 0.4]])[y] + rng.normal(0, [8, 0.08], (samples, 2)), y


@pytest.mark.parametrize("name", ["softmax", "mlp", "conv"])
def test_gradients_by_finite_differences(name, rng, monkeypatch):
    kind = CLASSIFIERS[name]
    monkeypatch.setattr(kind, "dtype", np.float64)
    X, y = pictures(rng, 6)
    classifier = kind(**SMALL.get(name, {}), epochs=3, augment=False).fit(X, y)
    found = classifier.gradient(X, y)
    for key, array in classifier.arrays().items():
        places = rng.choice(array.size, min(12, array.size), replace=False)
        flat = array.reshape(-1)
        for place in places:
            kept, losses = flat[place], []
            for step in (1e-5, -1e-5):
                flat[place] = kept + step
                losses.append(classifier.loss(X, y))
            flat[place] = kept
            expected = (losses[0] - losses[1]) / 2e-5
            assert found[key].reshape(-1)[place] == pytest.approx(expected, abs=1e-7), key


@pytest.mark.parametrize("kind", [SoftmaxClassifier, MLPClassifier])
def test_the_saliency_of_rows_by_finite_differences(kind, rng, monkeypatch):
    monkeypatch.setattr(kind, "dtype", np.float64)
    X, y = blobs(rng, 30)
    classifier, x = kind().fit(X, y), X[:2].copy()
    expected = numerical_gradient(lambda: float(classifier.logits(x)[:, 1].sum()), x)
    np.testing.assert_allclose(classifier.saliency(x, 1), expected, atol=1e-7)


def test_the_saliency_of_pictures_tells_what_a_brighter_pixel_does(rng, monkeypatch):
    monkeypatch.setattr(ConvClassifier, "dtype", np.float64)
    X, y = pictures(rng)
    classifier = ConvClassifier(epochs=5, filters=(2, 3)).fit(X, y)
    saliency = classifier.saliency(X[:1], 1)
    assert saliency.shape == X[:1].shape
    for place in zip(*rng.integers(0, 13, (2, 10)), rng.integers(0, 3, 10), strict=True):
        brighter = X[:1].copy()
        brighter[0][place] += 1
        change = (classifier.logits(brighter) - classifier.logits(X[:1]))[0, 1]
        assert saliency[0][place] == pytest.approx(change, abs=1e-3)


@pytest.mark.parametrize(("name", "settings"), KINDS)
def test_pieces_give_the_same_numbers(name, settings, rng, tmp_path):
    """Also saved and loaded in the middle of an epoch, which has five steps."""
    kind = CLASSIFIERS[name]
    X, y = pictures(rng)
    whole = kind(**settings).fit(X, y)
    for pieces in ([10], [1] * 10, [3, 4, 0, 3], [5, 5]):
        classifier = kind(**settings)
        classifier.begin(X, y)
        for steps in pieces:
            classifier.train(X, y, steps)
            classifier = kind.load(classifier.save(tmp_path / "saved"))
        assert classifier.num_steps == whole.num_steps == 10
        assert classifier.loss_curve_ == whole.loss_curve_
        state = classifier.arrays() | classifier.optimizer_state()
        for key, array in (whole.arrays() | whole.optimizer_state()).items():
            np.testing.assert_array_equal(state[key], array, err_msg=key)
        classifier.train(X, y, 3)  # the random numbers continue alike
        again = kind.load(whole.save(tmp_path / "whole"))
        again.train(X.copy(), y.copy(), 3)
        np.testing.assert_array_equal(classifier.logits(X), again.logits(X))


@pytest.mark.parametrize(("name", "settings"), KINDS)
def test_the_same_seed_gives_the_same_numbers(name, settings, rng):
    X, y = pictures(rng)
    first, second = (CLASSIFIERS[name](**settings, seed=3).fit(X, y).logits(X) for _ in range(2))
    np.testing.assert_array_equal(first, second)
    assert (CLASSIFIERS[name](**settings, seed=4).fit(X, y).logits(X) != first).any()


@pytest.mark.parametrize("labels", [[5, 7, 9], ["b", "c", "z"]])
@pytest.mark.parametrize("kind", [SoftmaxClassifier, MLPClassifier])
@pytest.mark.parametrize("optimizer", ["sgd", "momentum", "adam"])
def test_corners_are_told_apart(kind, labels, optimizer, rng):
    X, numbers = blobs(rng)
    y = np.array(labels)[numbers]
    classifier = kind(optimizer=optimizer, learning_rate=0.05, epochs=20).fit(X, y)
    assert classifier.score(X, y) > 0.95
    assert classifier.classes_.tolist() == labels
    np.testing.assert_allclose(classifier.predict_proba(X).sum(axis=1), 1)
    assert set(classifier.predict(X[:10])) <= set(labels)


def test_pictures_are_told_apart(rng):
    X, y = pictures(rng, 100)
    unseen, labels = pictures(rng, 100)
    assert ConvClassifier(augment=False, epochs=15, batch_size=10).fit(X, y).score(unseen, labels) > 0.95


def test_the_penalty_makes_weights_small(rng):
    X, y = blobs(rng)
    norms = [
        np.square(
            SoftmaxClassifier(l2=l2, learning_rate=0.05, epochs=50).fit(X, y).arrays()["1.weight"]
        ).sum()
        for l2 in (0, 0.1, 1)
    ]
    assert norms[0] > 2 * norms[1] > 4 * norms[2]


def test_the_weights_of_the_best_epoch_are_kept(rng):
    X, y = rng.standard_normal((40, 30)), np.arange(40) % 2  # nothing to learn: validation soon gets worse
    held_out = rng.standard_normal((200, 30)), np.arange(200) % 2
    classifier = MLPClassifier(learning_rate=0.02, epochs=15, batch_size=10).fit(X, y, validation=held_out)
    curve = classifier.validation_curve_
    assert len(curve) == len(classifier.loss_curve_) == 15
    assert classifier.best_epoch_ == 1 + int(np.argmin(curve)) < 15
    assert classifier.loss(*held_out) == pytest.approx(min(curve))
    assert curve[-1] > 1.5 * min(curve)


def test_a_changed_weight_changes_the_predictions(rng):
    X, y = blobs(rng)
    classifier = SoftmaxClassifier().fit(X, y)
    classifier.arrays()["1.bias"][2] += 1_000
    assert (classifier.predict(X) == 2).all()


def test_features_may_be_measured_before(rng):
    from cookie_jar.agents.features import measure

    X, y = pictures(rng)
    first, second = (FeatureClassifier(epochs=2).fit(x, y) for x in (X, measure(X)))
    np.testing.assert_array_equal(first.logits(X), second.logits(measure(X)))
    assert first.num_parameters == 10


def test_numbers_that_are_kept():
    rng = np.random.default_rng(0)
    X, y = rng.integers(0, 256, (6, 32, 32, 3)).astype(np.uint8), np.arange(6) % 3
    kept = {name: kind(epochs=1).fit(X, y).num_parameters for name, kind in CLASSIFIERS.items()}
    assert kept == {"features": 15, "softmax": 9_219, "mlp": 196_867, "conv": 3_507}


BLOBS = np.random.default_rng(0).standard_normal((6, 2)), [0, 1] * 3
PICTURES = np.zeros((6, 16, 16, 3), np.uint8), [0, 1] * 3
REFUSED = {
    "one class": (SoftmaxClassifier(), (BLOBS[0], [1] * 6), "2 to 1,000 classes, got 1 class"),
    "no samples": (SoftmaxClassifier(), (np.zeros((0, 2)), []), "at least one sample"),
    "few labels": (SoftmaxClassifier(), (BLOBS[0], [1]), "expected 6 labels"),
    "rows for conv": (ConvClassifier(), BLOBS, "expected pictures, uint8"),
    "floats for conv": (ConvClassifier(), (PICTURES[0] / 255, PICTURES[1]), "expected pictures, uint8"),
    "small pictures": (ConvClassifier(), (PICTURES[0][:, :10], PICTURES[1]), "at least 11 x 11 pixels"),
    "two features": (FeatureClassifier(), BLOBS, "the 4 features size, dots"),
    "odd validation": (SoftmaxClassifier(), (*BLOBS, 5), "expected samples and labels"),
    "validation of other shape": (SoftmaxClassifier(), (*BLOBS, ([[1.0]], [0])), "is expecting 2 features"),
    "validation of other kind": (
        SoftmaxClassifier(),
        (*BLOBS, (BLOBS[0], [2] * 6)),
        "expected the classes 0, 1",
    ),
    **{
        f"{name} {value!r}": (kind(**{name: value}), PICTURES, f"{name}: expected")
        for kind, name, value in (
            *((SoftmaxClassifier, "learning_rate", value) for value in (-1, float("nan"), "0.1", None, 1e31)),
            *((SoftmaxClassifier, "epochs", value) for value in (0, 1.5, True, 10**9)),
            *((SoftmaxClassifier, "batch_size", value) for value in (0, -1, "5")),
            *((ConvClassifier, "filters", value) for value in ((8,), (8, 16, 32), (0, 1), (10**6, 1), 8)),
            *((MLPClassifier, "hidden", value) for value in ((0,), (10**9,), [1] * 9, "64")),
            *((SoftmaxClassifier, name, "x") for name in ("optimizer", "l2", "augment", "decay", "seed")),
        )
    },
}


@pytest.mark.parametrize("name", REFUSED)
def test_odd_arguments_are_refused(name):
    classifier, arguments, message = REFUSED[name]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(AgentError, match=message) as error:
            classifier.fit(*arguments)
    assert "\n" not in str(error.value)


def test_a_learning_rate_that_is_far_too_high_ends_in_an_error(rng):
    X, y = pictures(rng)
    for optimizer in ("sgd", "momentum"):
        with pytest.raises(NotFiniteError, match="a lower learning rate may help"):
            ConvClassifier(learning_rate=1e20, optimizer=optimizer).fit(X, y)


@pytest.mark.parametrize(
    "X", [[[1, 2, 3]], [[np.nan, 1]], "x", None, np.zeros((1, 16, 16, 3), np.uint8), [1, 2]]
)
@pytest.mark.parametrize("method", ["predict", "predict_proba", "decision_function", "logits"])
def test_odd_samples_are_refused(X, method, rng):
    classifier = SoftmaxClassifier().fit(*blobs(rng))
    with pytest.raises(AgentError, match=r"^X"):
        getattr(classifier, method)(X)


def test_no_samples_have_no_loss(rng):
    X, y = blobs(rng)
    classifier = SoftmaxClassifier().fit(X, y)
    for call in (
        lambda: classifier.loss(X[:0], y[:0]),
        lambda: classifier.gradient(X[:0], y[:0]),
        lambda: classifier.fit(X, y, (X[:0], y[:0])),
    ):
        with pytest.raises(AgentError, match=r"^X: expected at least one sample, got 0 sample\(s\)"):
            call()
    assert classifier.predict(X[:0]).shape == (0,)


def test_nothing_works_before_fitting():
    classifier = SoftmaxClassifier()
    for call in (
        lambda: classifier.predict([[1, 2]]),
        lambda: classifier.train([[1, 2]], [0], 1),
        lambda: classifier.save("x"),
        classifier.arrays,
    ):
        with pytest.raises(AgentError, match=r"not fitted yet; call fit\(X, y\) first"):
            call()
    assert classifier.num_steps == 0


def test_training_continues_with_the_same_samples_only(rng):
    X, y = blobs(rng)
    classifier = SoftmaxClassifier()
    classifier.begin(X, y)
    with pytest.raises(AgentError, match="the 150 samples that training began with, got 149"):
        classifier.train(X[1:], y[1:], 1)
    with pytest.raises(AgentError, match="expected the classes"):
        classifier.train(X, y + 1, 1)
    with pytest.raises(AgentError, match="steps: expected a whole number"):
        classifier.train(X, y, -1)
    assert classifier.num_steps == 0


def test_changed_hyperparameters_take_effect_when_fitting_begins(rng):
    X, y = blobs(rng)
    classifier = SoftmaxClassifier(epochs=1).fit(X, y)
    assert classifier.set_params(epochs=2).get_params()["epochs"] == 2
    assert classifier.num_steps == 3
    assert classifier.fit(X, y).num_steps == 6
    with pytest.raises(AgentError, match="expected one of learning_rate"):
        classifier.set_params(no_such=1)
    assert repr(classifier) == "SoftmaxClassifier(epochs=2)"


@pytest.mark.slow
def test_accuracies_on_cookies():
    """Means over three seeds, all limits more than five standard errors of the mean away."""
    from cookie_jar.envs import draw_pictures

    test = draw_pictures(np.arange(1_000_000, 1_005_000))
    scores = {"features": [], "softmax": [], "conv": []}
    for seed in (101, 102, 103):
        train = draw_pictures(np.arange(seed * 6_000, seed * 6_000 + 5_000))
        for name, found in scores.items():
            classifier = CLASSIFIERS[name](seed=seed).fit(train.pictures, train.kinds)
            found.append(classifier.score(test.pictures, test.kinds))
    means = {name: np.mean(found) for name, found in scores.items()}
    assert means["features"] >= 0.91
    assert 0.65 <= means["softmax"] <= 0.74
    assert means["conv"] >= 0.91
    assert means["conv"] >= means["softmax"] + 0.18
