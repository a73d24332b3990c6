"""Every derived gradient equals the one by finite differences."""

import numpy as np
import pytest
from gymnasium.spaces import Box, Dict, Discrete, MultiBinary, MultiDiscrete, Tuple
from numerical import numerical_gradient

from cookie_jar.agents import AgentError
from cookie_jar.agents.encoding import Inputs
from cookie_jar.agents.layers import Chain, Convolution, Linear, Lookup, Tanh
from cookie_jar.agents.network import Network, orthogonal


@pytest.fixture
def rng():
    return np.random.default_rng(0)


def layers(rng):
    return {
        "linear": (Linear(rng.standard_normal((3, 4))), rng.standard_normal((5, 3))),
        "tanh": (Tanh(), rng.standard_normal((5, 3))),
        "lookup": (Lookup(rng.standard_normal((6, 4))), np.array([[0, 3], [2, 3], [0, 5], [0, 0]])),
        "convolution": (Convolution(rng.standard_normal((18, 3))), rng.standard_normal((2, 4, 5, 2))),
    }


@pytest.mark.parametrize("name", ["linear", "tanh", "lookup", "convolution"])
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
    if name in ("linear", "tanh"):
        np.testing.assert_allclose(layer.input_gradient(weights), numerical_gradient(loss, x), atol=1e-8)
    else:
        with pytest.raises(NotImplementedError):
            layer.input_gradient(weights)


SPACES = {
    "state": (Discrete(7), np.array([3, 0, 3])),
    "factors": (MultiDiscrete([3, 4, 2]), np.array([[2, 3, 0], [0, 0, 1], [2, 1, 0]])),
    "numbers": (Box(-1, 1, (4,)), np.random.default_rng(1).standard_normal((3, 4))),
    "planes": (MultiBinary((2, 5, 4)), np.random.default_rng(2).integers(0, 2, (3, 2, 5, 4))),
}


@pytest.mark.parametrize("name", SPACES)
@pytest.mark.parametrize("hidden", [(), (5,), (5, 6)])
def test_the_gradient_of_whole_networks(name, hidden, rng):
    space, observations = SPACES[name]
    network = Network(Inputs(space, filters=3), 4, hidden, rng, np.float64)
    for parameter in network.parameters().values():
        parameter.value[...] = rng.standard_normal(parameter.value.shape)
    x = Inputs(space, filters=3).encode(observations)
    x = x.astype(np.float64) if x.dtype.kind == "f" else x
    d_logits, d_values = rng.standard_normal((3, 4)), rng.standard_normal(3)

    def loss():
        logits, values = network.forward(x)
        return float((d_logits * logits).sum() + d_values @ values)

    loss()
    network.backward(d_logits, d_values)
    derived = {}
    for name_, parameter in network.parameters().items():
        derived[name_] = np.zeros_like(parameter.value)
        rows = slice(None) if parameter.rows is None else parameter.rows
        derived[name_][rows] = parameter.gradient
    for name_, parameter in network.parameters().items():
        np.testing.assert_allclose(derived[name_], numerical_gradient(loss, parameter.value), atol=1e-7)


def test_a_lookup_is_the_linear_layer_on_ones_and_zeros(rng):
    table, rows = rng.standard_normal((6, 4)), np.array([[1, 5], [0, 2], [1, 2]])
    ones = np.zeros((3, 6))
    np.put_along_axis(ones, rows, 1, axis=1)
    lookup, linear = Lookup(table.copy()), Linear(table.copy())
    np.testing.assert_allclose(lookup.forward(rows), linear.forward(ones))
    gradient = rng.standard_normal((3, 4))
    lookup.weight_gradients(gradient)
    linear.weight_gradients(gradient)
    np.testing.assert_allclose(lookup.table.gradient, linear.weight.gradient[lookup.table.rows])
    assert lookup.table.rows.tolist() == [0, 1, 2, 5]


def test_a_convolution_sees_what_moves_in_the_same_way_everywhere(rng):
    layer = Convolution(rng.standard_normal((9, 2)))
    planes = np.zeros((2, 6, 6, 1))
    planes[0, 2, 2], planes[1, 3, 3] = 1, 1  # the same, one further
    here, there = layer.forward(planes).reshape(2, 4, 4, 2)
    np.testing.assert_allclose(here[:3, :3], there[1:, 1:])
    assert np.abs(here).max() > 0.1


def test_a_chain_names_its_weights_by_layer(rng):
    chain = Chain([Lookup(np.zeros((3, 2))), Tanh(), Linear(np.zeros((2, 1)))])
    assert list(chain.parameters()) == ["0.table", "2.weight", "2.bias"]


@pytest.mark.parametrize(("rows", "columns"), [(6, 3), (3, 6), (4, 4)])
def test_orthogonal_columns_or_rows(rows, columns, rng):
    matrix = orthogonal(rng, rows, columns)
    assert matrix.shape == (rows, columns)
    product = matrix.T @ matrix if rows >= columns else matrix @ matrix.T
    np.testing.assert_allclose(product, np.eye(min(rows, columns)), atol=1e-12)


def test_all_actions_are_about_as_likely_at_first(rng):
    logits, values = Network(Inputs(Discrete(50)), 10, (64, 64), rng).forward(np.arange(50)[:, None])
    assert (logits.dtype, logits.shape, values.shape) == (np.float32, (50, 10), (50,))
    assert np.abs(logits).max() < 0.1 < np.abs(values).max()
    logits, values = Network(Inputs(Discrete(50)), 10, (), rng).forward(np.arange(50)[:, None])
    assert not logits.any()
    assert not values.any()


def test_observations_that_are_the_same_are_found():
    inputs = Inputs(MultiDiscrete([3, 4]))
    distinct, index = inputs.distinct(np.array([[2, 1], [0, 3], [2, 1]]))
    assert distinct.tolist() == [[0, 3], [2, 1]]
    assert index.tolist() == [1, 0, 1]
    assert inputs.encode(distinct).tolist() == [[0, 6], [2, 4]]
    numbers = np.ones((2, 3))
    assert Inputs(Box(0, 1, (3,))).distinct(numbers)[1].tolist() == [0, 1]


def test_planes_put_what_is_at_one_place_together():
    planes = np.arange(24).reshape(1, 2, 3, 4)
    encoded = Inputs(MultiBinary((2, 3, 4)), filters=1).encode(planes)
    assert encoded.shape == (1, 3, 4, 2)
    assert encoded[0, 1, 2].tolist() == [6, 18]
    assert encoded.flags.c_contiguous
    assert Inputs(MultiBinary((2, 3, 4))).encode(planes).shape == (1, 24)


@pytest.mark.parametrize(
    "space", [Discrete(3, start=1), MultiDiscrete([2] * 70), Dict({"a": Discrete(2)}), Tuple([Discrete(2)])]
)
def test_other_observations_are_refused(space):
    with pytest.raises(AgentError, match="expected observations that are Discrete"):
        Inputs(space)
