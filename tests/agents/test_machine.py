import re

import numpy as np
import pytest

from cookie_jar.agents import PPO, AgentWarning, MLPClassifier, QLearning, Random
from cookie_jar.agents import machine as module
from cookie_jar.agents.errors import MemoryFileError
from cookie_jar.agents.machine import machine, warn_elsewhere
from cookie_jar.agents.memory import read_memory

ELSEWHERE = {"processor": "riscv64", "BLAS": "openblas 0.1"}


def described(path):
    return read_memory(path)[1]


def classifier():
    return MLPClassifier(epochs=1, seed=0).fit(np.eye(4), np.array([0, 1, 0, 1]))


def test_this_machine_is_known():
    found = machine()
    assert list(found) == ["system", "processor", "vector units", "BLAS"]
    assert all(isinstance(text, str) and text for text in found.values())


@pytest.mark.parametrize(
    ("make", "depends"),
    [
        (lambda: PPO("CookieJarCorner-v0", seed=0), True),
        (classifier, True),
        (lambda: QLearning("CookieJarCorner-v0", seed=0), False),
        (lambda: Random("CookieJarCorner-v0", seed=0), False),
    ],
)
def test_the_machine_is_saved_where_the_numbers_depend_on_it(make, depends, tmp_path):
    description = described(make().save(tmp_path / "saved"))
    assert description.get("machine") == (machine() if depends else None)


def test_a_difference_is_one_line_with_what_differs(tmp_path):
    with pytest.warns(AgentWarning) as told:
        warn_elsewhere(tmp_path, {"machine": machine() | ELSEWHERE})
    [text] = [str(one.message) for one in told]
    assert "processor 'riscv64', now " in text
    assert "BLAS 'openblas 0.1', now " in text
    assert "system" not in text
    assert "\n" not in text


@pytest.mark.parametrize(
    ("saved", "now", "shown"),
    [
        ("AVX2 AVX512_SKX", "AVX2", "'AVX512_SKX', now 'fewer'"),
        ("AVX2", "AVX2 AVX512_ICL AVX512_SPR", "'fewer', now 'AVX512_ICL AVX512_SPR'"),
        ("AVX2 SVE", "AVX2 VSX", "'SVE', now 'VSX'"),
    ],
)
def test_of_long_texts_the_words_that_differ_are_shown(saved, now, shown, tmp_path, monkeypatch):
    common = " ".join(f"UNIT{number}" for number in range(50))
    monkeypatch.setattr(module, "machine", lambda: {"vector units": f"{common} {now}"})
    with pytest.warns(AgentWarning, match=re.escape(f"(vector units {shown})")):
        warn_elsewhere(tmp_path, {"machine": {"vector units": f"{common} {saved}"}})


@pytest.mark.parametrize(
    "found", [{}, {"machine": {}}, {"machine": machine()}, {"machine": {"moon": "full"}}]
)
def test_no_difference_is_no_warning(found, tmp_path):
    warn_elsewhere(tmp_path, found)


def test_a_damaged_machine_is_refused(tmp_path):
    with pytest.raises(MemoryFileError, match="expected the machine as text"):
        warn_elsewhere(tmp_path, {"machine": {"BLAS": 3}})
