"""Lesson 15, recurrent networks: its figures, checks and board."""
