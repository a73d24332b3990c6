"""What the lessons and the worksheet say is what the code computes."""

import html
import json
import re
from math import comb

import gymnasium as gym
import numpy as np
import pytest
from pages import ROOT

import cookie_jar.envs
from cookie_jar.agents import Evaluator, QLearning
from cookie_jar.envs import Action

TEACHING = ROOT / "docs" / "teaching"
WAY = ("right", "chair", "left", "chair", "climb", "reach", "pick middle")
STATES = (0, 1, 2, 4, 5, 7, 8)  # of the corner kitchen, on the best way


def text_of(name):
    text = (TEACHING / name).read_text(encoding="utf-8")
    return text.replace("\N{MINUS SIGN}", "-").replace("\N{MULTIPLICATION SIGN}", "*")


def cells(line):
    return [cell.strip() for cell in line.strip("|").split("|")]


def number(text):
    return float(text.replace(",", "").replace("-0.020", "-0.02"))


def corner(steps, **settings):
    agent = QLearning("CookieJarCorner-v0", seed=0, use_model=True, **settings)
    return agent.learn(steps) if steps else agent


def percent(agent):
    evaluator = Evaluator(agent.env)
    return evaluator.percent(evaluator.greedy(agent).mean_return)


def table_below(name, heading):
    """The rows of the first table below a heading, as lists of cells, without the line of hyphens."""
    text = text_of(name).split(f"\n{heading}\n")[1]
    rows = re.findall(r"(?m)^\|.*\|$", text.split("\n## ")[0].split("\n### ")[0])
    return [cells(rows[0]), *map(cells, rows[2:])]


def test_task_1_is_the_start_after_2000_steps():
    heading, row = table_below("worksheet.md", "### 1. Read a memory")
    agent = corner(2_000)
    assert heading == [action.label for action in Action]
    assert [number(cell) for cell in row] == pytest.approx(agent.q_table[0].tolist(), abs=5e-4)
    assert Action(agent.q_table[0].argmax()).label == "right"
    agent.q_table[0, Action.RIGHT] = -5
    assert Action(agent.q_table[0].argmax()).label == "down"
    assert Evaluator(agent.env).greedy(agent).mean_return == pytest.approx(-2.0)


def test_task_2_has_the_updates_of_seed_0():
    answers = text_of("worksheet.md").split("## Answers")[1].split("### 3.")[0].split("### 2.")[1]
    found = dict(re.findall(r"(?m)^- (\w)\) ([-0-9.+* ()]+ = -?[0-9.]+)$", answers))
    for letter, (step, state, action, before, after) in {
        "a": (1, 0, "left", 0.0, -0.002),
        "b": (3, 0, "up", -0.002, -0.0036),
        "c": (343, 7, "reach", 0.0, 0.1),
        "d": (537, 5, "climb", -0.0036, 0.01492),
    }.items():
        place = state, [one.label for one in Action].index(action)
        assert corner(step - 1).q_table[place] == pytest.approx(before)
        assert corner(step).q_table[place] == pytest.approx(after)
        left, right = found[letter].split(" = ")
        assert float(right) == pytest.approx(after)
        assert _computed(left) == pytest.approx(after)


def _computed(text):
    """The value of a sum of products with brackets, such as "0 + 0.2 * (0.5 - 0)"."""
    before, rate, inner = re.fullmatch(r"(\S+) \+ (\S+) \* \((.*)\)", text).groups()
    terms = [term.split(" * ") for term in re.sub(r" - ", " + -", inner).split(" + ")]
    return float(before) + float(rate) * sum(float(np.prod(list(map(float, term)))) for term in terms)


def test_task_3_has_the_steps_of_seed_0():
    heading, row = table_below("worksheet.md", "### 3. News travels backwards")
    assert heading == [f"{place}. {label}" for place, label in enumerate(WAY, 1)]
    agent, first, scores = corner(0), {}, {}
    places = [(s, [one.label for one in Action].index(a)) for s, a in zip(STATES, WAY, strict=True)]
    evaluator = Evaluator(agent.env)
    for step in range(1, 1_662):
        agent.learn(1)
        for place in places:
            if agent.q_table[place] > 0:
                first.setdefault(place, step)
        if step in (744, 745, 798, 799, 986, 987, 1_661):
            scores[step] = evaluator.percent(evaluator.greedy(agent).mean_return) > 99
        if step == 1_000:
            assert agent.q_table[0].max() == agent.q_table[places[0]] < 0
    assert [number(cell) for cell in row] == [first[place] for place in places]
    assert [step for step, found in scores.items() if found] == [745, 798, 987, 1_661]


def test_task_4_forgets():
    agent = corner(2_000)
    places = [(s, [one.label for one in Action].index(a)) for s, a in zip(STATES, WAY, strict=True)]
    kept = np.zeros_like(agent.q_table)
    for place in places:
        kept[place] = agent.q_table[place]
        assert kept[place] > 0
    agent.q_table[:] = kept
    assert percent(agent) == pytest.approx(100)
    assert 1 - comb(393, 4) / comb(400, 4) == pytest.approx(0.068, abs=5e-4)
    assert comb(393, 200) / comb(400, 200) == pytest.approx(0.007, abs=5e-4)


