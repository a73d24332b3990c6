import pytest

from cookie_jar.scripts import memory
from cookie_jar.scripts.common.console import run


@pytest.fixture
def show(capsys):
    def call(*words):
        assert run(memory.main, list(words)) == 0
        return capsys.readouterr().out

    return call
