"""Lesson 08, optimizers: a ravine to walk, learning rates on the digits, figures, checks, board."""
