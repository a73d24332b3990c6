"""Memory files in the page: those of Python, byte for byte, in both directions; damaged ones are refused."""

import json
from base64 import b64decode, b64encode
from itertools import product
from pathlib import Path

import gymnasium as gym
import numpy as np
import pytest
from needs import needs_node
from page_engine import KINDS, OWN, in_node, made, state_of
from safetensors.numpy import save

from cookie_jar.agents import PPO, AgentError, load
from cookie_jar.agents.memory import checksum, read_memory

pytestmark = needs_node
CASES = [*product(OWN, KINDS)]
HAPPINESS = {"act": -0.05, "cookie_disliked": 0.1, "cookie_liked": 3.0}
OPENED = """
  return given.files.map(file => refused(() => openMemory(fromBase64(file), kitchens)));
"""


def bytes_of(agent, folder: Path) -> bytes:
    return agent.save(folder / "memory").read_bytes()


def in_base64(data: bytes) -> str:
    return b64encode(data).decode()


def from_bytes(data: str, folder: Path):
    path = folder / "agent.safetensors"
    path.write_bytes(b64decode(data))
    return load(path)


def test_the_page_writes_the_bytes_of_python(tmp_path):
    answers = in_node(
        """return given.cases.map(([kitchen, algorithm]) => [0, 345].map(steps => {
          const learner = new Learner(kitchens[kitchen], {algorithm, seed: 1, gamma: 1, learning_rate: 1e-5});
          learner.learn(steps);
          return toBase64(saveMemory(learner));
        }));""",
        cases=CASES,
    )
    for case, files in zip(CASES, answers, strict=True):
        for steps, found in zip((0, 345), files, strict=True):
            agent = made(*case, seed=1, gamma=1, learning_rate=1e-5)
            agent.learn_steps(steps)
            assert b64decode(found) == bytes_of(agent, tmp_path), (case, steps)


def test_the_page_goes_on_from_a_file_of_python(tmp_path):
    agents = [made(*case, seed=2) for case in CASES]
    for agent in agents:
        agent.learn_steps(4321)
        agent.notes = {
            "run": {"name": 'é €\x7f\n"', "share": 1e-9, "big": 1e16, "parts": [1, None, True, -0.0]}
        }
        assert agent.resume_state()["episode"][3] > 0  # in the middle of an episode
    files = [in_base64(bytes_of(agent, tmp_path)) for agent in agents]
    answers = in_node(
        """return given.files.map(file => {
          const learner = openMemory(fromBase64(file), kitchens), again = toBase64(saveMemory(learner));
          learner.learn(1000);
          return [again, stateOf(learner), toBase64(saveMemory(learner))];
        });""",
        files=files,
    )
    for file, agent, (again, state, later) in zip(files, agents, answers, strict=True):
        assert again == file
        agent.learn_steps(1000)
        assert state == state_of(agent)
        assert b64decode(later) == bytes_of(agent, tmp_path)


def test_python_goes_on_from_a_file_of_the_page_with_another_happiness(tmp_path):
    answers = in_node(
        """return given.cases.map(([kitchen, algorithm]) => {
          const learner = new Learner(kitchens[kitchen], {algorithm, seed: 5});
          learner.learn(1234);
          for (const [name, value] of Object.entries(given.happiness)) learner.set(name, value);
          learner.learn(33);
          const file = toBase64(saveMemory(learner)), opened = openMemory(fromBase64(file), kitchens);
          for (const one of [learner, opened]) one.learn(3000);
          return [file, stateOf(learner), stateOf(opened), score(learner), score(opened)];
        });""",
        cases=CASES,
        happiness=HAPPINESS,
    )
    for case, (file, state, opened, score, again) in zip(CASES, answers, strict=True):
        agent = from_bytes(file, tmp_path)
        assert agent.env.spec.kwargs["happiness"] == HAPPINESS
        assert in_base64(bytes_of(agent, tmp_path)) == file, case
        agent.learn_steps(3000)
        assert state == opened == state_of(agent), case
        assert score == again


@pytest.mark.parametrize("happiness", [{"cookie_liked": 2, "act": -1}, {}, None, {"act": 1e-7}])
def test_the_happiness_of_a_file_stays_as_python_wrote_it(tmp_path, happiness):
    agent = KINDS["sarsa"](gym.make(OWN["clumsy"], happiness=happiness), seed=None)
    agent.learn_steps(100)
    file = in_base64(bytes_of(agent, tmp_path))
    again, state = in_node(
        """const learner = openMemory(fromBase64(given.file), kitchens), again = saveMemory(learner);
        learner.learn(100);
        return [toBase64(again), stateOf(learner)];""",
        file=file,
    )
    agent.learn_steps(100)
    assert again == file
    assert state == state_of(agent)


