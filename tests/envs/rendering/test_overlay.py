import numpy as np
import pytest
from colours import SEEN_BY, contrast, seen
from pictures import frames

from cookie_jar.envs.kitchen import find_kitchen
from cookie_jar.envs.rendering.overlay import Overlay, text_on, value_colour
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


def test_equal_overlays_have_equal_keys():
    assert Overlay(values=np.arange(3.0)).key() == Overlay(values=np.arange(3.0)).key()
    assert Overlay(values=np.arange(3.0)).key() != Overlay(acts=np.arange(3)).key()
    assert Overlay(values=np.arange(3.0)).key() != Overlay(values=np.arange(3.0), scale=(0, 9)).key()


def test_equal_values_have_equal_colours_on_one_scale():
    scene = Scene(HOME)

    def colour(values, scale):
        surface = scene.draw(frames(HOME, "")[-1], 1.0, Overlay(values=np.array(values), scale=scale))
        rect = scene.layout.rect(*HOME.places[3])
        return tuple(surface.get_at((rect.right - 9, rect.bottom - 9)))[:3]

    few, many = np.full(17, 0.4), np.linspace(0.4, 2, 17)
    many[3] = 0.4
    assert colour(few, (0, 2)) == colour(many, (0, 2)) == value_colour(0.2)
    assert colour(few, None) != colour(many, None)
    assert colour(np.full(17, 9.0), (0, 2)) == value_colour(1.0)  # beyond the scale


def test_an_overlay_that_does_not_fit_is_refused():
    with pytest.raises(ValueError, match=r"expected arrows of shape \(17, 4\), got \(17,\)"):
        Scene(HOME).draw(frames(HOME, "")[-1], 1.0, Overlay(arrows=np.zeros(17)))
