"""Episodes as small pictures, for a report that shows how the policy changed during training."""

import base64
import io
from collections.abc import Callable, Hashable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from cookie_jar.agents import Agent, runs
from cookie_jar.envs import CookieJarEnv
from cookie_jar.scripts.comparison.aggregate import Summary
from cookie_jar.scripts.comparison.store import TRIAL_FILE, trial_folder
from cookie_jar.scripts.comparison.trials import TrialRecord

SIZE = (336, 252)  # width and height of a picture in pixels
MAX_ACTIONS = 50  # maximum number of actions shown of an episode
EPISODE_SEED = 0


class Replay(NamedTuple):
    """One greedy episode; the report's script reads the fields by these names.

    Attributes:
        env_id: Id of the environment.
        label: The label of the summary.
        steps: Training steps of the agent.
        percent: The score of the policy in percent.
        frames: The index of a picture and a sentence for the start and for each action.
    """

    env_id: str
    label: str
    steps: int
    percent: float
    frames: list[tuple[int, str]]


class Album:
    """Pictures, each stored once.

    Attributes:
        pictures: As data URIs.
    """

    def __init__(self) -> None:
        self.pictures: list[str] = []
        self._indices: dict[Hashable, int] = {}

    def index(self, key: Hashable, draw: Callable[[], Any]) -> int:
        """Return the index of the picture with a key; if the key is new, draw uint8 [height, width, 3]."""
        if key not in self._indices:
            self._indices[key] = len(self.pictures)
            self.pictures.append(_data_uri(draw()))
        return self._indices[key]


def replays(folders: Sequence[Path], summaries: Sequence[Summary], album: Album) -> list[Replay]:
    """Return an episode of each saved agent of each summary's first seed.

    Args:
        folders: The folders of comparisons.
        summaries: The summaries; those in environments other than kitchens are left out.
        album: The album that the pictures are added to.
    """
    shown = []
    for summary in summaries:
        record = summary.records[0]
        scores = {point.steps: record.scale(point.greedy) for point in record.evaluations}
        for folder in folders:
            for steps, file in _agent_files(trial_folder(folder, record.trial), record):
                agent = runs.load(file, render_mode="rgb_array")
                if steps in scores and isinstance(agent.env.unwrapped, CookieJarEnv):
                    frames = episode(agent, album)
                    shown.append(Replay(summary.env_id, summary.label, steps, scores[steps], frames))
    return shown


def episode(agent: Agent, album: Album) -> list[tuple[int, str]]:
    """Return the pictures and the sentences of a greedy episode in a kitchen."""
    from cookie_jar.envs.rendering.episode import EpisodeRunner
    from cookie_jar.envs.rendering.scene import Scene

    played = EpisodeRunner(agent.env).roll_out(agent, EPISODE_SEED, max_acts=MAX_ACTIONS)
    assert played.world is not None
    scene = Scene(played.world.config.kitchen, SIZE, caption=False)
    frames = [
        (_picture(album, scene, step.frame), step.frame.sentence if step.steps else step.words)
        for step in played.time_steps
        if step.frame is not None
    ]
    if not played.time_steps[-1].ended:
        frames.append((frames[-1][0], f"... the episode continues after {MAX_ACTIONS} actions"))
    return frames


def _agent_files(folder: Path, record: TrialRecord) -> list[tuple[int, Path]]:
    """Return the steps and the file of each saved agent; none if another trial has used the folder since."""
    mark, final = folder / TRIAL_FILE, folder / runs.AGENT_FILE
    if not mark.exists() or mark.read_text(encoding="utf-8", errors="replace") != record.trial.key:
        return []
    return [*runs.snapshots(folder), *([(record.evaluations[-1].steps, final)] if final.exists() else [])]


def _picture(album: Album, scene: Any, frame: Any) -> int:
    key = scene.kitchen, frame.state, frame.action, frame.event
    return album.index(key, lambda: scene.draw_array(frame))


def _data_uri(picture: Any) -> str:
    from PIL import Image

    data = io.BytesIO()
    Image.fromarray(picture).save(data, "WEBP", quality=70, method=4)
    return f"data:image/webp;base64,{base64.b64encode(data.getvalue()).decode()}"
