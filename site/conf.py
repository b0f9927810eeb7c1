"""Settings of the website; `dlcourse site` builds it."""

from dlcourse import __version__

project = "dlcourse"
author = "the dlcourse authors"
project_copyright = f"{author}. Prose, figures and exercises: CC BY 4.0; code: MIT"
version = release = __version__
language = "en"

extensions = ["myst_nb", "sphinx.ext.autodoc", "sphinx.ext.napoleon", "dlcourse.website.extension"]
exclude_patterns = ["downloads/*"]

# Lessons show what is stored in them; nothing is executed.
nb_execution_mode = "off"
nb_merge_streams = True
nb_ipywidgets_js = {}  # would come from another host
myst_enable_extensions = ["attrs_block", "dollarmath"]
myst_heading_anchors = 4
suppress_warnings = ["mystnb.mime_priority"]

autodoc_inherit_docstrings = False
autodoc_typehints = "none"
autodoc_member_order = "bysource"
napoleon_google_docstring = False
napoleon_use_param = False  # else each word of a type would look for a page
napoleon_use_rtype = False

html_theme = "sphinx_book_theme"
html_title = "dlcourse"
html_static_path = ["_static"]
html_favicon = "_static/icon.svg"
html_css_files = ["site.css"]
html_js_files = [("site.js", {"defer": "defer"})]
toc_object_entries = False
html_math_renderer = "mathml"
html_copy_source = False
html_show_sphinx = False
html_theme_options = {
    "use_download_button": False,
    "navbar_persistent": [],
    "show_toc_level": 2,
    "home_page_in_toc": True,
    "max_navbar_depth": 2,
    "pygments_light_style": "a11y-high-contrast-light",
    "pygments_dark_style": "a11y-high-contrast-dark",
}
epub_title = "dlcourse: a deep-learning course"
epub_author = epub_publisher = author
epub_description = "Deep learning from scratch in NumPy, proved against Keras."
epub_identifier = epub_uid = "dlcourse"
epub_tocscope = "includehidden"
epub_tocdepth = 2
epub_show_urls = "no"
epub_css_files = ["site.css"]
# The licence is added when the book is bound.
epub_exclude_files = ["_static/OFL.txt", "_static/site.js", "_static/icon.svg", ".buildinfo.bak"]
