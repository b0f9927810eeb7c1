"""Lesson 18: every place asks every other, and what a transformer makes of the answers."""