def test_files_of_the_first_version_are_read(tmp_path):
    file = described(bytes_of(trained(), tmp_path), without=("initial_value", "exploration_bonus"))
    assert in_node(OPENED, files=[in_base64(file)]) == [None]


def test_an_agent_that_stepped_goes_on_with_a_new_episode(tmp_path):
    agent = KINDS["q-learning"](OWN["corner"], seed=4, use_model=False)
    agent.learn_steps(50)
    file = in_base64(bytes_of(agent, tmp_path))
    state = in_node(
        """const learner = openMemory(fromBase64(given.file), kitchens);
        learner.learn(300);
        return stateOf(learner);""",
        file=file,
    )
    same = from_bytes(file, tmp_path)
    same.learn_steps(300)
    assert state == state_of(same)


def trained(**settings):
    agent = made("corner", "q-learning", **settings)
    agent.learn_steps(50)
    return agent


def packed(arrays: dict[str, np.ndarray], description: dict) -> bytes:
    """A file with the right checksum, whatever it says."""
    with_sum = description | {"checksum": checksum(arrays, description)}
    return save(arrays, {"cookie_jar": json.dumps(with_sum, sort_keys=True)})


def described(data: bytes, without: tuple[str, ...] = (), **changes) -> bytes:
    """The file with other values in its description, or fewer hyperparameters, and the right checksum."""
    arrays, description = unpacked(data)
    values = description["hyperparameters"]
    description["hyperparameters"] = {name: values[name] for name in values if name not in without}
    for name, value in changes.items():
        place = description
        *path, last = name.split("__")
        for key in path:
            place = place[key]
        place[last] = value
    return packed(arrays, description)


def unpacked(data: bytes) -> tuple[dict[str, np.ndarray], dict]:
    path = Path(unpacked.folder) / "unpacked.safetensors"
    path.write_bytes(data)
    arrays, description = read_memory(path)
    return dict(arrays), description


@pytest.fixture(autouse=True)
def folder(tmp_path):
    unpacked.folder = tmp_path


def other_kitchens():
    """Environments that no kitchen of the page is."""
    yield gym.make("CookieJar-v0", clumsiness=0.3)
    yield gym.make("CookieJarCorner-v0", likes="raisin")
    yield gym.make("CookieJarCorner-v0", max_episode_steps=100)
    yield gym.make("FrozenLake-v1")


def test_files_that_the_page_cannot_show_are_refused(tmp_path):
    files = {str(env.spec): bytes_of(KINDS["sarsa"](env, seed=0), tmp_path) for env in other_kitchens()}
    answers = in_node(OPENED, files=[*map(in_base64, files.values())])
    assert [answer.split()[0] for answer in answers] == ["page.errors.file_kitchen"] * len(files)
    ppo = bytes_of(PPO("CookieJarCorner-v0", seed=0), tmp_path)
    bonus = bytes_of(trained(exploration_bonus=0.5), tmp_path)
    assert in_node(OPENED, files=[in_base64(ppo), in_base64(bonus)]) == ["page.errors.file"] * 2


ACCEPTED_BY_PYTHON = (
    "foreign",
    "progress__more",
    "hyperparameters__exploration_bonus",
    "random_state__has_uint32",
)


def test_a_kitchen_with_a_happiness_of_its_own_takes_only_files_that_name_it(tmp_path):
    named = [{}, {"cookie_liked": 2.0}, {"act": -0.25}, {"act": -0.5}, {"act": -0.5, "cookie_liked": 2.0}]
    agents = [made("corner", "sarsa", happiness=happiness) for happiness in named]
    files = [in_base64(bytes_of(agent, tmp_path)) for agent in agents]
    answers = in_node(
        """const happiness = {...kitchens.corner.happiness, act: -0.5};
        const own = {...kitchens.corner, env: given.env, happiness};
        const hints = {...own, shaped: own.rewards(happiness)};
        return [own, hints].map(kitchen =>
          given.files.map(file => refused(() => openMemory(fromBase64(file), {kitchen}))));""",
        env=unpacked(b64decode(files[3]))[1]["env"],
        files=files,
    )
    act, liked = "page.errors.file_happiness act", "page.errors.file_happiness cookie_liked"
    assert answers == [[act, act, None, None, None], [act, act, act, None, liked]]


