"""How a trait is tagged that the browser sets, and Python reads."""

# Without `echo_update` the kernel sends every value back to the browser that set it. While the
# kernel is busy such an echo comes late: it would undo what the learner has clicked since.
FROM_BROWSER = {"sync": True, "echo_update": False}
