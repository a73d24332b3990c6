"""Exercise 4: choose a learning rate.

In the kitchen "clumsy", every fifth step slips to the side: what happens is partly luck. The learning rate
says how much of its old number a child gives up for the newest experience: 0 is nothing, 1 is all of it.

Choose a learning rate with which three children of three learn the way, in 200,000 actions each.
"""

LEARNING_RATE = "YOUR ANSWER"
