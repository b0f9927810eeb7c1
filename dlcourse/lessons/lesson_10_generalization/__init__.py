"""Lesson 10: an honest test, what overfits, and what helps against it."""
