import numpy as np
from pictures import frames

from cookie_jar.envs import Kitchen
from cookie_jar.envs.kitchen import find_kitchen
from cookie_jar.envs.rendering.frame import Frame
from cookie_jar.envs.rendering.pixels import to_array
from cookie_jar.envs.rendering.renderer import Renderer, draw_states
from cookie_jar.envs.rendering.scene import Scene
from cookie_jar.envs.rendering.window import Window

CORNER = find_kitchen("corner")
WIDE = Kitchen.parse("#J###\n#S.C#\n#####")


def test_arrays_are_those_of_the_scene():
    renderer = Renderer("rgb_array", fps=4)
    for kitchen in (CORNER, WIDE, CORNER):
        for frame in frames(kitchen, "rc"):
            np.testing.assert_array_equal(renderer.render(kitchen, frame), Scene(kitchen).draw_array(frame))
    renderer.close()


def test_a_window_shows_the_frame_and_can_be_opened_again():
    renderer = Renderer("human", fps=60)
    for kitchen in (CORNER, WIDE):
        *_, frame = frames(kitchen, "r")
        assert renderer.render(kitchen, frame, moving=True) is None
        (window,) = Window.opened()
        shown = to_array(window.surface)
        np.testing.assert_array_equal(shown, Scene(kitchen, shown.shape[1::-1]).draw_array(frame))
        renderer.close()
        assert Window.opened() == []
    renderer.close()


def test_states_are_drawn_each_in_its_kitchen():
    states = [(kitchen, frame.state) for kitchen in (CORNER, WIDE) for frame in frames(kitchen, "r")]
    pictures = draw_states([*states, states[0]])
    assert len(pictures) == 5
    for (kitchen, state), picture in zip(states, pictures, strict=False):
        np.testing.assert_array_equal(picture, Scene(kitchen).draw_array(Frame(state)))
    np.testing.assert_array_equal(pictures[0], pictures[4])
    assert not np.shares_memory(pictures[0], pictures[4])