WRONG = {
    "algorithm": "Reinforce",
    "format_version": 2,
    "hyperparameters__gamma": 1.5,
    "hyperparameters__learning_rate": True,
    "hyperparameters__exploration_steps": -1,
    "hyperparameters__exploration_bonus": 0.5,
    "hyperparameters__seed": -1,
    "hyperparameters__act": 1,
    "hyperparameters": {},
    "env": None,
    "num_timesteps": -1,
    "num_episodes": 0.5,
    "notes": [],
    "progress": {"episode": [40, -1, 0.0, 1]},
    "progress__episode": [0, -2, 0.0, 1],
    "progress__more": 1,
    "random_state": {},
    "random_state__has_uint32": 2,
    "random_state__uinteger": 1 << 32,
    "random_state__bit_generator": "MT19937",
    "random_state__state__state": -1,
    "random_state__state__inc": 1 << 128,
    "random_state__state__more": 1,
    "foreign": 1,
}


def test_damaged_descriptions_are_refused_also_with_the_right_checksum(tmp_path):
    data = bytes_of(trained(), tmp_path)
    wrong = {name: described(data, **{name: value}) for name, value in WRONG.items()}
    spec = unpacked(data)[1]["env"]
    for happiness in ({"joy": 1}, {"act": 2e6}, {"act": "1"}, {"act": True}, [1], [], 5):
        kwargs = json.loads(spec)["kwargs"] | {"happiness": happiness}
        wrong[f"happiness {happiness}"] = described(
            data, env=json.dumps(json.loads(spec) | {"kwargs": kwargs})
        )
    for total in ("x", None, [], {}):
        wrong[f"total {total}"] = described(data, progress={"episode": [0, -1, total, 1]})
    for notes in (None, "x", 5):
        wrong[f"notes {notes}"] = described(data, notes=notes)
    answers = in_node(OPENED, files=[*map(in_base64, wrong.values())])
    for name, answer in zip(wrong, answers, strict=True):
        assert str(answer).startswith("page.errors."), name
        if name not in ACCEPTED_BY_PYTHON:
            with pytest.raises(AgentError):
                from_bytes(in_base64(wrong[name]), tmp_path)


def test_a_file_of_another_kind_is_not_called_cut_off():
    files = [
        b"# A text, such as a kitchen\n" * 9,
        b"\x89PNG\r\n\x1a\n" + bytes(range(256)),
        b"PK\x03\x04" * 50,
    ]
    assert in_node(OPENED, files=[*map(in_base64, files)]) == ["page.errors.file"] * 3


def test_damaged_files_are_refused(tmp_path):
    data = bytes_of(trained(), tmp_path)
    size = int.from_bytes(data[:8], "little")
    arrays, description = unpacked(data)
    broken = [data[:length] for length in (0, 1, 7, 8, 9, 100, 8 + size, len(data) - 1)]
    broken += [
        data + b"\0",
        (1 << 62).to_bytes(8, "little") + data[8:],
        (1 << 20).to_bytes(8, "little") + data[8:],
    ]
    broken += [b"\xff" * 200, b"{}" * 100, (2).to_bytes(8, "little") + b"{}", b"[" * 100_000]
    rng = np.random.default_rng(0)
    for place in rng.integers(len(data), size=200):
        flipped = bytearray(data)
        flipped[place] ^= 1 << rng.integers(8)
        broken.append(bytes(flipped))
    broken.append(data.replace(b'\\"notes\\": {}', b'\\"notes\\": {}, \\"notes\\": {}'))
    numbers = arrays["q_table"].ravel()
    for shape in [(10, 40), (400,), (39, 10), (40, 10, 1)]:
        broken.append(packed({"q_table": numbers[: np.prod(shape)].reshape(shape)}, description))
    for number in (np.nan, np.inf, -1e301):
        table = arrays["q_table"].copy()
        table[7, 7] = number
        broken.append(packed({"q_table": table}, description))
    broken.append(packed(arrays | {"visits": np.zeros((40, 10))}, description))
    broken.append(packed({"q_table": arrays["q_table"].astype(np.float32)}, description))
    answers = in_node(OPENED, files=[*map(in_base64, broken)])
    places = [place for place, answer in enumerate(answers) if answer is None]
    assert places == []
    assert all(answer.startswith("page.errors.") for answer in answers)
    assert {"page.errors.file_cut", "page.errors.file_checksum", "page.errors.file_numbers 1e+300"} < set(
        answers
    )
