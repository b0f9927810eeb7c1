"""Run student code where it can do no harm, and let only plain values out.

    wire.py      values as JSON and raw arrays, never pickle; both sides
    syscalls.py  the system calls that student code may make; inside
    worker.py    loads the answers and calls them; inside, with checks/runner.py
    host.py      starts workers, asks them, ends them; outside

The worker gets the code of these files and of NumPy, the student's cells and the inputs of the
cases. It has no references, no expected values, no network, and no file that can be written.
"""
