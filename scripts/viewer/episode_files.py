"""Saved episodes: environment, seed and actions, from which the episode can be computed again."""

import json
from pathlib import Path
from typing import Any

import gymnasium as gym

import cookie_jar.envs
from cookie_jar.agents.env_spec import env_key
from cookie_jar.agents.evaluation import Evaluator
from cookie_jar.agents.files import write_atomically
from cookie_jar.envs.rendering.episode import Episode, EpisodeRunner
from cookie_jar.scripts.common.console import UsageError
from cookie_jar.scripts.viewer.replays import ReplayedAgent

FORMAT = 1
MAX_BYTES = 1 << 20
MAX_ACTIONS = 10_000


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
    """Return the runner, the seed and the replayer of a saved episode.

    Raises:
        UsageError: If the file is not a saved episode.
    """
    kept = _read(path)
    try:
        env = gym.make(kept["env"], render_mode="rgb_array", **kept["options"])
    except (TypeError, ValueError, gym.error.Error) as error:
        raise UsageError(f"{path}: the environment cannot be created; {error}") from None
    return EpisodeRunner(env), kept["seed"], Replayer("you", kept["actions"])


def _read(path: Path) -> dict[str, Any]:
    """Return the contents of a file after checking them: the file may be untrusted."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise UsageError(f"{path}: expected an episode of at most {MAX_BYTES:,} bytes")
        kept: Any = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise UsageError(f"{path}: expected a saved episode; {error.strerror}") from None
    except (ValueError, RecursionError):
        kept = None
    if not isinstance(kept, dict) or kept.get("format") != FORMAT:
        raise UsageError(f"{path}: expected an episode that `play` saved, in format {FORMAT}")
    seed, actions, options = kept.get("seed"), kept.get("actions"), kept.get("options")
    if type(seed) is not int or not 0 <= seed < 2**63 or not isinstance(options, dict):
        raise UsageError(f"{path}: expected a seed and options")
    if not isinstance(actions, list) or not all(type(a) is int and 0 <= a < 10 for a in actions):
        raise UsageError(f"{path}: expected actions from 0 to 9")
    if not 0 < len(actions) <= MAX_ACTIONS:
        raise UsageError(f"{path}: expected up to {MAX_ACTIONS:,} actions, got {len(actions):,}")
    if kept.get("env") not in cookie_jar.envs.IDS:
        raise UsageError(f"{path}: expected an environment of this package, got {kept.get('env')!r:.80}")
    return kept
