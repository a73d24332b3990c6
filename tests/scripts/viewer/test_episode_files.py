import json
import os
import random

import gymnasium as gym
import pytest
from needs import needs_devices, needs_links, needs_pipes

from cookie_jar.envs import Action
from cookie_jar.envs.rendering.episode import Episode, EpisodeRunner
from cookie_jar.scripts.common.console import UsageError
from cookie_jar.scripts.viewer.episode_files import SavedEpisode, load_episode, save_episode

LARGE = "\n".join(["#J" + "#" * 16, "#SC" + "." * 14 + "#", *["#" + "." * 16 + "#"] * 15, "#" * 18])


@pytest.fixture
def saved(tmp_path):
    """An episode of two actions in a file."""
    runner = EpisodeRunner(gym.make("CookieJarClumsy-v0", render_mode="rgb_array", hints=True))
    time_steps = [runner.reset(7)]
    for action in (Action.RIGHT, Action.UP):
        time_steps.append(runner.step(time_steps[-1], action))
    path = tmp_path / "mine.json"
    save_episode(path, runner, Episode(tuple(time_steps), runner.world, 7))
    return path, time_steps


def test_a_saved_episode_is_played_again_as_it_was(saved):
    path, time_steps = saved
    replay = SavedEpisode.from_file(path, {})
    for seed in (0, 1):  # every seed
        replay.start(seed)
        assert [step.frame for step in replay.episode.time_steps] == [step.frame for step in time_steps]
    assert (replay.name, replay.has_policy, replay.has_snapshots) == ("mine", False, False)


def test_the_keys_of_the_file(saved):
    path, time_steps = saved
    kept = json.loads(path.read_text())
    assert kept == {
        "format": 1,
        "env": "CookieJarClumsy-v0",
        "options": kept["options"],
        "seed": 7,
        "actions": [3, 0],
        "happiness": round(time_steps[-1].total, 6),
    }
    assert kept["options"]["hints"] is True
    assert "render_mode" not in kept["options"]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"format": 9}, "format 1"),
        ({"seed": "x"}, "expected a seed"),
        ({"actions": [11]}, "actions from 0 to 9"),
        ({"actions": []}, "up to 10,000 actions"),
        ({"actions": [0] * 10_001}, "up to 10,000 actions"),
        ({"env": "os:system"}, "expected an environment of this package"),
        ({"options": {"kitchen": "nowhere"}}, "kitchen"),
        ({"options": {"colour": 1}}, "cannot be created"),
        ({"options": {"max_episode_steps": 10**9}}, "cannot be created; unknown option"),
        ({"options": {"kitchen": LARGE, "random_start": True}}, "states with these options"),
        ({"options": {"kitchen": LARGE, "max_states": 10**9}}, "states with these options"),
        ({"happiness": 5.0}, "expected the happiness -[0-9.]+ of its replay, got 5; the file was changed"),
        ({"happiness": None}, "happiness as a number"),
        ({"happiness": 10**400}, "happiness as a number"),
        ({"actions": [0] * 201}, "expected 200 actions, after which the episode ends, got 201"),
        ({"seed": True}, "expected a seed"),
        ({"format": True}, "format 1"),
    ],
)
def test_a_hostile_episode_gives_one_clear_message(saved, change, message):
    path, _ = saved
    path.write_text(json.dumps(json.loads(path.read_text()) | change))
    with pytest.raises(UsageError, match=message) as error:
        SavedEpisode.from_file(path, {})
    assert str(path) in str(error.value)


@pytest.mark.parametrize("text", ["", "[" * 100_000, "[1]", "\xff", " " * (1 << 20) + "{}"])
def test_other_files_are_refused(tmp_path, text):
    path = tmp_path / "x.json"
    path.write_bytes(text.encode("latin-1"))
    with pytest.raises(UsageError, match="expected an episode"):
        SavedEpisode.from_file(path, {})


def test_a_file_that_cannot_be_written(saved, tmp_path):
    path, time_steps = saved
    runner = EpisodeRunner(gym.make("CookieJarCorner-v0", render_mode="rgb_array"))
    with pytest.raises(UsageError, match="cannot write there"):
        save_episode(path / "below.json", runner, Episode(tuple(time_steps), None, 0))


def test_damaged_episodes_give_one_error_or_the_same_episode(saved):
    """A character is deleted, repeated or replaced."""
    path, _ = saved
    text, rng, refused = path.read_text(), random.Random(0), 0
    for _ in range(100):
        at = rng.randrange(len(text))
        path.write_text(text[:at] + rng.choice(["", text[at] * 2, "9", "-", '"']) + text[at + 1 :])
        try:
            _, _, replayer = load_episode(path)
        except UsageError:
            refused += 1
        else:
            assert not replayer.over
    assert 50 < refused < 100


@needs_links
@needs_pipes
@needs_devices
def test_other_things_than_files_are_refused(tmp_path):
    os.mkfifo(tmp_path / "pipe.json")
    (tmp_path / "zero.json").symlink_to("/dev/zero")
    for name in ("pipe.json", "zero.json", "missing.json"):
        with pytest.raises(UsageError, match="expected an episode that `play` saved"):
            load_episode(tmp_path / name)
