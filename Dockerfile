# The course in JupyterLab, for a learner or a class. docs/cloud.md says how to build and run it.
FROM python:3.13-slim-trixie

# bubblewrap is the sandbox of `dlcourse grade`.
RUN apt-get update \
    && apt-get install --yes --no-install-recommends bubblewrap \
    && rm -rf /var/lib/apt/lists/*

# The packages first: a change of the course then leaves them in Docker's cache.
WORKDIR /opt/dlcourse
COPY requirements.txt ./
RUN pip install --no-cache-dir --require-hashes --requirement requirements.txt
COPY . .
RUN pip install --no-cache-dir --no-deps .

# What a learner writes lies in /course, which outlives the container as a volume.
RUN useradd --create-home --uid 1000 learner && install --directory --owner=learner /course
USER learner
WORKDIR /course
ENV DLCOURSE_HOME=/course
EXPOSE 8888
CMD ["dlcourse", "lab", "--no-browser", "--ip=0.0.0.0", "--port=8888"]
