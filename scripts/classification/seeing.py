"""Runs with eyes: an agent trained on the states of a kitchen, and the classifier that looks into the jar."""

import argparse
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

import gymnasium as gym
import numpy as np
from gymnasium.spaces import Dict

from cookie_jar.agents import (
    Agent,
    AgentError,
    Evaluation,
    Evaluator,
    MemoryFileError,
    evaluate,
    load_classifier,
)
from cookie_jar.agents.classifier_run import best_file
from cookie_jar.agents.files import read_bytes, write_atomically
from cookie_jar.agents.memory import MAX_BYTES
from cookie_jar.agents.ranking import Ranking
from cookie_jar.agents.run_files import EYES_FILE, EYES_NOTE
from cookie_jar.agents.temporal_difference import TemporalDifference
from cookie_jar.agents.training import TrainingRun
from cookie_jar.envs.cookies.pictures import TEST_PICTURES
from cookie_jar.scripts.classification.eyes import Eyes, SeeingAgent
from cookie_jar.scripts.common.console import Console, UsageError, command, printable
from cookie_jar.scripts.common.options import AGENTS, make_environment
from cookie_jar.scripts.common.tables import new_table
from cookie_jar.scripts.common.training import new_training

TEST_SIZE = 5_000  # test pictures that the ranking is measured on
EPISODES = 2_000  # played
FIRST_SEED = 1_000_000
EXAMPLE = "CookieJarPicturesCorner-v0"


class Estimate(NamedTuple):
    """A mean and its standard error."""

    mean: float
    error: float


def make_run(args: argparse.Namespace, console: Console, evaluator: Evaluator | None = None) -> TrainingRun:
    """Return a new run with the options of `train`, with eyes if `--eyes` is given.

    The agent learns on the state numbers of the same kitchen, which are exact and fast; the classifier is
    copied into the folder of the run. The evaluator is that of another run with the same environment.

    Raises:
        UsageError, AgentError, CookieJarError: If an option is invalid.
    """
    env = make_environment(args)
    pictures = isinstance(env.observation_space, Dict) and "jar" in env.observation_space.spaces
    if args.eyes is None:
        if pictures:
            train = command("cookies", "train")
            raise UsageError(
                f"--env {args.env} shows the cookies as pictures: add --eyes RUN with the run of a "
                f"classifier, which you create with: {train}"
            )
        return new_training(args, console, env, evaluator)
    if not pictures:
        raise UsageError(
            f"--eyes: expected an environment with pictures of the cookies, such as --env {EXAMPLE}, "
            f"got {args.env}"
        )
    if not issubclass(AGENTS[args.agent], TemporalDifference):
        tables = [name for name, kind in AGENTS.items() if issubclass(kind, TemporalDifference)]
        raise UsageError(f"--eyes: expected an agent with a Q-table, {', '.join(tables)}, got {args.agent}")
    kitchen, file = state_env(env), best_file(args.eyes)
    Eyes(load_classifier(file), liked_of(kitchen), f"--eyes {args.eyes}")
    data = read_bytes(file, MAX_BYTES)
    training = new_training(args, console, kitchen, evaluator)
    write_atomically(training.folder / EYES_FILE, data)
    training.agent.notes = {EYES_NOTE: {"digest": sha256(data).hexdigest(), "run": str(args.eyes)}}
    return training


def make_runs(args: argparse.Namespace, console: Console) -> list[TrainingRun]:
    """Return a new run with the options of `train` for each of `args.seeds`.

    Raises:
        UsageError, AgentError, CookieJarError: If an option is invalid.
    """
    if args.watch or args.seed:
        raise UsageError(f"--seeds: leave out --{'watch' if args.watch else 'seed'}")
    trainings: list[TrainingRun] = []
    for seed in args.seeds:
        name = None if args.name is None else f"{args.name}-{seed}"
        options = argparse.Namespace(**vars(args) | {"seed": seed, "name": name})
        trainings.append(make_run(options, console, trainings[0].evaluator if trainings else None))
    return trainings


def state_env(env: gym.Env[Any, Any]) -> gym.Env[Any, Any]:
    """Return the environment with the same kitchen whose observations are state numbers.

    Raises:
        UsageError: If the cookies are not shuffled: there would be nothing to see.
    """
    assert env.spec is not None
    options = {name: value for name, value in env.spec.kwargs.items() if name != "pictures"}
    if not options.get("shuffle_cookies", False):
        raise UsageError("--eyes: expected cookies in a random order; leave out --no-shuffle-cookies")
    return gym.make(env.spec.id, **options | {"observation": "state"})


def picture_env(env: gym.Env[Any, Any], **options: Any) -> gym.Env[Any, Any]:
    """Return the environment with the same kitchen whose observations have pictures."""
    assert env.spec is not None
    return gym.make(env.spec.id, **env.spec.kwargs | {"observation": "pictures"} | options)


def liked_of(env: gym.Env[Any, Any]) -> int:
    """Return the number of the cookie that the child likes."""
    return int(env.unwrapped.world.config.likes)  # type: ignore[attr-defined]


