"""Episodes on disk: the environment, the seed and the actions, from which all else can be played again."""

import json
from pathlib import Path
from typing import Any

import gymnasium as gym

import cookie_jar.envs
from cookie_jar.agents.evaluation import Evaluator
from cookie_jar.agents.files import write_atomically
from cookie_jar.envs.rendering.episode import Episode, EpisodeRunner
from cookie_jar.scripts.common.console import UsageError
from cookie_jar.scripts.viewer.replays import ReplayedAgent

FORMAT = 1
MAX_BYTES = 1 << 20
MAX_ACTIONS = 10_000


class Replayer:
    """Has `predict`, as an agent; it does again what was done."""

    def __init__(self, name: str, actions: list[int]) -> None:
        self.name, self._actions, self._next = name, actions, 0

    def restart(self) -> None:
        """From the first action."""
        self._next = 0

    @property
    def over(self) -> bool:
        """Whether all is done again."""
        return self._next >= len(self._actions)

    def predict(self, observation: Any, deterministic: bool = True) -> tuple[int, None]:
        """The next action."""
        self._next += 1
        return self._actions[self._next - 1], None


class SavedEpisode(ReplayedAgent):
    """A saved episode on show: it is always the same one."""

    fixed_seed = 0

    @property
    def has_policy(self) -> bool:
        """It knows what was done, and nothing else."""
        return False

    def start(self, seed: int) -> None:
        """Play it again."""
        self.agent.restart()
        super().start(self.fixed_seed)

    @classmethod
    def from_file(cls, path: Path, evaluators: dict[str | None, Evaluator]) -> "SavedEpisode":
        """The episode in a file."""
        runner, seed, replayer = load_episode(path)
        key = runner.env.spec.to_json() if runner.env.spec is not None else None
        record = cls(replayer, runner, path.stem, evaluators.get(key) or Evaluator(runner.env))
        record.fixed_seed = seed
        return record


def save_episode(path: Path, runner: EpisodeRunner, episode: Episode) -> None:
    """Write an episode to a file.

    Raises:
        UsageError: it cannot be written.
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
    """Where it was played, with which seed, and who plays it again.

    Raises:
        UsageError: it is no such file.
    """
    kept = _read(path)
    try:
        env = gym.make(kept["env"], render_mode="rgb_array", **kept["options"])
    except (TypeError, ValueError, gym.error.Error) as error:
        raise UsageError(f"{path}: its environment cannot be made; {error}") from None
    return EpisodeRunner(env), kept["seed"], Replayer("you", kept["actions"])


def _read(path: Path) -> dict[str, Any]:
    """The contents of a file, checked: it may come from anybody."""
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
