"""Lesson 09, initialization: signals through many layers, starts, figures, checks, board."""
