#!/usr/bin/env python3
"""examples/lease.c in Python: a lock service with leases, and clients that write under them.

    fathom fuzz examples/LeaseMap.tla examples/lease.py

starts it once for each node, writes an event to its standard input as one line of JSON, and reads
one line with what it does (docs/executables.md). Node 1 is the lock service and the store, every
other node a client. With FENCING in the environment the store refuses old grants.
"""
import json
import os
import sys

SERVICE, LEASE_MS, WORK_MS, RETRY_MS = 1, 1000, 400, 300
EXPIRE, WORKED, RETRY = 0, 1, 2


class Node:
    def __init__(self, event):
        self.id = event["node"]
        self.holder = self.granted = 0  # of the service; holder 0: nobody
        self.last = self.highest = 0  # of the store: grants that it was written under
        self.grant = self.valid_until = 0  # of a client
        self.effects = []
        if self.id != SERVICE:
            self.timer(RETRY, event["random"] % RETRY_MS)

    def send(self, to, **message):
        self.effects.append({"do": "send", "to": to, "message": message})

    def timer(self, number, ms):
        self.effects.append({"do": "timer", "timer": number, "ms": ms})

    def on_acquire(self, event):
        if self.holder == 0:
            self.holder = event["from"]
            self.granted += 1
            self.timer(EXPIRE, LEASE_MS)
            self.send(self.holder, type="grant", grant=self.granted)

    def on_write(self, event):
        number = event["message"]["grant"]
        if "FENCING" in os.environ and number < self.highest:
            return
        self.last = number
        self.highest = max(self.highest, number)
        if self.holder == event["from"]:
            self.holder = 0
            self.effects.append({"do": "cancel", "timer": EXPIRE})

    def on_grant(self, event):
        if self.grant == 0:
            self.grant = event["message"]["grant"]
            self.valid_until = event["now"] + LEASE_MS
            self.timer(WORKED, WORK_MS)

    def on_timer(self, event):
        if event["timer"] == EXPIRE:
            self.holder = 0
        elif event["timer"] == WORKED:
            if event["now"] < self.valid_until:
                self.send(SERVICE, type="write", grant=self.grant)
            self.grant = 0
            self.timer(RETRY, RETRY_MS)
        elif self.grant == 0:
            self.send(SERVICE, type="acquire")
            self.timer(RETRY, RETRY_MS)

    def observe(self):
        names = ("holder", "granted", "last", "highest") if self.id == SERVICE else ("grant",)
        return {name: getattr(self, name) for name in names}


def main():
    node = None
    for line in sys.stdin:
        event = json.loads(line)
        if event["event"] == "hello":
            answer = {"name": "lease.py", "version": "1", "restarts": True,
                      "survives": "reorder,drop,duplicate,partition,pause,clock-skew"}
        else:
            if event["event"] == "start":
                node = Node(event)
            elif event["event"] == "deliver":
                getattr(node, "on_" + event["message"]["type"])(event)
            else:
                node.on_timer(event)
            answer = {"effects": node.effects, "observe": node.observe()}
            node.effects = []
        print(json.dumps(answer), flush=True)


main()
