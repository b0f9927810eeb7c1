"""Answers of others: code that looks for the expected values, the references, other files."""

ATTACKS = {
    "stack frames": """
def perceptron_step(w, x, y):
    import sys
    frame = sys._getframe()
    while frame:
        for name in ("right", "expected", "cases", "reference", "evidence", "answer"):
            if name in frame.f_locals:
                return frame.f_locals[name]
        frame = frame.f_back
""",
    "all objects": """
def perceptron_step(w, x, y):
    import gc
    for thing in gc.get_objects():
        reference = getattr(thing, "reference", None) if type(thing).__name__ == "Check" else None
        if reference:
            return reference(w, x, y)
""",
    "import the check": """
def perceptron_step(w, x, y):
    from dlcourse.lessons.lesson_02_perceptron.checks import perceptron_step as reference
    return reference(w, x, y)
""",
    "import the package": """
def perceptron_step(w, x, y):
    from dlcourse import nn
    return nn.Perceptron().step(w, x, y)
""",
    "loaded modules": """
def perceptron_step(w, x, y):
    import sys
    for module in list(sys.modules.values()):
        other = getattr(module, "perceptron_step", None)
        if other not in (None, perceptron_step):
            return other(w, x, y)
""",
    "another interpreter path": """
def perceptron_step(w, x, y):
    import sys
    sys.path[:0] = PLACES
    sys.modules.pop("dlcourse", None)
    sys.modules.pop("dlcourse.checks", None)
    from dlcourse.lessons.lesson_02_perceptron.checks import perceptron_step as reference
    return reference(w, x, y)
""",
    "files of the course": """
def perceptron_step(w, x, y):
    import os
    for place in PLACES + ["/", ".", "..", "/home", "/work", "/srv", "/tmp", "/opt"]:
        for here, folders, files in os.walk(place):
            if here.endswith("lesson_02_perceptron") and "checks.py" in files:
                scope = {}
                exec(open(os.path.join(here, "checks.py")).read(), scope)
                return scope["perceptron_step"](w, x, y)
""",
    "the solution": """
def perceptron_step(w, x, y):
    import json
    for place in PLACES:
        cells = json.load(open(place + "/solutions/02_perceptron/02_perceptron.ipynb"))["cells"]
        scope = {"np": np}
        exec("".join(next(c for c in cells if c["id"] == "perceptron-step")["source"]), scope)
        return scope["perceptron_step"](w, x, y)
""",
    "memory of the grader": """
def perceptron_step(w, x, y):
    import os
    for process in [os.getppid(), *range(1, 50)]:
        with open(f"/proc/{process}/mem", "rb") as memory:
            return memory.read(10)
""",
    "environment of the grader": """
def perceptron_step(w, x, y):
    import os
    return np.frombuffer(open(f"/proc/{os.getppid()}/environ", "rb").read(), np.uint8)
""",
    "IPython's history": """
def perceptron_step(w, x, y):
    return eval(In[-1]) if "In" in globals() else get_ipython().user_ns["_"]
""",
    "what is next on the pipe": """
def perceptron_step(w, x, y):
    import os
    os.set_blocking(3, False)
    return os.read(3, 1 << 20)
""",
    "the gradebook": """
def perceptron_step(w, x, y):
    import glob, sqlite3
    for place in PLACES[:1]:
        for path in glob.glob(place + "/**/*.sqlite", recursive=True):
            sqlite3.connect(path).execute("UPDATE result SET points = 10")
    return sqlite3.connect("gradebook.sqlite")
""",
    "other submissions": """
def perceptron_step(w, x, y):
    import glob
    return sorted(sum((glob.glob(p + "/**/*.ipynb", recursive=True) for p in PLACES), []))
""",
    "trace every call": """
import sys
found = []
sys.settrace(lambda frame, event, value: found.append(dict(frame.f_locals)))
def perceptron_step(w, x, y):
    return next(l["expected"] for l in found if "expected" in l)
""",
    "source of the caller": """
def perceptron_step(w, x, y):
    import inspect, re
    text = "".join(inspect.getsource(f.frame) for f in inspect.stack()[1:])
    return eval(re.search(r"expected = (.*)", text)[1])
""",
}
