"""Episodes as small pictures, for a report that shows how the policy changed during training."""

import base64
import io
from collections.abc import Callable, Hashable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import gymnasium as gym
import numpy as np

from cookie_jar.agents import Agent, AgentError, runs
from cookie_jar.agents.evaluation import Evaluator
from cookie_jar.envs import IDS, CookieJarEnv, CookieJarError
from cookie_jar.scripts.common.tables import number_cell
from cookie_jar.scripts.comparison.columns import bounds_cell
from cookie_jar.scripts.comparison.store import trial_folder, trial_mark
from cookie_jar.scripts.comparison.summary import Summary
from cookie_jar.scripts.comparison.trials import TrialRecord

SIZE = (336, 252)  # width and height of a picture in pixels
MAX_ACTIONS = 50  # maximum number of actions shown of an episode
EPISODE_SEED = 0
MAX_STATES = 150_000  # of an environment that is solved for a replay
FAR = 1.0  # percent between the score of an agent and the table that are worth a word
TOLERANCE = 1e-4  # between the return of a saved agent and that of its record


class Replay(NamedTuple):
    """One greedy episode; the report's script reads the fields by these names.

    Attributes:
        env_id: Id of the environment.
        label: The label of the summary.
        table: The score of the summary in the table, over all seeds, as text.
        seed: The seed of the agent.
        steps: Training steps of the agent.
        percent: The score of the agent's greedy policy in percent.
        score: The same as text, with its unit.
        why: Why this agent is shown.
        frames: The index of a picture and a sentence for the start and for each action.
    """

    env_id: str
    label: str
    table: str
    seed: int
    steps: int
    percent: float
    score: str
    why: str
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


def replays(
    folders: Sequence[Path],
    summaries: Sequence[Summary],
    album: Album,
    note: Callable[[str], None] = lambda text: None,
) -> list[Replay]:
    """Return an episode of each saved agent of the seeds in `shown_records`.

    An agent is shown only if its score is that of its record, so that replay, label and table agree.

    Args:
        folders: The folders of comparisons.
        summaries: The summaries; those in environments other than kitchens are left out.
        album: The album that the pictures are added to.
        note: Called with a message about each agent that is left out.
    """
    shown: dict[tuple[int, int, int], Replay] = {}
    evaluators: dict[str, Evaluator] = {}
    for number, summary in enumerate(summaries):
        for record in shown_records(summary) if summary.env_id in IDS else ():
            files = [
                pair
                for folder in folders
                for pair in _agent_files(trial_folder(folder, record.trial), record)
            ]
            for steps, file in files:
                try:
                    replay = _replay(summary, record, steps, file, album, evaluators)
                except (AgentError, CookieJarError, gym.error.Error) as error:
                    note(f"{file}: no replay; {str(error).removeprefix(f'{file}: ')}")
                    continue
                if replay is not None:
                    shown.setdefault((number, record.trial.seed, steps), replay)
    return list(shown.values())


def shown_records(summary: Summary) -> list[TrialRecord]:
    """Return the record of the first seed, and of that with the final score closest to the table's."""
    if not summary.records:
        return []
    distances = np.abs(summary.finals - summary.final.estimate)
    first, closest = summary.records[0], summary.records[int(distances.argmin())]
    return [first] if closest is first else [first, closest]


def _replay(
    summary: Summary,
    record: TrialRecord,
    steps: int,
    file: Path,
    album: Album,
    evaluators: dict[str, Evaluator],
) -> Replay | None:
    """Return an episode of a saved agent, or None outside of kitchens and between the evaluations.

    Raises:
        AgentError: If the file is not valid, or not the agent of the record.
    """
    returns = {point.steps: point.greedy for point in record.evaluations}
    agent = runs.load(file, render_mode="rgb_array")
    if steps not in returns or not isinstance(agent.env.unwrapped, CookieJarEnv):
        return None
    if len(agent.env.unwrapped.world.event) > MAX_STATES:
        raise AgentError(f"expected an environment of at most {MAX_STATES:,} states")
    spec = "" if agent.env.spec is None else agent.env.spec.to_json()
    if spec not in evaluators:
        evaluators[spec] = Evaluator(agent.env)
    mean_return = evaluators[spec].greedy(agent).mean_return
    if agent.num_timesteps != steps or abs(mean_return - returns[steps]) > TOLERANCE:
        expected = f"an agent after {steps:,} steps with the return {returns[steps]:.4f} of its record"
        raise AgentError(f"expected {expected}, got {agent.num_timesteps:,} steps and {mean_return:.4f}")
    percent, seed = record.scale(returns[steps]), record.trial.seed
    frames = episode(agent, album)
    return Replay(
        summary.env_id,
        summary.label,
        table_score(summary),
        seed,
        steps,
        percent,
        score_text(record, percent),
        reason(summary, record, steps),
        frames,
    )


