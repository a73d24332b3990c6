"""Exercise 7: a kitchen in which Q-learning fails.

Three children learn for 150,000 actions, and in the kitchen below all three find the cookie. Change the
kitchen: none of the three may find it, although there is a way. At most 24 cells may be free.

Remember what makes it hard: the child has to go to the chair, carry it to the jar and climb on it, before
anything good ever happens.

    # wall    . floor    T table    J jar    S start of the child    C start of the chair
"""

# YOUR ANSWER: another map.
KITCHEN = """
###J####
#......#
#..T...#
#S....C#
########
"""
