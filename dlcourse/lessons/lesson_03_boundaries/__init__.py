"""Lesson 03, activations and decision boundaries: its figures, checks and board."""
