"""Lesson 01, neurons: its figures, checks and board."""
