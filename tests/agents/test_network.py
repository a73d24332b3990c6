"""Every derived gradient of whole networks equals the one by finite differences."""

import numpy as np
import pytest
from gymnasium.spaces import Box, Discrete, MultiBinary, MultiDiscrete
from numerical import numerical_gradient

from cookie_jar.agents.encoding import Inputs
from cookie_jar.agents.network import Network, orthogonal


@pytest.fixture
def rng():
    return np.random.default_rng(0)


SPACES = {
    "state": (Discrete(7), np.array([3, 0, 3])),
    "factors": (MultiDiscrete([3, 4, 2]), np.array([[2, 3, 0], [0, 0, 1], [2, 1, 0]])),
    "numbers": (Box(-1, 1, (4,)), np.random.default_rng(1).standard_normal((3, 4))),
    "picture": (Box(0, 255, (9, 12, 3), np.uint8), np.random.default_rng(3).integers(0, 256, (3, 9, 12, 3))),
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


@pytest.mark.parametrize(("rows", "columns"), [(6, 3), (3, 6), (4, 4)])
def test_orthogonal_columns_or_rows(rows, columns, rng):
    matrix = orthogonal(rng, rows, columns)
    assert matrix.shape == (rows, columns)
    product = matrix.T @ matrix if rows >= columns else matrix @ matrix.T
    np.testing.assert_allclose(product, np.eye(min(rows, columns)), atol=1e-12)


@pytest.mark.parametrize("counts", [[46, 39, 3, 2, 3], [1615], [3, 2]])  # the second is a state number
def test_the_first_layer_is_orthogonal_also_as_a_table(counts, rng):
    """Its units begin where tanh is steep, as in Stable-Baselines3: see `test_parity`.

    For one-hot inputs of n parts and r rows in all, the standard deviation is sqrt(2 n / r).
    """
    inputs = Inputs(MultiDiscrete(counts) if len(counts) > 1 else Discrete(counts[0]))
    network, rows = Network(inputs, 10, (64, 64), rng), sum(counts)
    for chain in (network.policy, network.value):
        table = chain.layers[0].table.value
        assert (table.dtype, table.shape) == (np.float32, (rows, 64))
        product = table.T @ table if rows >= 64 else table @ table.T
        np.testing.assert_allclose(product, 2 * np.eye(min(rows, 64)), atol=1e-5)
        observations = np.stack([rng.integers(count, size=1_000) for count in counts], axis=1)
        units = chain.layers[0].forward(
            inputs.encode(observations if len(counts) > 1 else observations[:, 0])
        )
        if rows >= 64:
            assert units.std() == pytest.approx((2 * len(counts) / rows) ** 0.5, rel=0.1)
        assert (np.abs(np.tanh(units)) > 0.9).mean() < 0.01


def test_tables_without_hidden_layers_draw_the_same_random_numbers_as_before(rng):
    """Runs have the same random numbers as before the first layer was orthogonal."""
    Network(Inputs(Discrete(5)), 3, (), rng)
    before = np.random.default_rng(0)
    before.standard_normal((5, 3)), before.standard_normal((5, 1))
    assert rng.bit_generator.state == before.bit_generator.state


def test_all_actions_are_about_as_likely_at_first(rng):
    logits, values = Network(Inputs(Discrete(50)), 10, (64, 64), rng).forward(np.arange(50)[:, None])
    assert (logits.dtype, logits.shape, values.shape) == (np.float32, (50, 10), (50,))
    assert np.abs(logits).max() < 0.1 < np.abs(values).max()
    logits, values = Network(Inputs(Discrete(50)), 10, (), rng).forward(np.arange(50)[:, None])
    assert not logits.any()
    assert not values.any()
