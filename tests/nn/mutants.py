"""Break a module on purpose, to see that a check notices.

broken = mutant(lstm, ("+ i * g", "- i * g"))
with pytest.raises(AssertionError, match="against Keras"):
    assert_matches_keras(broken.LSTM(4), (5, 3))
"""

import inspect
from types import ModuleType


def mutant(module: ModuleType, *replacements: tuple[str, str]) -> ModuleType:
    """Return a copy of a module with pieces of its source replaced.

    A piece that does not occur in the source is an error: else a test would go on
    without breaking anything once the code has changed.
    """
    source = inspect.getsource(module)
    for old, new in replacements:
        assert old in source, f"{module.__name__} does not contain {old!r}"
        source = source.replace(old, new)
    broken = ModuleType(module.__name__)
    broken.__file__ = module.__file__
    exec(compile(source, f"<mutant of {module.__name__}>", "exec"), broken.__dict__)
    return broken
