"""Lesson 07, training a multilayer perceptron: its figures, checks and board."""
