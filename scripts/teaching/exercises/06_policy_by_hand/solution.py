"""Exercise 6: a policy by hand.

    #J##
    #SC#     S: the child starts here, left    C: the chair stands here, right    J: the jar
    ####

A policy says for each situation what to do. Write the best one: the child gets the cookie that it likes,
chocolate chip, which lies in the middle of the jar. Each action costs 0.01.

The actions: up, down, left, right, chair (lift it or put it down), climb (on it or off it), reach (into the
jar, to open it), pick left, pick middle, pick right.
"""

POLICY = {
    "child left, chair right": "right",
    "child right, chair right": "chair",
    "child right, carries the chair": "left",
    "child left, carries the chair": "chair",
    "child left, chair left": "climb",
    "child on the chair, left": "reach",
    "child on the chair, left, jar open": "pick middle",
}
