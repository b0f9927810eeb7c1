"""Run student code where it can do no harm, and let only plain values out.

    wire.py       values as JSON and raw arrays, never pickle; both sides
    syscalls.py   the system calls that student code may make; inside
    worker.py     loads the answers and calls them; inside, with checks/runner.py
    nursery.py    forks workers, before there is student code in them; inside
    processes.py  starts a nursery in bubblewrap, and workers, and ends them; outside
    carried.py    references that may go inside, where they earn nothing; outside
    host.py       asks workers, and believes nothing; outside

The worker gets the code of these files and of NumPy, the student's cells and the inputs of the
cases. It has no answer that could earn points in there, no expected values, no network, and no file
that can be written.
"""
