"""A node of Maelstrom's for all workloads that `fathom fuzz --maelstrom` knows, and their mistakes.

The environment's MISTAKE names what it does wrong. Tests put the line with the interpreter in front.
"""
import json
import os
import sys
import threading
import time

MISTAKE = os.environ.get("MISTAKE", "")


class Node:
    def __init__(self):
        self.id = None
        self.others = self.neighbours = ()
        self.number = 0  # of messages
        self.waiting = {}  # what to do with an answer, by the number of its request
        self.values = []
        self.lock = threading.Lock()

    def send(self, to, body):
        with self.lock:
            print(json.dumps({"src": self.id, "dest": to, "body": body}), flush=True)

    def ask(self, to, body, then):
        self.number += 1
        self.waiting[self.number] = then
        self.send(to, {**body, "msg_id": self.number})

    def reply(self, request, **body):
        asked = request["body"]
        self.send(request["src"], {"type": asked["type"] + "_ok", "in_reply_to": asked["msg_id"],
                                   **body})

    def fail(self, request, code, text):
        self.send(request["src"], {"type": "error", "code": code, "text": text,
                                   "in_reply_to": request["body"]["msg_id"]})

    def handle(self, message):
        body = message["body"]
        if "in_reply_to" in body:
            self.waiting.pop(body["in_reply_to"], lambda body: None)(body)
        elif body["type"] in ("read", "add"):
            getattr(self, f"{body['type']}_{WORKLOAD}")(message, body)
        else:
            getattr(self, "on_" + body["type"])(message, body)

    def on_init(self, message, body):
        self.id = body["node_id"]
        self.others = [name for name in body["node_ids"] if name != self.id]
        if MISTAKE == "GOSSIP":
            threading.Thread(target=self.gossip, daemon=True).start()
        self.reply(message)

    def on_topology(self, message, body):
        self.neighbours = body["topology"][self.id]
        self.reply(message)

    def on_echo(self, message, body):
        text = body["echo"]
        if MISTAKE == "PRINTS":
            print("echoing", flush=True)
        if MISTAKE == "EXITS":
            sys.exit("no echo here")
        if MISTAKE == "SPINS":
            while True:
                pass
        if MISTAKE == "STRANGER":
            self.send("n7", {"type": "echo"})
        self.reply(message, echo=text.upper() if MISTAKE == "SHOUTS" else text)

    def on_generate(self, message, body):
        """From the timestamps of lin-tso, or from a counter of its own."""
        if MISTAKE == "OWN":
            self.number += 1
            self.reply(message, id=[self.number])
        else:
            self.ask("lin-tso", {"type": "ts"}, lambda answer: self.reply(message, id=answer["ts"]))

    # broadcast: each value once to each neighbour.
    def on_broadcast(self, message, body):
        self.spread(body["message"], None)
        self.reply(message)

    def on_gossip(self, message, body):
        for value in body["values"]:
            self.spread(value, message["src"])

    def spread(self, value, sender):
        if value not in self.values:
            self.values.append(value)
            for name in self.neighbours:
                if name != sender and not (MISTAKE == "KEEPS" and sender) and MISTAKE != "GOSSIP":
                    self.send(name, {"type": "gossip", "values": [value]})

    def gossip(self):
        """Instead of telling at once: everything, from time to time, by the machine's clock."""
        while True:
            time.sleep(0.3)
            for name in self.neighbours:
                self.send(name, {"type": "gossip", "values": list(self.values)})

    def read_broadcast(self, message, body):
        self.reply(message, messages=self.values + ([-1] if MISTAKE == "INVENTS" else []))

    # g-set: the whole set to all others.
    def add_g_set(self, message, body):
        self.values.append(body["element"])
        for name in self.others:
            self.send(name, {"type": "merge", "values": self.values})
        self.reply(message)

    def on_merge(self, message, body):
        self.values = body["values"] if MISTAKE == "FORGETS" else list(
            set(self.values) | set(body["values"]))

    def read_g_set(self, message, body):
        self.reply(message, value=self.values)

    # g-counter: a sum in seq-kv; who wrote something sees it as it is.
    def add_g_counter(self, message, body, store="seq-kv"):
        def read(answer):
            value = answer.get("value", 0)
            change = {"type": "cas", "key": "sum", "from": value, "to": value + body["delta"],
                      "create_if_not_exists": True}
            if MISTAKE == "OVERWRITES":
                change = {"type": "write", "key": "sum", "value": value + body["delta"]}
            self.ask(store, change, changed)

        def changed(answer):
            if answer["type"] == "error":
                self.ask(store, {"type": "read", "key": "sum"}, read)
            else:
                self.reply(message)

        self.ask(store, {"type": "read", "key": "sum"}, read)

    def read_g_counter(self, message, body, store="seq-kv"):
        def written(answer):
            self.ask(store, {"type": "read", "key": "sum"},
                     lambda answer: self.reply(message, value=answer.get("value", 0)))

        self.number += 1
        self.ask(store, {"type": "write", "key": self.id, "value": self.number}, written)

    # pn-counter: the same in lin-kv.
    def add_pn_counter(self, message, body):
        self.add_g_counter(message, body, "lin-kv")

    def read_pn_counter(self, message, body):
        self.read_g_counter(message, body, "lin-kv")

    # lin-kv: a proxy.
    def forward(self, message, body):
        def answered(answer):
            if answer["type"] == "error":
                self.fail(message, 13 if MISTAKE == "VAGUE" else answer["code"], answer["text"])
            else:
                self.reply(message, **({"value": answer["value"]} if "value" in answer else {}))

        store = {"STALE": "seq-kv", "LATEST": "lww-kv"}.get(MISTAKE, "lin-kv")
        self.ask(store, {k: v for k, v in body.items() if k != "msg_id"}, answered)

    read_lin_kv = on_write = on_cas = forward


WORKLOAD = os.environ["WORKLOAD"].replace("-", "_")
node = Node()
for line in sys.stdin:
    node.handle(json.loads(line))
