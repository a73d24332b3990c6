import pygame
import pytest
from windows import QUIT, key

from cookie_jar.envs.rendering.window import ACTION_KEYS
from cookie_jar.scripts.viewer.controls import (
    KEYS,
    PLAY_KEYS,
    command_of,
    play_buttons,
    replay_buttons,
)
from cookie_jar.scripts.viewer.overlays import SWITCHES


@pytest.mark.parametrize("keys", [KEYS, PLAY_KEYS], ids=["replay", "play"])
def test_no_key_has_two_commands(keys):
    numbers = [number for _, keys, _ in keys.values() for number in keys]
    numbers += ACTION_KEYS if keys is PLAY_KEYS else []
    assert len(numbers) == len(set(numbers))


@pytest.mark.parametrize("keys", [KEYS, PLAY_KEYS], ids=["replay", "play"])
def test_each_key_has_its_command(keys):
    for command, (_, numbers, _) in keys.items():
        assert [command_of(key(number), keys) for number in numbers] == [command] * len(numbers)
    assert command_of(key(pygame.K_z), keys) is None
    assert command_of(QUIT, keys) == "quit"
    assert command_of(pygame.event.Event(pygame.KEYUP, key=pygame.K_f), keys) is None


def test_every_button_of_a_replay_has_a_key():
    buttons = replay_buttons(False, 0.25, {"trail"}, {"values": "why", "arrows": "", "probabilities": ""})
    assert {button.name for button in buttons} - KEYS.keys() == {"speed"}
    states = {button.name: (button.on, button.enabled) for button in buttons if button.name in SWITCHES}
    assert states["trail"] == (True, True)
    assert states["panel"] == (False, True)
    assert states["values"] == (False, False)


def test_the_buttons_of_a_game_are_available_when_they_do_something():
    assert {button.name for button in play_buttons(False, 0)} <= PLAY_KEYS.keys()
    available = [{b.name for b in play_buttons(*state) if b.enabled} for state in ((False, 0), (True, 7))]
    assert available[0] == {"other", "ask", "help", "full"}
    assert available[1] == {"undo", "again", "other", "save", "help", "full"}