def has_eyes(notes: Mapping[str, Any]) -> bool:
    """Return whether the notes of an agent say that it acts with the eyes in the folder of its run."""
    return isinstance(notes.get(EYES_NOTE), dict)


def with_eyes(agent: Agent, folder: Path) -> SeeingAgent:
    """Return an agent with the eyes in the folder of its run.

    Raises:
        FileError: If the file cannot be read, or is not the classifier that the run was made with.
        AgentError: If the environment of the agent is no kitchen with shuffled cookies.
    """
    path, note = folder / EYES_FILE, agent.notes[EYES_NOTE]
    if sha256(read_bytes(path, MAX_BYTES)).hexdigest() != note.get("digest"):
        raise MemoryFileError(
            f"{path}: expected the classifier that the run was made with, got another file; restore the "
            "file, or train again with --eyes RUN"
        )
    world = getattr(agent.env.unwrapped, "world", None)
    if not isinstance(agent, TemporalDifference) or world is None or not world.config.shuffle_cookies:
        raise AgentError(f"{folder}: expected a Q-table of a kitchen with shuffled cookies, got {agent!r}")
    return SeeingAgent(agent, Eyes(load_classifier(path), liked_of(agent.env), str(path)), world)


def check_eyes(training: TrainingRun) -> None:
    """Check the eyes in the folder of a run before it is trained further; nothing without eyes.

    Raises:
        AgentError: As `with_eyes`.
    """
    if has_eyes(training.agent.notes):
        with_eyes(training.agent, training.folder)


def expected_return(seeing: SeeingAgent, env: gym.Env[Any, Any], ranking: Ranking, horizon: int) -> Estimate:
    """Compute the expected return of an agent with eyes from the ranking of its classifier.

    The return with perfect sight is exact (dynamic programming on the model of the kitchen). In each episode
    in which the jar is opened, every wrong pick adds the reward of a disliked cookie, and nothing else: the
    formula assumes that time is left for it.

    Args:
        seeing: The agent with eyes.
        env: The environment of the agent, with state numbers.
        ranking: The expected number of wrong picks.
        horizon: The maximum number of actions in an episode.
    """
    base: Any = env.unwrapped
    perfect = evaluate(base.unshaped_model, seeing.policy_with_perfect_sight(), horizon)
    cost = base.world.config.happiness.cookie_disliked * perfect.success
    return Estimate(perfect.mean_return + cost * ranking.wrong_picks, abs(cost) * ranking.error)


def play(seeing: SeeingAgent, env: gym.Env[Any, Any], horizon: int, episodes: int) -> Estimate:
    """Play episodes with test pictures from fixed seeds, and return the mean return.

    Args:
        seeing: The agent with eyes.
        env: The environment of the agent.
        horizon: The maximum number of actions in an episode.
        episodes: The number of episodes.
    """
    assert env.spec is not None
    options = env.spec.kwargs | {"observation": "pictures", "pictures": TEST_PICTURES, "render_mode": None}
    envs = gym.make_vec(env.spec.id, episodes, "vector_entry_point", **options)
    obs, _ = envs.reset(seed=FIRST_SEED)
    returns, running = np.zeros(episodes), np.ones(episodes, np.bool_)
    for _ in range(horizon):
        obs, _, terminated, truncated, infos = envs.step(seeing.predict(obs)[0])
        returns += np.where(running, infos["happiness"], 0)
        running &= ~(terminated | truncated)
        if not running.any():
            break
    envs.close()
    return Estimate(float(returns.mean()), float(returns.std(ddof=1) / np.sqrt(episodes)))


def print_eyes(console: Console, training: TrainingRun) -> None:
    """Print the expected and the played happiness with the eyes of a run; nothing without eyes."""
    if not has_eyes(training.agent.notes):
        return
    agent, evaluator = training.agent, training.evaluator
    seeing = with_eyes(agent, training.folder)
    with console.status("looking at test pictures, and playing"):
        ranking = seeing.eyes.ranking(TEST_SIZE)
        formula = expected_return(seeing, agent.env, ranking, evaluator.horizon)
        played = play(seeing, agent.env, evaluator.horizon, EPISODES)
    table = new_table("", "happiness", "standard error")
    rows = {"from the ranking of the pictures": formula, f"played, {EPISODES:,} episodes": played}
    for name, value in rows.items():
        table.add_row(name, f"{value.mean:.4f}", f"{value.error:.4f}")
    best: Evaluation | None = evaluator.optimum
    if best is not None:
        table.add_row("optimum", f"{best.mean_return:.4f}", "")
    console.out(f"\nWith the classifier {printable(agent.notes[EYES_NOTE].get('run'), 200)}", style="bold")
    console.print(table)
    disliked = agent.env.unwrapped.world.config.happiness.cookie_disliked  # type: ignore[attr-defined]
    console.print(
        f"{ranking.wrong_picks:.4f} +- {ranking.error:.4f} wrong picks expected in a jar, over all triples "
        f"of {TEST_SIZE:,} test pictures; the happiness of each is {disliked:.2f}",
        style="dim",
    )
