\* Trace, TLCGet("level") and primes in ALIAS and in an invariant: what they see in a counterexample, and
\* during a search that several workers share (301 states a level).
\* args: -deadlock
\* recorded: TLC cc6b616
\* expect: violates Bad, 1556 distinct, 2803 generated, depth 6, trace 6
\* expect: prints /\ len = 6
\* expect: prints /\ level = 6
\* expect: prints /\ next = 4
---- MODULE TraceInAlias ----
EXTENDS Naturals, Sequences, TLC, TLCExt
VARIABLES x, y
Init == x = 0 /\ y \in 0..300
Next == x < 6 /\ x' = x + 1 /\ y' \in {y, (y * 7 + 1) % 301}
Path == Len(Trace) = TLCGet("level") /\ Trace[Len(Trace)].x = x
Bad == ~(x = 5 /\ y = 17)
Alias == [x |-> x, len |-> Len(Trace), level |-> TLCGet("level"), next |-> x']
====
