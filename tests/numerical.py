"""Gradients by finite differences, to hold derived ones against."""

import numpy as np

STEP = 1e-5


def numerical_gradient(function, array):
    """dL/darray of a function without arguments that reads the array; float64, shaped like it."""
    gradient = np.zeros_like(array)
    for place in np.ndindex(array.shape):
        kept = array[place]
        array[place] = kept + STEP
        above = function()
        array[place] = kept - STEP
        below = function()
        array[place] = kept
        gradient[place] = (above - below) / (2 * STEP)
    return gradient
