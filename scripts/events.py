"""Export a run's training record to TensorBoard, with the tag names of Stable-Baselines3."""

from cookie_jar.scripts.common.console import Console, UsageError, run

# isort: split
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from cookie_jar.agents import runs
from cookie_jar.agents.memory import read_memory
from cookie_jar.agents.run_kinds import CLASSIFIER, run_kind
from cookie_jar.agents.runs import EvaluationTable, TrainingEpisode
from cookie_jar.scripts.common.argument_types import Parser, add_run, parent_folder, run_folder
from cookie_jar.scripts.common.event_files import LARGEST, Scalar, event_file, write_events
from cookie_jar.scripts.common.run_folders import given_or_newest

WINDOW = 100  # number of episodes of a running mean, as in Stable-Baselines3
MAX_POINTS = 2_000  # of a curve
TAGS = {"mean_return": "eval/mean_reward", "length": "eval/mean_ep_length", "success": "eval/success_rate"}


def parser() -> Parser:
    """Return the command-line parser."""
    parser = Parser(prog="cookie-jar events", description=__doc__)
    add_run(parser, run_folder)
    parser.add_argument(
        "--out",
        type=parent_folder,
        default=Path("tensorboard"),
        metavar="DIR",
        help="log folder; the run gets a subfolder (default: %(default)s)",
    )
    return parser


def main(argv: Sequence[str] | None = None) -> None:
    """Run the program."""
    args = parser().parse_args(argv)
    folder = given_or_newest(args.run)
    start, episodes = read_episodes(folder)
    if (folder / runs.AGENT_FILE).exists():
        runs.read_record(folder)  # checks that the record belongs to the agent
    scalars = [
        scalar
        for scalar in (*episode_scalars(start, episodes), *evaluation_scalars(folder, start, episodes))
        if abs(scalar.value) <= LARGEST  # not NaN, such as the success in an environment that defines none
    ]
    file = event_file(args.out, folder)
    write_events(file, start, scalars)
    Console().out(
        f"wrote {len(scalars):,} values to {file.parent}; show them with: tensorboard --logdir {args.out}"
    )


def read_episodes(folder: Path) -> tuple[float, list[TrainingEpisode]]:
    """Return the start time of a run, and its episodes; those whose end is unknown are left out.

    Raises:
        UsageError: If the folder has no such record.
        FileError: If the record is damaged.
    """
    path = folder / runs.MONITOR_FILE
    if run_kind(folder) == CLASSIFIER:
        losses = folder / runs.LOSSES_FILE
        raise UsageError(
            f"{folder}: expected the run of an agent, got a classifier; its losses are in {losses}"
        )
    if not path.exists():
        raise UsageError(
            f"{folder}: expected the folder of a run with {runs.MONITOR_FILE}; create a run with `train`"
        )
    start, episodes = runs.Monitor(path).read()
    if all(episode.end != runs.UNKNOWN_END for episode in episodes):
        return start, episodes
    _, description = read_memory(runs.memory_file(folder))
    settings = description.get("hyperparameters")
    known = runs.known_ends(episodes, settings.get("n_envs", 1) if isinstance(settings, dict) else 1)
    if len(known) < len(episodes):
        count = len(episodes) - len(known)
        Console().out(f"left out {count:,} episodes: an old record does not contain their last step")
    return start, known


def episode_scalars(start: float, episodes: Sequence[TrainingEpisode]) -> Iterator[Scalar]:
    """Yield the mean return and length of recent training episodes, and the speed, at most once per step."""
    ends = np.array([episode.end for episode in episodes], np.int64)
    last = np.flatnonzero(np.diff(ends, append=np.iinfo(np.int64).max))  # the last episode of each step
    steps = {episode.seconds: episode.end for episode in episodes}  # recorded together: the last step counts
    for number in last[:: max(1, -(-len(last) // MAX_POINTS))].tolist():
        recent, (_, _, seconds, step) = episodes[max(0, number + 1 - WINDOW) : number + 1], episodes[number]
        means = np.mean([episode[:2] for episode in recent], axis=0).tolist()
        yield Scalar("rollout/ep_rew_mean", step, means[0], start + seconds)
        yield Scalar("rollout/ep_len_mean", step, means[1], start + seconds)
        if seconds > 0:
            yield Scalar("time/fps", step, steps[seconds] / seconds, start + seconds)


def evaluation_scalars(folder: Path, start: float, episodes: Sequence[TrainingEpisode]) -> Iterator[Scalar]:
    """Yield the evaluations of the greedy policy; their times are interpolated between the episodes.

    Raises:
        FileError: If there is no such record, or it is damaged.
    """
    ends = [0, *(episode.end for episode in episodes)]
    seconds = [0.0, *(episode.seconds for episode in episodes)]
    table = EvaluationTable()
    table.read(folder / runs.EVALUATIONS_FILE)
    for step, score in zip(table.steps, table.greedy, strict=True):
        now = start + float(np.interp(step, ends, seconds))
        for name, tag in TAGS.items():
            yield Scalar(tag, step, getattr(score, name), now)


if __name__ == "__main__":
    sys.exit(run(main))
