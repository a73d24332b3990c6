"""A record belongs to its agent: a damaged file is refused, or the numbers that count are the same."""

import shutil
from pathlib import Path
from random import Random

import pytest
from before import TRAINED
from damage import damaged

import cookie_jar.envs  # noqa: F401 - registers the environments
from cookie_jar.agents import PPO, AgentError, Evaluator, FileError, QLearning, load, runs
from cookie_jar.agents.memory import read_memory
from cookie_jar.agents.record import read_claim, read_record
from cookie_jar.agents.training import TrainingRun, target_of

FILES = ("monitor.csv", "evaluations.csv", "record.json")


def train(folder, agent):
    """Record a run that was stopped early, with rows after those of the saved agent."""
    training = TrainingRun(agent, Evaluator(agent.env), folder, 3_000)
    training.begin()
    training.learn(lambda: agent.num_timesteps > 1_300, lambda now: 137)


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    parent = tmp_path_factory.mktemp("runs")
    train(parent / "q", QLearning("CookieJarCorner-v0", seed=0))
    train(parent / "ppo", PPO("CookieJarCorner-v0", seed=0, n_envs=4, n_steps=8))
    return {"q": parent / "q", "ppo": parent / "ppo", "before": TRAINED / "q-learning"}


@pytest.fixture
def copied(folders, tmp_path):
    def copy(name):
        return Path(shutil.copytree(folders[name], tmp_path / name))

    return copy


def numbers(record):
    """Return all numbers of the rows that belong to the agent, as text."""
    table = record.table
    return str((record.episodes.start, record.episodes.rows, table.lines()))


def own_record(folder):
    return numbers(read_record(folder, whole=False))


@pytest.mark.parametrize("name", ["q", "ppo", "before"])
@pytest.mark.parametrize("file", FILES)
def test_a_damaged_record_is_refused_or_says_the_same(copied, name, file):
    folder, random, messages = copied(name), Random(f"{name} {file}"), []
    if not (folder / file).exists():
        pytest.skip("earlier versions did not write this file")
    good, data = own_record(folder), (folder / file).read_bytes()
    for _ in range(200):
        (folder / file).write_bytes(damaged(data, random))
        try:
            found = own_record(folder)
        except AgentError as error:
            messages.append(str(error))
        else:  # an earlier version did not bind the numbers to the agent
            assert found == good or name == "before"
    assert len(messages) > 50
    assert all(str(folder) in message and "\n" not in message for message in messages)
    assert max(map(len, messages)) < 500


@pytest.mark.parametrize("name", ["q", "ppo", "before"])
def test_a_damaged_target_is_refused_or_a_number(copied, name):
    folder, random, messages = copied(name), Random(name), []
    path = folder / runs.TARGET_FILE
    data = path.read_bytes()
    for _ in range(200):
        path.write_bytes(damaged(data, random))
        try:
            assert 1 <= target_of(folder) <= 10**15
        except AgentError as error:
            messages.append(str(error))
    assert len(messages) > 50
    assert all("add --timesteps" in message for message in messages)


def change(path, old, new):
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


def row_of(path, line):
    return path.read_text().splitlines()[line]


@pytest.mark.parametrize(("cell", "text"), [(0, "0.125"), (1, "8"), (2, "0.0"), (3, "199")])
def test_each_number_of_an_episode_is_bound_to_the_agent(copied, cell, text):
    path = copied("q") / "monitor.csv"
    cells = row_of(path, 2).split(",")
    change(path, ",".join(cells), ",".join([*cells[:cell], text, *cells[cell + 1 :]]))
    with pytest.raises(FileError, match=r"monitor\.csv.*expected .*, got "):
        own_record(path.parent)


@pytest.mark.parametrize("line", [1, 2, 10])
@pytest.mark.parametrize(("cell", "text"), [(1, "0.125"), (2, "1.0"), (3, "0.25"), (4, "9.0")])
def test_each_number_of_an_evaluation_is_bound_to_the_agent(copied, line, cell, text):
    path = copied("q") / "evaluations.csv"
    cells = row_of(path, line).split(",")
    change(path, ",".join(cells), ",".join([*cells[:cell], text, *cells[cell + 1 :]]))
    with pytest.raises(
        FileError, match=r"evaluations\.csv: expected the \d+ rows that belong to the saved agent"
    ):
        own_record(path.parent)


@pytest.mark.parametrize("file", FILES)
def test_a_missing_file_is_named(copied, file):
    folder = copied("q")
    (folder / file).unlink()
    with pytest.raises(FileError, match=file):
        own_record(folder)


def test_missing_rows_are_counted(copied):
    path = copied("q") / "monitor.csv"
    path.write_text("".join(path.read_text().splitlines(keepends=True)[:5]))
    with pytest.raises(FileError, match=r"expected \d+ whole rows of episodes, got 3"):
        own_record(path.parent)


def test_the_record_of_another_run_is_refused(copied, tmp_path):
    folder = copied("q")
    train(tmp_path / "other", QLearning("CookieJarCorner-v0", seed=1))
    for file in FILES:
        shutil.copy(tmp_path / "other" / file, folder / file)
    with pytest.raises(FileError, match=r"monitor\.csv"):
        own_record(folder)


def test_an_agent_that_learned_without_a_record_is_noticed(copied):
    folder = copied("q")
    load(folder).learn(500).save(folder / runs.AGENT_FILE)
    with pytest.raises(FileError, match=r"expected a record of \d+ steps, got one of"):
        own_record(folder)


def test_an_earlier_snapshot_can_take_the_place_of_the_agent(copied):
    folder = copied("q")
    steps, file = runs.snapshots(folder)[-3]
    shutil.copy(file, folder / runs.AGENT_FILE)
    record = read_record(folder, whole=False)
    assert record.table.steps[-1] == steps
    assert len(record.episodes.rows) == load(folder).num_episodes


@pytest.mark.parametrize(
    "junk", [7, {}, {"steps": 1}, {"steps": True, "episodes": {}, "evaluations": []}, [[]], "x"]
)
def test_a_damaged_note_is_refused(folders, junk):
    _, description = read_memory(folders["q"] / runs.AGENT_FILE)
    for notes in ({"record": junk}, None, [junk]):
        with pytest.raises(FileError, match=r"the description of the record is damaged|expected a record of"):
            read_claim(Path("agent"), description | {"notes": notes})
