"""The shares of a plan as the tasks of one HyperQueue job, from Python: python hq.py

It takes the server that is there (hq server start, and a worker on every machine), or with WORKERS=2 two workers of its own on this machine,
for which HyperQueue from PyPI is enough. Run it again for what is missing: shares that are done end after a look at the store.
"""
import contextlib
import os
import tempfile

from hyperqueue import Client, Job, LocalCluster
from hyperqueue.cluster import WorkerConfig

get = os.environ.get
shares = get("SHARES", "40")
command = [get("SOFTNESS", "softness"), "train", "--plan", get("PLAN", "pinned.toml"), "--dataset", get("DATA", "auto"),
           "--shares", shares, "--out", get("STORE", "store")]
os.makedirs("logs", exist_ok=True)
job = Job(max_fails=None, name="softness")      # a share that fails does not end the others
for share in range(int(shares)):                # it finds its number in HQ_TASK_ID
    job.program(command, stdout=f"logs/{share}.log", stderr=f"logs/{share}.log")

with contextlib.ExitStack() as stack:
    if workers := int(get("WORKERS", "0")):
        cluster = stack.enter_context(LocalCluster(stack.enter_context(tempfile.TemporaryDirectory())))
        for _ in range(workers):
            cluster.start_worker(WorkerConfig(cores=1))
        client = cluster.client()
    else:
        client = Client()
    client.wait_for_jobs([client.submit(job)])  # a share that failed is an error, after all have ended
