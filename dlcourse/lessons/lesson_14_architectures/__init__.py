"""Lesson 14: five networks that changed how networks are built, and one that finds things."""
