"""Exercise 8: reward hacking.

A child does what its rewards say, not what you meant. In the kitchen "corner", the way to the liked cookie
takes 7 actions. Change one reward at a time, and the best policy is a different one.

The usual rewards: an action -0.01, reaching in vain -0.02, opening the jar 0.50, a cookie that the child
dislikes -0.50, the cookie that it likes 1.00, which ends the episode. Gamma is 0.99.
"""

# "The child should try hard." Which reward for reaching in vain makes it reach in vain forever?
REACHING_IN_VAIN = 0.1

# "It should try new things." With which reward does it eat both disliked cookies before the liked one?
COOKIE_DISLIKED = 2.0
