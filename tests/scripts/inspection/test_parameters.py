import numpy as np
import pytest

from cookie_jar.scripts.common.console import UsageError
from cookie_jar.scripts.inspection.parameters import Parameters


def view():
    return Parameters({"a": np.arange(6.0).reshape(2, 3), "b": np.array([7, 8], np.float32)})


def test_a_vector_holds_all_numbers_in_order():
    parameters = view()
    assert parameters.size == 8
    assert parameters.parameters().tolist() == [0, 1, 2, 3, 4, 5, 7, 8]
    parameters.set_parameters(-parameters.parameters())
    assert parameters.arrays["a"].tolist() == [[0, -1, -2], [-3, -4, -5]]
    assert parameters.arrays["b"].dtype == np.float32


def test_names_and_places_are_inverse():
    parameters = view()
    for index in range(parameters.size):
        name, position = parameters.position(index)
        assert parameters.parameter_name(index) == f"{name} {position}"
        assert parameters.parameter_index([name, *map(str, position)]) == index
    with pytest.raises(IndexError):
        parameters.parameter_name(8)


@pytest.mark.parametrize(
    "words", [["c", "0"], ["a", "2", "0"], ["a", "0"], ["a", "0", "x"], ["b"], ["a", "-1", "0"]]
)
def test_other_places_are_refused(words):
    with pytest.raises(
        UsageError, match=rf"expected the index of a number in a \[2, 3\], b \[2\]; got {words[0]}"
    ):
        view().parameter_index(words)
