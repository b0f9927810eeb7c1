"""Lesson 13, convolutional networks: its figures, checks and board."""
