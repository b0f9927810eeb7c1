"""Lesson 16, LSTM: its figures, checks and board."""
