"""Every derived gradient equals the one by finite differences."""

import numpy as np
import pytest
from numerical import numerical_gradient

from cookie_jar.agents.layers import Chain, Linear, Lookup, Places, Relu, Tanh


@pytest.fixture
def rng():
    return np.random.default_rng(0)


def layers(rng):
    return {
        "linear": (Linear(rng.standard_normal((3, 4))), rng.standard_normal((5, 3))),
        "tanh": (Tanh(), rng.standard_normal((5, 3))),
        "relu": (Relu(), rng.standard_normal((5, 3))),
        "lookup": (Lookup(rng.standard_normal((6, 4))), np.array([[0, 3], [2, 3], [0, 5], [0, 0]])),
    }


@pytest.mark.parametrize("name", ["linear", "tanh", "relu", "lookup"])
def test_the_gradient_of_each_layer(name, rng):
    layer, x = layers(rng)[name]
    weights = rng.standard_normal(layer.forward(x).shape)  # L = sum(weights * y), so dL/dy = weights

    def loss():
        return float((weights * layer.forward(x)).sum())

    loss()
    layer.weight_gradients(weights)
    for parameter in layer.parameters().values():
        expected = numerical_gradient(loss, parameter.value)
        found = np.zeros_like(parameter.value)
        found[slice(None) if parameter.rows is None else parameter.rows] = parameter.gradient
        np.testing.assert_allclose(found, expected, atol=1e-8)
    if name != "lookup":
        np.testing.assert_allclose(layer.input_gradient(weights), numerical_gradient(loss, x), atol=1e-8)
    else:
        with pytest.raises(NotImplementedError):
            layer.input_gradient(weights)


LOOKED_UP = {
    "several rows": (6, [[1, 5], [0, 2], [1, 1]]),
    "each row once": (6, [[0], [2], [3]]),
    "a row twice": (6, [[2], [0], [2]]),
    "descending": (6, [[3], [2], [0]]),
    "a large table": (1 << 16, [[1, 60_000], [0, 2], [1, 2]]),  # sparse
}


@pytest.mark.parametrize("name", LOOKED_UP)
def test_a_lookup_is_the_linear_layer_on_ones_and_zeros(name, rng):
    size, rows = LOOKED_UP[name]
    table, rows = rng.standard_normal((size, 4)), np.array(rows)
    ones = np.zeros((3, size))
    np.add.at(ones, (np.arange(3)[:, None], rows), 1)
    lookup, linear = Lookup(table.copy()), Linear(table.copy())
    np.testing.assert_allclose(lookup.forward(rows), linear.forward(ones))
    gradient = rng.standard_normal((3, 4))
    lookup.weight_gradients(gradient)
    linear.weight_gradients(gradient)
    np.testing.assert_allclose(lookup.table.gradient, linear.weight.gradient[lookup.table.rows])
    assert lookup.table.rows.tolist() == sorted(set(rows.ravel().tolist()))


@pytest.mark.parametrize("size", [6, 40_000])  # with dense and with sparse inputs
def test_lookups_that_share_places_have_the_gradients_of_lookups_of_their_own(rng, size):
    table, places = rng.standard_normal((size, 4)), Places()
    shared, own = [Lookup(table, places) for _ in range(2)], [Lookup(table) for _ in range(2)]
    for rows in (np.array([[0, 3], [2, 3]]), np.array([[1, 5], [5, 5], [0, 4]])):
        for lookups in (shared, own):
            for lookup in lookups:
                lookup.forward(rows)
            for lookup in lookups:
                lookup.weight_gradients(np.arange(4.0 * len(rows)).reshape(-1, 4))
        for one, other in zip(shared, own, strict=True):
            np.testing.assert_array_equal(one.table.rows, other.table.rows)
            np.testing.assert_array_equal(one.table.gradient, other.table.gradient)
            np.testing.assert_array_equal(one.table.rows, np.unique(rows))


def test_a_chain_names_its_weights_by_layer(rng):
    chain = Chain([Lookup(np.zeros((3, 2))), Tanh(), Linear(np.zeros((2, 1)))])
    assert list(chain.parameters()) == ["0.table", "2.weight", "2.bias"]
