"""The website: pages made from lessons, exercises, glossary, docs and docstrings as they stand.

`tree` gathers the sources in a folder, in the shape of the repository, so that a link that leads
somewhere there leads somewhere on the site. `build` gives that folder to Sphinx, and `links` walks
over what came out. ``site/`` holds Sphinx's settings, the style sheet and the font of formulas.
"""
