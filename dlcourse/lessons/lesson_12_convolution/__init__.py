"""Lesson 12, convolution by hand: its figures, checks and board."""