def test_a_memory_has_4552_bytes(tmp_path):
    corner(2_000).save(tmp_path / "agent")
    assert (tmp_path / "agent.safetensors").stat().st_size == pytest.approx(4_552, abs=20)  # versions vary


def test_the_printed_worksheet_is_the_one_of_the_docs():
    markdown = (TEACHING / "worksheet.md").read_text(encoding="utf-8").split("## Tasks")[1]
    page = (TEACHING / "worksheet.html").read_text(encoding="utf-8").split("</p>", 1)[1]
    page = page.replace("<h1>Answers</h1>", "Answers")
    words = html.unescape(re.sub(r"<[^>]+>", " ", page)).split()
    assert words == re.sub(r"(?m)^#+ |^- |^\|[-|]+$|\|", " ", markdown).split()
    assert not re.search(r"""(src|href|url)\s*[=(]""", page)


def test_home_is_learned_without_random_actions():
    env = gym.make("CookieJar-v0")
    evaluator = Evaluator(env)

    def score(steps, epsilon=None, **settings):
        if epsilon is not None:
            settings |= {"exploration_initial_eps": epsilon, "exploration_final_eps": epsilon}
        agent = QLearning(env, seed=0, use_model=True, **settings).learn(steps)
        return round(evaluator.percent(evaluator.greedy(agent).mean_return), 1)

    assert (score(24_000, 0), score(24_500, 0)) == (5.6, 100.0)
    assert (score(36_000), score(36_500)) == (5.6, 100.0)
    assert score(100_000, 1) == 5.6
    assert score(100_000, learning_rate=1.0) == 100.0


@pytest.mark.slow
def test_the_learning_rates_of_the_lesson():
    def scores(env_id, rate):
        env = gym.make(env_id)
        evaluator = Evaluator(env)
        agents = [QLearning(env, seed=s, use_model=True, learning_rate=rate) for s in range(5)]
        return [evaluator.percent(evaluator.greedy(a.learn(100_000)).mean_return) for a in agents]

    _, *rows = table_below("lesson-90.md", "## Learning rates in the clumsy kitchen")
    assert len(rows) == 6
    for rate, *said in rows:
        assert scores("CookieJarClumsy-v0", float(rate)) == pytest.approx(list(map(float, said)), abs=0.05)
        expected = 100.0 if float(rate) >= 0.05 else 5.6
        assert scores("CookieJar-v0", float(rate)) == pytest.approx([expected] * 5, abs=0.05)


@pytest.mark.slow
def test_free_actions_of_the_lesson():
    env = gym.make("CookieJar-v0", happiness={"act": 0.0})
    evaluator = Evaluator(env)
    agents = [QLearning(env, seed=seed, use_model=True).learn(150_000) for seed in range(20)]
    scores = [round(evaluator.percent(evaluator.greedy(agent).mean_return), 1) for agent in agents]
    assert (scores[0], scores.count(21.0), scores.count(100.0)) == (21.0, 13, 7)


def test_the_best_way_of_the_lesson():
    env = gym.make("CookieJarCorner-v0")
    evaluator, total = Evaluator(env), 0.0
    env.reset(seed=0)
    for label in WAY:
        total += env.step([one.label for one in Action].index(label))[1]
    assert (total, evaluator.optimum.mean_return) == pytest.approx((1.45, 1.45))
    assert evaluator.random.mean_return == pytest.approx(-1.48, abs=0.005)
    assert percent(corner(0)) == pytest.approx(-17.9, abs=0.05)
    assert "Seven: right, chair, left, chair, climb, reach, pick middle." in text_of("lesson-45.md")
    assert cookie_jar.envs.Cookie.CHOCOLATE_CHIP.label == "chocolate chip"


def texts(part):
    """All texts in a part of the file of texts."""
    inner = part.values() if isinstance(part, dict) else part
    return [part] if isinstance(part, str) else [text for value in inner for text in texts(value)]


@pytest.mark.parametrize("name", ["lesson-45.md", "lesson-90.md"])
def test_the_buttons_that_a_lesson_names_are_on_the_page(name):
    shown = json.loads((ROOT / "scripts" / "lessons" / "texts" / "en.json").read_text(encoding="utf-8"))
    patterns = "|".join(re.sub(r"\\{\w+\\}", ".+", re.escape(text)) for text in texts(shown))
    named = re.findall(r"(?<!\*)\*(\w[^*\n]+)\*(?!\*)", text_of(name).split("An answer to expect")[0])
    assert len(named) >= 5
    unknown = [words for words in named if not re.fullmatch(patterns, words, re.IGNORECASE)]
    assert unknown == []
