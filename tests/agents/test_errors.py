import pickle

import pytest

from cookie_jar.agents import errors, runs
from cookie_jar.agents.errors import AgentError, FileError, MissingRunError


@pytest.mark.parametrize("kind", [AgentError, FileError])
def test_a_message_is_one_printable_line(kind):
    error = kind("a\nb\x1b: expected \u00e9")
    assert str(error) == "a\\nb\\x1b: expected \u00e9"
    assert str(pickle.loads(pickle.dumps(error))) == str(error)


def test_a_missing_run_keeps_its_path_and_escapes_its_name():
    with pytest.raises(MissingRunError, match=r"^a\\nb: expected the folder of a run") as caught:
        runs.memory_file("a\nb")
    assert caught.value.run == "a\nb"


def test_every_error_of_the_agents_is_an_agent_error():
    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, Exception)]
    assert all(issubclass(kind, (AgentError, UserWarning)) for kind in kinds)
