"""Exercise 3: find the bug.

This is the whole of Q-learning: how a child chooses an action, and how it learns from the outcome. But one
line has a bug. The check tells you what goes wrong. Find the line and fix it.

There are five such bugs: `cookie-jar exercise reset 3` gives you the next one.
"""


def choose(numbers, epsilon, chance, random_action):
    """Return an action: the best one, or sometimes a random one.

    `chance` is a random number from 0 to 1. With the probability `epsilon`, the child takes the random
    action.
    """
    if chance < epsilon:
        return random_action
    return numbers.index(max(numbers))


def learn(table, state, action, reward, next_state, ended, learning_rate, gamma):
    """Return the table after the child has learned; `table[state]` is the list of the numbers of a state."""
    best = max(table[next_state])
    target = reward if ended else reward + gamma * best
    table[state][action] += learning_rate * target
    return table
