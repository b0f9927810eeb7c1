"""Lesson 05, backpropagation by hand: its figures, checks and board."""
