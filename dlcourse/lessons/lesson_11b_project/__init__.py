"""The project after lesson 11: a reader of scanned digits, and an honest report on it."""
