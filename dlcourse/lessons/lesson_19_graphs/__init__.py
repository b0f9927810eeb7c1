"""Lesson 19: features that travel along edges, and what reaches whom."""
