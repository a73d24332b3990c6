import pytest

from cookie_jar.scripts import memory


@pytest.mark.parametrize("command", ["show", "explain", "replay"])
@pytest.mark.parametrize("name", ["corner", "table", "lake", "cart"])
def test_every_run_can_be_looked_at(trained, show, command, name):
    assert len(show(command, trained(name)).splitlines()) >= 3


@pytest.mark.usefixtures("inside")
@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["show", "nowhere"], "expected the folder of a run"),
        (["show", "nowhere@"], "expected the folder of a run"),
        (["dance"], "got 'dance'"),
        (["show"], "RUN: expected a run, found none in runs"),
        (["diff", "a"], "the following arguments are required: B"),
        (["show", "nowhere", "--loud"], "unrecognized arguments: --loud"),
        ([], "RUN: expected a run, found none in runs"),
    ],
)
def test_a_mistake_gives_one_clear_message(refuse, words, message):
    error = refuse(memory.main, words)
    assert message in error
    assert len(error.splitlines()) == 1