def reason(summary: Summary, record: TrialRecord, steps: int) -> str:
    """Return why the agent of a record after some steps is shown, and how it relates to the table."""
    total, seed = record.evaluations[-1].steps, record.trial.seed
    if steps < total:
        return f"Seed {seed}, the first, after {steps:,} of {total:,} steps of training."
    if len(summary.records) == 1:
        return f"Seed {seed}, the only one, at the end of training."
    [*_, closest] = shown_records(summary)
    if record is not closest:
        return f"Seed {seed}, the first, at the end of training."
    text = f"Seed {seed}, the one closest to the table, at the end of training"
    distance = abs(record.scale(record.evaluations[-1].greedy) - summary.final.estimate)
    far = record.is_exact and distance > FAR
    return f"{text}; no seed is closer to the mean of all." if far else f"{text}."


def table_score(summary: Summary) -> str:
    """Return the final score of a summary as in the table, such as "100.0 % (-0.5 to 100.0), 5 seeds"."""
    seeds = f"{summary.seeds_text} seed{'s' * (summary.n_seeds != 1)}"
    bounds = "" if len(summary.records) < 2 else f" ({bounds_cell(summary.final, summary)})"
    return f"{score_text(summary.records[0], summary.final.estimate)}{bounds}, {seeds}"


def score_text(record: TrialRecord, score: float) -> str:
    """Return a score with its unit, as in the table."""
    text = number_cell(score, record.digits)
    return f"{text} %" if record.is_exact else f"return {text}"


def episode(agent: Agent, album: Album) -> list[tuple[int, str]]:
    """Return the pictures and the sentences of a greedy episode in a kitchen.

    At most `MAX_ACTIONS` actions are shown, and a loop that goes on until the end is shown twice.
    """
    from cookie_jar.envs.rendering.episode import EpisodeRunner
    from cookie_jar.envs.rendering.scene import Scene

    played = EpisodeRunner(agent.env).roll_out(agent, EPISODE_SEED)
    assert played.world is not None
    scene = Scene(played.world.config.kitchen, SIZE, caption=False)
    repeat = played.find_repeat()
    shown = MAX_ACTIONS if repeat is None else min(MAX_ACTIONS, repeat.twice)
    frames = [
        (_picture(album, scene, step.frame), step.frame.sentence if step.steps else step.words)
        for step in played.time_steps[: shown + 1]
        if step.frame is not None
    ]
    if played.last > shown:
        words = "and so on" if repeat is None else repeat.words
        frames.append((frames[-1][0], f"... {words} {played.until}"))
    return frames


def _agent_files(folder: Path, record: TrialRecord) -> list[tuple[int, Path]]:
    """Return the steps and the file of each saved agent; none if another trial has used the folder since."""
    if trial_mark(folder) != record.trial.key:
        return []
    final = folder / runs.AGENT_FILE
    return [*runs.snapshots(folder), *([(record.evaluations[-1].steps, final)] if final.exists() else [])]


def _picture(album: Album, scene: Any, frame: Any) -> int:
    key = scene.kitchen, frame.state, frame.action, frame.event
    return album.index(key, lambda: scene.draw_array(frame))


def _data_uri(picture: Any) -> str:
    from PIL import Image

    data = io.BytesIO()
    Image.fromarray(picture).save(data, "WEBP", quality=70, method=4)
    return f"data:image/webp;base64,{base64.b64encode(data.getvalue()).decode()}"
