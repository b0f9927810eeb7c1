"""Lesson 04, losses and information: its figures, checks and board."""
