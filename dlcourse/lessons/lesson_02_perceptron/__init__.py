"""Lesson 02, the perceptron: its figures, checks and board."""
