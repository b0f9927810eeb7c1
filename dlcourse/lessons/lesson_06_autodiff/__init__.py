"""Lesson 06, automatic differentiation: its figures, checks and board."""
