import numpy as np
import pytest
from colours import SEEN_BY, contrast, seen
from pictures import frames

from cookie_jar.envs.kitchen import find_kitchen
from cookie_jar.envs.rendering.overlay import Overlay, number, text_on, value_colour
from cookie_jar.envs.rendering.scene import Scene

HOME = find_kitchen("home")


@pytest.mark.parametrize("who", SEEN_BY)
def test_values_rise_evenly_in_brightness(who):
    colours = seen([value_colour(share) for share in np.linspace(0, 1, 41)], who)
    steps = np.diff(colours @ [0.2126, 0.7152, 0.0722])
    assert (steps > 0).all()
    assert steps.max() < 2.5 * steps.mean()


def test_numbers_can_be_read_on_values():
    for share in np.linspace(0, 1, 41):
        assert contrast(text_on(value_colour(share)), value_colour(share)) > 4


@pytest.mark.parametrize(
    ("value", "text"), [(0.123, "0.12"), (-0.001, "0.00"), (99.999, "100.00"), (-123.4, "-123")]
)
def test_numbers_have_two_decimals_while_they_are_small(value, text):
    assert number(value) == text


def test_equal_overlays_have_equal_keys():
    assert Overlay(values=np.arange(3.0)).key() == Overlay(values=np.arange(3.0)).key()
    assert Overlay(values=np.arange(3.0)).key() != Overlay(acts=np.arange(3)).key()


def test_an_overlay_that_does_not_fit_is_refused():
    with pytest.raises(ValueError, match=r"expected arrows of shape \(17, 4\), got \(17,\)"):
        Scene(HOME).draw(frames(HOME, "")[-1], 1.0, Overlay(arrows=np.zeros(17)))
