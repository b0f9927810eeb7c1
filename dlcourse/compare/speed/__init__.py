"""How fast: who computes (`contenders`), what there is to do (`work`), how it is timed (`timing`).

`one_batch` and `sweep` measure here, in seconds; `recorded` reads what `benchmarks/` measured with
more care, on other machines and days.
"""
