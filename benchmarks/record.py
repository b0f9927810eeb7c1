"""What the benchmarks share: how a record is written, and what must not hold NumPy back."""

import json
from pathlib import Path
from typing import Any

# Settings that hold OpenBLAS, but not Keras, to the instructions of an older processor, and those
# of glibc with which `nn.keep_freed_memory` keeps none.
NOT_WANTED = (
    "OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE", "GLIBC_TUNABLES", "MALLOC_MMAP_THRESHOLD_",
    "MALLOC_TRIM_THRESHOLD_", "MALLOC_TOP_PAD_", "MALLOC_MMAP_MAX_",
)  # fmt: skip


def write(record: dict[str, Any], path: Path) -> None:
    """Put a record into its place, all at once."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".part")
    partial.write_text(json.dumps(_rounded(record), indent=1) + "\n", encoding="utf-8")
    partial.replace(path)


def _rounded(value: Any) -> Any:
    """Keep four significant digits of every float."""
    if isinstance(value, dict):
        return {key: _rounded(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_rounded(item) for item in value]
    return float(f"{value:.4g}") if isinstance(value, float) else value
