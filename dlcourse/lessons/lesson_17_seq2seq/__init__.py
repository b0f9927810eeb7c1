"""Lesson 17: a cell with two gates, and one network that reads for another that writes."""
