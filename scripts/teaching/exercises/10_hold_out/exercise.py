"""Exercise 10: levels for a test.

There are 10,000 levels: kitchens with the numbers 0 to 9,999. A child with a table has learned the levels
0 to 9 by heart. Its table has no numbers for other levels: there, all estimates are 0, and the child goes up
forever.

Somebody tested the child in the levels 5 to 14 and reports that it finds half of the cookies.
"""

LEARNED = (0, 9)  # the first and the last level

# Choose the levels of a valid test: the first and the last one, at least 20 levels.
TEST = (5, 14)  # YOUR ANSWER

# In what percentage of these levels will the child find the cookie?
PERCENT = "YOUR ANSWER"
