"""The picture: draws values (kitchen, state, what just happened) with pygame, without a display."""
