"""Exercise 9: hints that do not lie.

A grown-up says "warmer" when the child comes nearer to the cookie. The hint below is added to the reward of
each action, and it lies: the child gets more out of walking to and fro than out of the cookie.

A hint cannot lie if it pays the change of a value: gamma times the value after the action, minus the value
before. Let the value be -0.1 for each action that is still needed to get the cookie.
"""


def hint(before, after, gamma):
    """Return the hint for an action: a number that is added to its reward.

    `before` and `after` are the fewest actions to the cookie, before and after this action; 0 is the end.
    """
    return gamma * (-0.1 * after) - (-0.1 * before)
