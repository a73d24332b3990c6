"""Optimisers, by hand."""

import numpy as np
import pytest

from cookie_jar.agents.layers import Parameter
from cookie_jar.agents.optimizers import Adam, Momentum, RowAdam, Sgd, clip_gradients, corrections


def parameter(value, gradient, rows=None):
    made = Parameter(np.array(value, np.float64))
    made.gradient, made.rows = np.array(gradient, np.float64), None if rows is None else np.array(rows)
    return made


def test_sgd():
    weights = parameter([1.0, 2.0], [0.5, -1.0])
    Sgd({"w": weights}).step(0.1)
    np.testing.assert_allclose(weights.value, [0.95, 2.1])


def test_momentum_gathers_speed():
    weights = parameter([0.0], [1.0])
    optimizer = Momentum({"w": weights})
    for _ in range(3):
        optimizer.step(1.0)
    np.testing.assert_allclose(weights.value, [-(1 + 1.9 + 2.71)])


def test_adam_by_hand():
    weights = parameter([1.0], [4.0])
    optimizer = Adam({"w": weights})
    optimizer.step(0.1)
    np.testing.assert_allclose(
        weights.value, [0.9], atol=1e-8
    )  # the first step has the learning rate's length
    weights.gradient = np.array([-2.0])
    optimizer.step(0.1)
    mean, square = 0.9 * 0.4 + 0.1 * -2, 0.999 * 0.016 + 0.001 * 4
    step = (mean / (1 - 0.9**2)) / np.sqrt(square / (1 - 0.999**2))
    np.testing.assert_allclose(weights.value, [0.9 - 0.1 * step], atol=1e-7)


@pytest.mark.parametrize("kind", [Sgd, Momentum, RowAdam])
def test_rows_that_nobody_used_rest(kind):
    table = parameter(np.zeros((4, 2)), [[1.0, -1.0], [2.0, 0.5]], rows=[0, 2])
    optimizer = kind({"t": table})
    optimizer.step(0.1)
    assert (table.value[[0, 2]] != 0).all()
    assert not table.value[[1, 3]].any()
    for name, array in optimizer.state.items():
        assert array[[0, 2]].any(), name
        assert not array[[1, 3]].any(), name


def test_each_row_of_row_adam_counts_its_own_steps():
    late, early = parameter(np.zeros((2, 1)), [[1.0]], rows=[0]), parameter(np.zeros((1, 1)), [[1.0]])
    optimizer = RowAdam({"t": late})
    for _ in range(50):
        optimizer.step(0.1)
    late.rows = np.array([1])
    optimizer.step(0.1)
    RowAdam({"t": early}).step(0.1)
    assert late.value[1] == early.value[0]  # as if it were the first step of all


def test_adam_of_a_table_is_that_of_the_whole_gradient():
    rng = np.random.default_rng(0)
    table = parameter(np.ones((4, 2)), np.zeros((0, 2)), rows=np.zeros(0, int))
    dense = parameter(np.ones((4, 2)), np.zeros((4, 2)))
    optimizers = Adam({"t": table}), Adam({"t": dense})
    for step in range(20):
        table.rows = np.sort(rng.permutation(4)[: 1 + step % 3])
        table.gradient = rng.standard_normal((len(table.rows), 2))
        dense.gradient = np.zeros((4, 2))
        dense.gradient[table.rows] = table.gradient
        for optimizer in optimizers:
            optimizer.step(0.1)
    np.testing.assert_array_equal(table.value, dense.value)


@pytest.mark.parametrize("kind", [Adam, RowAdam])
def test_both_kinds_of_adam_are_torchs_in_a_dense_layer(kind):
    torch = pytest.importorskip("torch")
    rng = np.random.default_rng(0)
    start = rng.standard_normal((3, 2))
    ours, theirs = parameter(start.copy(), start), torch.tensor(start.copy(), requires_grad=True)
    optimizer, reference = kind({"w": ours}), torch.optim.Adam([theirs], lr=0.1, eps=1e-8)
    for _ in range(20):
        ours.gradient = rng.standard_normal((3, 2))
        theirs.grad = torch.tensor(ours.gradient.copy())
        optimizer.step(0.1)
        reference.step()
    np.testing.assert_allclose(ours.value, theirs.detach().numpy(), rtol=1e-5)  # epsilon, see `Adam`


def test_long_gradients_are_shortened_together():
    parameters = {"a": parameter([0.0, 0.0], [3.0, 0.0]), "b": parameter([0.0], [4.0])}
    assert clip_gradients(parameters, 10.0) == pytest.approx(5.0)
    assert parameters["a"].gradient.tolist() == [3.0, 0.0]
    assert clip_gradients(parameters, 0.5) == pytest.approx(5.0)
    np.testing.assert_allclose([*parameters["a"].gradient, *parameters["b"].gradient], [0.3, 0.0, 0.4])


@pytest.mark.parametrize("kind", [Sgd, Momentum, Adam, RowAdam])
def test_weights_together_are_updated_as_each_alone(kind):
    rng, shapes = np.random.default_rng(0), {"weight": (3, 4), "bias": (4,), "window": (2, 3, 2)}
    together, alone = (
        {name: parameter(np.ones(shape), np.zeros(shape)) for name, shape in shapes.items()} for _ in range(2)
    )
    optimizer = kind(together)
    singles = {name: kind({name: one}) for name, one in alone.items()}
    for _ in range(5):
        for name, shape in shapes.items():
            together[name].gradient = alone[name].gradient = rng.standard_normal(shape)
            singles[name].step(0.1)
        optimizer.step(0.1)
    for name, shape in shapes.items():
        np.testing.assert_array_equal(together[name].value, alone[name].value)
        assert together[name].value.shape == shape
    expected = {name: array for single in singles.values() for name, array in single.state.items()}
    assert optimizer.state.keys() == expected.keys()
    for name, array in expected.items():
        np.testing.assert_array_equal(optimizer.state[name], array)


def test_a_state_read_from_a_file_is_used():
    one, other = (parameter([1.0, 2.0], [0.5, -1.0]) for _ in range(2))
    first, second = Adam({"w": one}), Adam({"w": other})
    first.step(0.1)
    other.value[...] = one.value
    for name, array in first.state.items():
        second.state[name][...] = array
    for optimizer in (first, second):
        optimizer.step(0.1)
    np.testing.assert_array_equal(one.value, other.value)


def test_the_kept_corrections_are_those_of_the_formula_and_end_with_1():
    kept, t = corrections(0.9, 0.999), np.array([1, 2, 10, 1_000, 30_000, 10**6, 10**9])
    formula = np.sqrt(1 - 0.999**t) / (1 - 0.9**t)
    np.testing.assert_allclose(kept.take(t, mode="clip"), formula, rtol=1e-14)
    assert kept[-1] == 1
