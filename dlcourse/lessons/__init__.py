"""A wing for each lesson: all that belongs to it alone stands in one folder.

    table.py                 number, title, minutes, needs, builds: the one source of every map
    lesson_NN_topic/         the wing of notebooks/NN_topic.ipynb
        figures.py             its pictures
        checks.py              what its graded functions must satisfy
        board.py .js .css      its interactive figure, under its own name where it has one

A notebook imports its wing; no wing is imported here, so that `check` costs no matplotlib.
"""
