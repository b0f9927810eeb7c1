"""Lesson 21: Keras on many devices, networks among people, and a library of one's own."""
