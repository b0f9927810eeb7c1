"""Settings for a class that grades with nbgrader: `nbgrader generate_assignment 02_perceptron`.

nbgrader does not keep students from the answers: an import of the course can score full points.
"""

c = get_config()  # noqa: F821 (nbgrader provides it)

c.CourseDirectory.course_id = "dlcourse"
c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "exercises"
# The stub stands in the way of nothing: an answer may be written over it or below it.
c.ClearSolutions.code_stub = {"python": "...  # your code here"}
c.ClearSolutions.text_stub = "Write your answer here."
