"""Exercise 2: fill in the update rule.

After each action, Q-learning moves one number of the memory a little way towards a target:

    target     = reward + gamma * (the largest of the next numbers)
    new number = before + learning_rate * (target - before)

If the episode has ended, nothing comes next: then the target is the reward alone.
"""


def new_number(before, reward, next_numbers, ended, learning_rate, gamma):
    """Return the new number of an action.

    `before` is its number so far, `next_numbers` the list of the numbers of all actions in the next
    situation, and `ended` is True if the episode has ended.
    """
    target = reward if ended else reward + gamma * max(next_numbers)
    return before + learning_rate * (target - before)
