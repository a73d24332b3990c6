"""Exercise 5: explore or not.

In the kitchen "home", a child acts 100,000 times. EXPLORATION is the share of its actions that are random:
0 is none, 1 is all of them. Every other action is the one with the largest number. FIRST_NUMBER is the
number that all estimates begin with. Useless actions cost 0.01 each.

Anna begins with 0 everywhere: with which share does she learn the way?
Ben never explores: with which first number does he learn the way nevertheless?
"""

EXPLORATION_OF_ANNA = "YOUR ANSWER"

FIRST_NUMBER_OF_BEN = "YOUR ANSWER"
