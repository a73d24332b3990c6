"""Layers for pictures: gradients by finite differences, and values by hand."""

import numpy as np
import pytest
from numerical import numerical_gradient

from cookie_jar.agents.convolution import Convolution, MaxPool
from cookie_jar.agents.layers import Chain, Flatten, Linear, Relu


@pytest.fixture
def rng():
    return np.random.default_rng(0)


LAYERS = {
    **{
        f"window {size}, stride {stride}": lambda rng, size=size, stride=stride: Convolution(
            rng.standard_normal((size * size * 2, 3)), size, stride
        )
        for size, stride in ((1, 1), (1, 3), (2, 1), (3, 1), (3, 2), (4, 2), (5, 2), (2, 3))
    },
    "pool of 2": lambda rng: MaxPool(2),
    "pool of 3": lambda rng: MaxPool(3),
    "flatten": lambda rng: Flatten(),
}


@pytest.mark.parametrize("name", LAYERS)
def test_the_gradients_of_each_layer(name, rng):
    layer, x = LAYERS[name](rng), rng.standard_normal((2, 7, 8, 2))
    weights = rng.standard_normal(layer.forward(x).shape)  # L = sum(weights * y), so dL/dy = weights

    def loss():
        return float((weights * layer.forward(x)).sum())

    loss()
    layer.weight_gradients(weights)
    found = layer.input_gradient(weights)
    for parameter in layer.parameters().values():
        np.testing.assert_allclose(parameter.gradient, numerical_gradient(loss, parameter.value), atol=1e-7)
    np.testing.assert_allclose(found, numerical_gradient(loss, x), atol=1e-7)


def test_the_gradients_of_a_whole_network(rng):
    chain = Chain(
        [
            Convolution(rng.standard_normal((27, 3)), 3, 2),
            Relu(),
            Convolution(rng.standard_normal((12, 4)), 2),
            MaxPool(),
            Relu(),
            Flatten(),
            Linear(rng.standard_normal((16, 2))),
        ]
    )
    x = rng.standard_normal((2, 11, 12, 3))
    weights = rng.standard_normal((2, 2))

    def loss():
        return float((weights * chain.forward(x)).sum())

    loss()
    found = chain.input_gradient(weights)
    np.testing.assert_allclose(found, numerical_gradient(loss, x), atol=1e-6)
    for name, parameter in chain.parameters().items():
        np.testing.assert_allclose(
            parameter.gradient, numerical_gradient(loss, parameter.value), atol=1e-6, err_msg=name
        )


def test_a_convolution_by_hand():
    layer = Convolution(np.array([[1.0], [10.0], [100.0], [1000.0]]), size=2, stride=2)
    planes = np.arange(16.0).reshape(1, 4, 4, 1)
    assert layer.forward(planes)[0, :, :, 0].tolist() == [[5410, 7632], [14298, 16520]]


def test_a_convolution_sees_what_moves_in_the_same_way_everywhere(rng):
    layer = Convolution(rng.standard_normal((9, 2)))
    planes = np.zeros((2, 6, 6, 1))
    planes[0, 2, 2], planes[1, 3, 3] = 1, 1  # the same, one further
    here, there = layer.forward(planes)
    np.testing.assert_allclose(here[:3, :3], there[1:, 1:])
    assert np.abs(here).max() > 0.1


def test_a_convolution_reads_views_and_batches_of_other_sizes(rng):
    layer, planes = Convolution(rng.standard_normal((9, 2))), rng.standard_normal((4, 6, 5, 1))
    whole = layer.forward(planes)
    np.testing.assert_array_equal(layer.forward(planes[1:3]), whole[1:3])
    np.testing.assert_array_equal(
        layer.forward(planes[:, ::-1]), layer.forward(np.ascontiguousarray(planes[:, ::-1]))
    )


def test_only_the_first_of_equal_maxima_has_a_gradient():
    layer = MaxPool(2)
    assert layer.forward(np.ones((1, 2, 2, 1))).tolist() == [[[[1]]]]
    assert layer.input_gradient(np.full((1, 1, 1, 1), 3.0)).ravel().tolist() == [3, 0, 0, 0]


def test_an_incomplete_window_is_left_out():
    layer = MaxPool(2)
    planes = np.arange(15.0).reshape(1, 3, 5, 1)
    assert layer.forward(planes)[0, :, :, 0].tolist() == [[6, 8]]
    assert layer.input_gradient(np.ones((1, 1, 2, 1))).shape == planes.shape
