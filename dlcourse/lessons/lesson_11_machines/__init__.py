"""Wing of lesson 11: other learning machines, drawn, measured and set side by side."""
