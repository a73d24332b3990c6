import numpy as np
import pytest

from cookie_jar.agents import FeatureClassifier, SoftmaxClassifier
from cookie_jar.agents.classifiers import ConvClassifier
from cookie_jar.scripts.classification import arithmetic
from cookie_jar.scripts.classification.descent import restored
from cookie_jar.scripts.classification.weights import first_filters, patches_of

RNG = np.random.default_rng(0)
PICTURES = RNG.integers(0, 256, (30, 16, 16, 3), np.uint8)
LABELS = np.arange(30) % 3


def fitted(kind, **options):
    return kind(epochs=3, seed=0, **options).fit(PICTURES, LABELS)


def test_features_times_coefficients_are_the_logits():
    model = fitted(FeatureClassifier)
    found = arithmetic.feature_sum(model, model.samples(PICTURES[:1])[0])
    np.testing.assert_allclose(found.logits, model.logits(PICTURES[:1])[0], rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(found.products.sum(axis=0) + found.intercepts, found.logits)


def test_the_picture_times_the_template_is_the_logits():
    model = fitted(SoftmaxClassifier)
    found = arithmetic.template_sum(model, PICTURES[3], PICTURES.mean(axis=0))
    np.testing.assert_allclose(found.logits, model.logits(PICTURES[3:4])[0], rtol=1e-4, atol=1e-4)
    np.testing.assert_allclose(
        arithmetic.by_ring(found.products).sum(axis=(0, 1)) + found.offsets, found.logits
    )


@pytest.mark.parametrize("size", [8, 15, 32])
def test_rings_cover_every_pixel_and_are_symmetric(size):
    rings = arithmetic.rings(size)
    assert set(np.unique(rings)) == set(range(len(arithmetic.RINGS)))
    np.testing.assert_array_equal(rings, rings[::-1])
    np.testing.assert_array_equal(rings, rings.T)
    assert arithmetic.by_ring(np.ones((size, size))).sum() == size**2


def test_probabilities_are_the_softmax_of_the_logits():
    model = fitted(SoftmaxClassifier)
    rows = arithmetic.softmax_rows("abc", model.logits(PICTURES[:1])[0])
    np.testing.assert_allclose([row[3] for row in rows], model.predict_proba(PICTURES[:1])[0], rtol=1e-6)


def test_weights_are_restored_after_any_change():
    model = fitted(SoftmaxClassifier)
    before = {name: array.copy() for name, array in model.arrays().items()}
    with restored(model) as arrays:
        for array in arrays.values():
            array += 1
    for name, array in model.arrays().items():
        np.testing.assert_array_equal(array, before[name])


def test_patches_are_the_windows_of_the_first_layer():
    found = patches_of(PICTURES[:2])
    assert found.shape == (2, 36, 5, 5, 3)
    np.testing.assert_array_equal(found[1, 7], PICTURES[1, 2:7, 2:7])


def test_the_patches_of_a_filter_excite_it_most():
    model = fitted(ConvClassifier)
    arrays = model.arrays()
    everything = patches_of(PICTURES).reshape(30, 36, -1).astype(np.float64) * (4 / 255) - 2
    outputs = everything @ arrays["0.weight"] + arrays["0.bias"]
    for number, found in enumerate(first_filters(model, PICTURES)):
        strongest = found.patches[0].reshape(-1) * (4 / 255) - 2
        value = strongest @ arrays["0.weight"][:, number] + arrays["0.bias"][number]
        assert value == pytest.approx(outputs[..., number].max(), rel=1e-4)
        assert found.active == pytest.approx((outputs[..., number] > 0).mean(), abs=1e-3)
