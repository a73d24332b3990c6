import pytest
from boards import kitchens
from hypothesis import given, settings
from hypothesis import strategies as st

from cookie_jar.envs import Cookie, Kitchen, StateError
from cookie_jar.envs.ansi import draw_text, parse_text
from cookie_jar.envs.config import make_config
from cookie_jar.envs.dynamics import ARRANGEMENTS
from cookie_jar.envs.tabular import World


@settings(max_examples=200)
@given(kitchens(), st.sampled_from(Cookie), st.data())
def test_drawing_and_parsing_a_state_are_inverse(kitchen, likes, data):
    world = World(make_config(kitchen=str(kitchen), likes=likes.label))
    arrangements = st.integers(0, len(ARRANGEMENTS) - 1)
    drawn = st.tuples(st.integers(0, world.num_states - 1), arrangements)
    for number, arrangement in data.draw(st.lists(drawn, min_size=20, max_size=20)):
        state = world.state(number)._replace(arrangement=arrangement)
        assert parse_text(kitchen, draw_text(kitchen, state)) == state


@pytest.mark.parametrize("name", ["home", "corner"])
def test_every_state_has_a_drawing_of_its_own(name):
    world = World(make_config(kitchen=name))
    kitchen = world.config.kitchen
    drawings = [draw_text(kitchen, world.state(number)) for number in range(world.num_states)]
    assert len(set(drawings)) == world.num_states
    assert drawings[0] == str(kitchen)
    assert [world.number(parse_text(kitchen, drawing)) for drawing in drawings] == list(range(len(drawings)))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "#J##\n#..#\n####",
        "#J##\n#SCC\n####",
        "#J##\n#SC#",
        "#O##\n#^.#\n####\njar: raisin, raisin, plain",
        "S",
    ],
)
def test_a_text_that_is_no_state_is_refused(text):
    with pytest.raises(StateError, match="expected"):
        parse_text(Kitchen.parse("#J##\n#SC#\n####"), text)
