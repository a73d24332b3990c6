import pytest

from cookie_jar.envs import Happiness
from cookie_jar.scripts.common.argument_types import Parser
from cookie_jar.scripts.common.console import UsageError
from cookie_jar.scripts.common.environment_options import add_environment_options, make_environment


def make(*words):
    parser = Parser(prog="test")
    add_environment_options(parser)
    return make_environment(parser.parse_args(list(words)))


def config(*words):
    return make(*words).unwrapped.world.config


def test_without_options_it_is_the_default_environment():
    env = make()
    assert env.spec.id == "CookieJar-v0"
    assert env.spec.kwargs == {}


def test_options_reach_the_environment():
    words = ["--kitchen", "corner", "--likes", "raisin", "--clumsiness", "0.1", "--random-start", "--hints"]
    made = config(*words)
    assert str(made.kitchen) == str(config("--env", "CookieJarCorner-v0").kitchen)
    assert (made.likes.label, made.clumsiness) == ("raisin", 0.1)
    assert (made.random_start, made.hints, made.shuffle_cookies) == (True, True, False)


def test_rewards_are_set_one_by_one():
    happiness = config("--happiness", "act=-0.03", "--happiness", "cookie_liked=2").happiness
    assert happiness == Happiness()._replace(act=-0.03, cookie_liked=2.0)


def test_a_map_comes_from_a_file(tmp_path):
    (tmp_path / "my.txt").write_text("\ufeff#J###\n#S.C#\n#####\n", encoding="utf-8")
    assert str(config("--kitchen", str(tmp_path / "my.txt")).kitchen) == "#J###\n#S.C#\n#####"


def test_any_other_environment_takes_no_such_options():
    assert make("--env", "CartPole-v1").spec.id == "CartPole-v1"
    with pytest.raises(UsageError, match="does not take --likes, --hints"):
        make("--env", "CartPole-v1", "--likes", "raisin", "--hints")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--kitchen", "nowhere.txt"], "--kitchen nowhere.txt: expected one of home"),
        (["--kitchen", "{}"], "expected a text file in UTF-8"),
        (["--happiness", "act"], "--happiness: expected NAME=NUMBER, got 'act'"),
        (["--env", "a:b:c"], "--env a:b:c: the environment cannot be created"),
    ],
)
def test_a_mistake_gives_one_clear_message(words, message, tmp_path):
    (tmp_path / "latin").write_bytes(b"\xff\xfe")
    with pytest.raises(UsageError, match=message):
        make(*(word.format(tmp_path / "latin") for word in words))
