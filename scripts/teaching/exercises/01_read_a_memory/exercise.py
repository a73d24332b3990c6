"""Exercise 1: read a memory by hand.

MEMORY holds 20 of the 400 numbers that a child had learned after 1,610 actions: for two situations, how much
happiness it expects of each action, that one included. The child takes the action with the largest number.

Write the actions as texts, such as "climb", and the happiness as a number.
"""

MEMORY = {
    "at the start": {
        "up": -0.029,
        "down": -0.029,
        "left": -0.030,
        "right": -0.018,
        "chair": -0.029,
        "climb": -0.030,
        "reach": -0.040,
        "pick left": -0.031,
        "pick middle": -0.031,
        "pick right": -0.029,
    },
    "on the chair, the jar is open": {
        "up": 0.089,
        "down": 0.143,
        "left": 0.034,
        "right": 0.123,
        "chair": 0.148,
        "climb": 0.001,
        "reach": 0.098,
        "pick left": -0.180,
        "pick middle": 0.488,
        "pick right": -0.100,
    },
}

# Which action does the child take at the start?
ACTION_AT_THE_START = "YOUR ANSWER"

# Which action does it take on the chair, when the jar is open?
ACTION_AT_THE_JAR = "YOUR ANSWER"

# How much happiness does it expect there?
EXPECTED_AT_THE_JAR = "YOUR ANSWER"
