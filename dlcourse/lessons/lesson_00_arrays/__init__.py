"""Lesson 00: arrays, how shapes line up, and how the field came here."""
