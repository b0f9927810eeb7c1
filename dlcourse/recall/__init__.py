"""Remembering: what the lessons ask, and when it is time to ask it again.

questions.py   what can be asked, read from the committed lessons
apart.toml     what a question needs when it stands apart from its lesson
ids.py         one name per question, which a rewording does not change
ledger.py      keeps those names, for ``dlcourse release``
markup.py      Markdown and LaTeX for a terminal and for a page
    done.py        which lessons a learner has done
    schedule.py    when each question is asked again
    today.py       one sentence on what is due
    board.py       a board that asks
    deck.py        the questions as a deck for Anki
"""
