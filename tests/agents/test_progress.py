from cookie_jar.agents.progress import EpisodeLog, bar


def test_a_line_appears_after_enough_episodes(capsys):
    log = EpisodeLog(3)
    log.add([1.0, 2.0], [10, 20], 30)
    assert capsys.readouterr().out == ""
    log.add([-0.5, 1.5], [5, 7], 1_042)
    assert capsys.readouterr().out == "1,042 steps: mean return 1, mean length 10.5 of 4 episodes\n"
    log.add([4.0] * 3, [1] * 3, 1_045)
    assert capsys.readouterr().out == "1,045 steps: mean return 4, mean length 1 of 3 episodes\n"


def test_no_bar_is_no_object():
    with bar(False) as nothing:
        assert nothing is None
