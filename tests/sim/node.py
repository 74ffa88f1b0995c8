"""A node that is an executable: it counts, passes what it counted around, and makes mistakes.

The environment's MISTAKE names what it does wrong when it is delivered a message. Tests put the line
with the interpreter in front.
"""
import json
import os
import signal
import sys
import time

MISTAKE = os.environ.get("MISTAKE", "")
HELLO = {"name": "node", "version": "2", "clients": True, "round_ms": 100, "customs": ["reset"],
         "survives": "drop,crash,write-fail,torn-write"}
# Answers to a message, whole lines.
LINES = {
    "NOISE": "counting ...",
    "LIST": "[1, 2]",
    "FIELD": '{"effect": []}',
    "TYPE": '{"effects": {}}',
    "EFFECT": '{"effects": [{"do": "sing"}]}',
    "MISSING": '{"effects": [{"do": "send", "to": 1}]}',
    "SUPERFLUOUS": '{"effects": [{"do": "sync", "file": "log", "mode": "full"}]}',
    "FAR": '{"effects": [{"do": "send", "to": 9, "message": 1}]}',
    "REQUEST": '{"effects": [{"do": "reply", "request": 4711, "outcome": "ok"}]}',
    "OUTCOME": '{"effects": [{"do": "reply", "request": 0, "outcome": "good"}]}',
    "NAME": '{"effects": [{"do": "sync", "file": ""}]}',
    "HEX": '{"effects": [{"do": "append", "file": "log", "hex": "0g"}]}',
    "BYTES": '{"effects": [{"do": "append", "file": "log"}]}',
    "OBSERVE": '{"observe": 3}',
    "TWICE": '{"effects": []}\n{"effects": []}',
    "TELLS": '{"effects": [{"do": "breach", "text": "index 7"}]}',
    "STOPS": '{"effects": [{"do": "stop", "text": "no disk"}]}',
}
HELLOS = {
    "HELLO_NOISE": "hello!",
    "HELLO_FIELD": '{"nam": "node"}',
    "HELLO_NAME": '{"name": "a/b"}',
    "HELLO_FAULT": '{"survives": "drop,floods"}',
    "HELLO_CUSTOMS": '{"customs": [1]}',
}


def misbehave():
    if MISTAKE == "RAISES":
        raise ValueError("count is 3")
    if MISTAKE == "EXITS":
        sys.exit(0)
    if MISTAKE == "DIES":
        os.kill(os.getpid(), signal.SIGKILL)
    if MISTAKE == "SLEEPS":
        time.sleep(60)
    if MISTAKE == "RANDOM":
        return '{"effects": [{"do": "send", "to": 1, "message": %d}]}' % time.monotonic_ns()
    return LINES.get(MISTAKE)


def react(event, state):
    effects = []
    if event["event"] == "start":
        state.update(node=event["node"], nodes=event["nodes"], asked=0)
        state["count"] = len(event["files"].get("log", ""))
        state["started"] = [event["first"], state["count"]]
        effects.append({"do": "timer", "timer": 3, "ms": event["random"] % 50})
    elif event["event"] == "timer":
        effects += [{"do": "append", "file": "log", "text": "x", "durable": True},
                    {"do": "send", "to": state["node"] % state["nodes"] + 1, "tracked": True,
                     "message": {"count": state["count"], "half": 0.5, "nothing": None}},
                    {"do": "event", "name": "counted", "fields": {"list": [1, {"a": True}]}},
                    {"do": "timer", "timer": 3, "ms": 20}]
    elif event["event"] == "done":
        state["count"] += event["do"] == "append" and event["status"] == "ok"
    elif event["event"] == "request":
        effects.append({"do": "reply", "request": event["request"], "outcome": "ok",
                        "payload": event["payload"]})
    elif event["event"] == "custom":
        effects += [{"do": "replace", "file": "bytes", "hex": "00ff"},
                    {"do": "truncate", "file": "bytes", "size": 1}, {"do": "sync", "file": "bytes"},
                    {"do": "put", "file": "word", "text": event["kind"]},
                    {"do": "cancel", "timer": 3}]
    return {"effects": effects, "observe": {"count": state["count"], "started": state["started"]}}


def main():
    state = {}
    for line in sys.stdin:
        event = json.loads(line)
        print("event", event["event"], file=sys.stderr)
        answer = None
        if event["event"] == "hello":
            if MISTAKE == "HELLO_EXITS":
                raise RuntimeError("no licence")
            answer = HELLOS.get(MISTAKE, json.dumps(HELLO))
        elif event["event"] == "deliver":
            answer = misbehave()
        if answer is None:
            answer = json.dumps(react(event, state))
        print(answer, flush=True)


main()
