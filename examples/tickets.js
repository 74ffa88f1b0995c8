#!/usr/bin/env node
// A ticket office in JavaScript, with a disk: node 1 sells numbered tickets, the others buy.
//
//     fathom fuzz examples/tickets.js
//
// starts it once for each node, writes an event to its standard input as one line of JSON, and
// reads one line with what it does (docs/executables.md). The office writes down what it sold, and
// answers at once: when it crashes before the write is done, it sells a number twice. A buyer that
// is sold a number below its last one says so. With SYNC in the environment the office answers when
// the write is durable, and nothing is found.
"use strict";

const OFFICE = 1, RETRY_MS = 200, RETRY = 1;
let node;

class Office {
  constructor(event) {
    // The survivor of a crash: one line a ticket, the last one may be torn.
    const log = event.files.sold ?? "";
    this.sold = (typeof log === "string" ? log : "").split("\n").length - 1;
    this.buyers = []; // who waits for the write that is under way, the oldest first
  }

  deliver(event) {
    const ticket = {type: "ticket", serial: event.message.serial, number: ++this.sold};
    const write = {do: "append", file: "sold", text: `${ticket.number}\n`, durable: true};
    const send = {do: "send", to: event.from, message: ticket};
    if (!process.env.SYNC) {
      return [write, send];
    }
    this.buyers.push(send);
    return [write];
  }

  done(event) {
    const send = this.buyers.shift();
    return send && event.status === "ok" ? [send] : [];
  }

  observe() {
    return {sold: this.sold};
  }
}

class Buyer {
  constructor(event) {
    this.serial = event.now; // a restarted buyer does not take answers of before for its own
    this.last = 0;
    this.first = [this.wait(event)];
  }

  wait(event) {
    return {do: "timer", timer: RETRY, ms: event.random % RETRY_MS};
  }

  timer(event) {
    return [{do: "send", to: OFFICE, message: {type: "buy", serial: this.serial}}, this.wait(event)];
  }

  deliver(event) {
    const {serial, number} = event.message;
    if (serial !== this.serial) {
      return []; // a duplicate, or late
    }
    this.serial++;
    if (number <= this.last) {
      return [{do: "fail", text: `ticket ${number} after ticket ${this.last}`}];
    }
    this.last = number;
    return [];
  }

  observe() {
    return {last: this.last};
  }
}

function answer(event) {
  if (event.event === "hello") {
    return {name: "tickets.js", version: "1", restarts: true,
            survives: "reorder,drop,duplicate,partition,crash,crash-inside,pause"};
  }
  if (event.event === "start") {
    node = event.node === OFFICE ? new Office(event) : new Buyer(event);
    return {effects: node.first ?? [], observe: node.observe()};
  }
  return {effects: node[event.event](event), observe: node.observe()};
}

const lines = require("readline").createInterface({input: process.stdin});
lines.on("line", (line) => process.stdout.write(JSON.stringify(answer(JSON.parse(line))) + "\n"));
