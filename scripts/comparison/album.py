"""Episodes as small pictures, for a page that shows what was learned when."""

import base64
import io
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from cookie_jar.agents import Agent, runs
from cookie_jar.envs import Action, CookieJarEnv, Event, State, transition
from cookie_jar.scripts.comparison.aggregate import Summary
from cookie_jar.scripts.comparison.store import TRIAL_FILE, run_folder
from cookie_jar.scripts.comparison.trials import TrialRecord

SIZE = (336, 252)  # pixels of a picture
LONGEST = 50  # acts that are shown of an episode
EPISODE_SEED = 0


class Replay(NamedTuple):
    """One greedy episode.

    Attributes:
        env_id: of the environment.
        label: of the contender.
        steps: it had learned from.
        percent: what the policy was worth, per cent of what is possible.
        frames: the number of a picture and a line of words for the start and each act.
    """

    env_id: str
    label: str
    steps: int
    percent: float
    frames: list[tuple[int, str]]


class Album:
    """Pictures, each kept once.

    Attributes:
        pictures: as data URIs.
    """

    def __init__(self) -> None:
        self.pictures: list[str] = []
        self._numbers: dict[Any, int] = {}

    def number(self, key: Any, draw: Callable[[], Any]) -> int:
        """The number of the picture of that key; it is drawn when it is new, uint8 [height, width, 3]."""
        if key not in self._numbers:
            self._numbers[key] = len(self.pictures)
            self.pictures.append(_data_uri(draw()))
        return self._numbers[key]


def replays(folders: Sequence[Path], lines: Sequence[Summary], album: Album) -> list[Replay]:
    """Of the first seed of each contender, an episode for each memory that was kept of that very run."""
    shown = []
    for summary in lines:
        record = summary.records[0]
        scores = {check.steps: record.scale(check.greedy) for check in record.evaluations}
        for folder in folders:
            for steps, file in _memories(run_folder(folder, record.trial), record):
                agent = runs.load(file)
                if steps in scores and isinstance(agent.env.unwrapped, CookieJarEnv):
                    frames = episode(agent, album)
                    shown.append(Replay(summary.env_id, summary.label, steps, scores[steps], frames))
    return shown


def episode(agent: Agent, album: Album) -> list[tuple[int, str]]:
    """A greedy episode in one of our kitchens: pictures and words."""
    from cookie_jar.envs.rendering.frame import Frame
    from cookie_jar.envs.rendering.scene import Scene

    env = agent.env
    world: Any = env.unwrapped
    obs, _ = env.reset(seed=EPISODE_SEED)
    config = world.world.config
    scene, frame = Scene(config.kitchen, SIZE, caption=False), Frame(world.get_state())
    frames = [(_picture(album, scene, frame), "start")]
    for _ in range(LONGEST):
        action, _ = agent.predict(obs, deterministic=True)
        before = world.get_state()
        obs, _, terminated, truncated, info = env.step(int(action))
        state = world.get_state()
        if terminated:  # the environment stays in the state before the end
            state = State(*map(int, transition(config.kitchen, config.likes, before, int(action))[0]))
        event = Event[info["event"].upper()]
        frame = frame.then(state, Action(int(action)), event, info["happiness"])
        frames.append((_picture(album, scene, frame), frame.sentence))
        if terminated or truncated:
            return frames
    frames.append((frames[-1][0], f"and so on: not done after {LONGEST} acts"))
    return frames


def _memories(folder: Path, record: TrialRecord) -> list[tuple[int, Path]]:
    """Steps and files; none where another run has taken the folder since."""
    mark, final = folder / TRIAL_FILE, folder / runs.AGENT_FILE
    if not mark.exists() or mark.read_text(encoding="utf-8", errors="replace") != record.trial.key:
        return []
    return [*runs.snapshots(folder), *([(record.evaluations[-1].steps, final)] if final.exists() else [])]


def _picture(album: Album, scene: Any, frame: Any) -> int:
    key = scene.kitchen, frame.state, frame.action, frame.event
    return album.number(key, lambda: scene.draw_array(frame))


def _data_uri(picture: Any) -> str:
    from PIL import Image

    data = io.BytesIO()
    Image.fromarray(picture).save(data, "WEBP", quality=70, method=4)
    return f"data:image/webp;base64,{base64.b64encode(data.getvalue()).decode()}"
