"""Saved episodes: environment, seed and actions, from which the episode can be computed again."""

import json
from pathlib import Path
from typing import Any

import gymnasium as gym

import cookie_jar.envs
from cookie_jar.agents.env_spec import env_key
from cookie_jar.agents.errors import FileError
from cookie_jar.agents.evaluation import Evaluator
from cookie_jar.agents.files import read_json, write_atomically
from cookie_jar.envs.config import make_config
from cookie_jar.envs.rendering.episode import Episode, EpisodeRunner
from cookie_jar.scripts.common.console import UsageError
from cookie_jar.scripts.viewer.replays import ReplayedAgent

FORMAT = 1
MAX_BYTES = 1 << 20
MAX_ACTIONS = 10_000
MAX_STATES = 150_000  # of an environment that a file describes; the solver takes seconds
LARGEST = 1e9  # absolute value of a happiness
TOLERANCE = 1e-6  # of the happiness, relative or absolute: the file has six decimals


class Replayer:
    """Replays a recorded action sequence through the agent interface.

    Args:
        name: The name of the episode.
        actions: The recorded actions.
    """

    def __init__(self, name: str, actions: list[int]) -> None:
        self.name, self._actions, self._next = name, actions, 0

    def restart(self) -> None:
        """Go back to the first action."""
        self._next = 0

    @property
    def over(self) -> bool:
        """Whether all actions have been replayed."""
        return self._next >= len(self._actions)

    def predict(self, observation: Any, deterministic: bool = True) -> tuple[int, None]:
        """Return the next recorded action; the observation is ignored."""
        self._next += 1
        return self._actions[self._next - 1], None


class SavedEpisode(ReplayedAgent):
    """A saved episode that is replayed: every seed starts the same episode."""

    fixed_seed = 0

    @property
    def has_policy(self) -> bool:
        """False: a saved episode has no policy."""
        return False

    def start(self, seed: int) -> None:
        """Replay the episode; the seed is ignored."""
        self.agent.restart()
        super().start(self.fixed_seed)

    @classmethod
    def from_file(cls, path: Path, evaluators: dict[str | None, Evaluator]) -> "SavedEpisode":
        """Load a saved episode; for `evaluators`, see `ReplayedAgent.from_run`."""
        runner, seed, replayer = load_episode(path)
        key = env_key(runner.env)
        episode = cls(replayer, runner, path.stem, evaluators.get(key) or Evaluator(runner.env))
        episode.fixed_seed = seed
        return episode


def save_episode(path: Path, runner: EpisodeRunner, episode: Episode) -> None:
    """Write an episode to a file.

    Raises:
        UsageError: If the file cannot be written.
    """
    assert runner.env.spec is not None
    spec = json.loads(runner.env.spec.to_json())
    kept = {
        "format": FORMAT,
        "env": spec["id"],
        "options": {name: value for name, value in spec["kwargs"].items() if name != "render_mode"},
        "seed": episode.seed,
        "actions": list(episode.actions),
        "happiness": round(episode.time_steps[-1].total, 6),
    }
    try:
        write_atomically(path, json.dumps(kept, indent=1).encode())
    except OSError as error:
        raise UsageError(f"{path}: cannot write there; {error.strerror}") from None


def load_episode(path: Path) -> tuple[EpisodeRunner, int, Replayer]:
    """Return the runner, the seed and the replayer of a saved episode, after replaying the episode once.

    Raises:
        UsageError: If the file is not a saved episode, or the replay differs from what the file says.
    """
    kept = _read(path)
    try:
        _check_options(kept["env"], kept["options"])
        env = gym.make(kept["env"], render_mode="rgb_array", **kept["options"])
    except (TypeError, ValueError, gym.error.Error) as error:
        reason = str(error).partition("\n")[0]  # without the lines that show a map
        raise UsageError(f"{path}: the environment cannot be created; {reason}") from None
    runner, replayer = EpisodeRunner(env), Replayer("you", kept["actions"])
    _check_replay(path, kept, EpisodeRunner(env, pictures=False).roll_out(replayer, kept["seed"]))
    replayer.restart()
    return runner, kept["seed"], replayer


def _check_options(env_id: str, options: dict[str, Any]) -> None:
    """Check the options of an environment, and the number of its states, before it is created.

    Raises:
        ValueError: If an option does not exist or has an impossible value, or there are too many states.
    """
    known = make_config.__kwdefaults__ or {}
    for name in options:
        if name not in known and name not in ("observation", "levels"):
            raise ValueError(f"unknown option {name!r:.80}")
    given = gym.spec(env_id).kwargs | options
    limit = MAX_STATES // (3 if given.get("clumsiness") else 1)
    make_config(**{name: value for name, value in given.items() if name in known} | {"max_states": limit})


def _check_replay(path: Path, kept: dict[str, Any], episode: Episode) -> None:
    """Check that an episode has the actions and the happiness of its file."""
    if episode.last != len(kept["actions"]):
        expected = f"{episode.last:,} actions, after which the episode ends"
        raise UsageError(f"{path}: expected {expected}, got {len(kept['actions']):,}")
    total, said = episode.time_steps[-1].total, kept.get("happiness")
    if said is not None and abs(total - said) > TOLERANCE * (1 + abs(total)):
        reason = "the file was changed, or saved with other versions of the libraries"
        raise UsageError(
            f"{path}: expected the happiness {total:.6g} of its replay, got {said:.6g}; {reason}"
        )


def _read(path: Path) -> dict[str, Any]:
    """Return the contents of a file after checking them: the file may be untrusted."""
    expected = f"expected an episode that `play` saved, in format {FORMAT}"
    try:
        kept = read_json(path, MAX_BYTES)
    except FileError as error:
        reason = str(error).removeprefix(f"{path}: ")
        raise UsageError(f"{path}: {expected}; {reason}") from None
    if not isinstance(kept, dict) or type(kept.get("format")) is not int or kept["format"] != FORMAT:
        raise UsageError(f"{path}: {expected}")
    seed, actions, options = kept.get("seed"), kept.get("actions"), kept.get("options")
    if type(seed) is not int or not 0 <= seed < 2**63 or not isinstance(options, dict):
        raise UsageError(f"{path}: expected a seed and options")
    if not isinstance(actions, list) or not all(type(a) is int and 0 <= a < 10 for a in actions):
        raise UsageError(f"{path}: expected actions from 0 to 9")
    if not 0 < len(actions) <= MAX_ACTIONS:
        raise UsageError(f"{path}: expected up to {MAX_ACTIONS:,} actions, got {len(actions):,}")
    if kept.get("env") not in tuple(cookie_jar.envs.IDS):
        raise UsageError(f"{path}: expected an environment of this package, got {kept.get('env')!r:.80}")
    happiness = kept.get("happiness", 0)
    if type(happiness) not in (int, float) or abs(happiness) > LARGEST:
        raise UsageError(f"{path}: expected the happiness as a number, got {str(happiness)[:80]}")
    return kept
