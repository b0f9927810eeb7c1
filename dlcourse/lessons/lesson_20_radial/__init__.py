"""Lesson 20: bells around centres, and experts that share the work."""
