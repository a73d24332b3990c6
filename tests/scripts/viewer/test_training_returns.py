from cookie_jar.scripts.viewer.training_returns import SPANS, TrainingReturns


def test_returns_are_averaged_over_parts_of_the_training():
    returns = TrainingReturns(SPANS * 100)
    returns.add(50, [1.0, 2.0])
    returns.add(99, [6.0])
    returns.add(150, [])
    returns.add(SPANS * 100, [4.0])
    assert returns.points() == ([50.0, SPANS * 100 - 50.0], [3.0, 4.0])
