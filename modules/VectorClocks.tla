---------------------------- MODULE VectorClocks ----------------------------
(***************************************************************************)
(* Logs whose entries carry vector clocks: functions from nodes to         *)
(* numbers.  CausalOrder is native.                                        *)
(***************************************************************************)
EXTENDS Naturals, Sequences, Functions

LOCAL Before(v, w) == v # w /\ \A n \in DOMAIN v : v[n] <= w[n]

LOCAL Unordered(v, w) ==
  /\ \E n \in DOMAIN v : v[n] < w[n]
  /\ \E n \in DOMAIN v : v[n] > w[n]

(***************************************************************************)
(* No entry comes after one that it causes.  Nodes of which a clock does   *)
(* not know count as zero.                                                 *)
(***************************************************************************)
IsCausalOrder(log, clock(_)) ==
  LET Padded(c, nodes) == [n \in nodes |-> IF n \in DOMAIN c THEN c[n] ELSE 0]
      MayPrecede(c, d) ==
        LET nodes == DOMAIN c \cup DOMAIN d
            v == Padded(c, nodes)
            w == Padded(d, nodes)
        IN  Before(v, w) \/ Unordered(v, w)
  IN  \A i \in 1..Len(log) : \A j \in 1..(i - 1) :
        MayPrecede(clock(log[j]), clock(log[i]))

(***************************************************************************)
(* The entries of the log in a causal order.  node(e) is the node of an    *)
(* entry e, clock(e) its clock, and domain(c) the nodes of a clock c.      *)
(***************************************************************************)
CausalOrder(log, clock(_), node(_), domain(_)) ==
  CHOOSE sorted \in {s \in [1..Len(log) -> Range(log)] : Range(s) = Range(log)} :
    IsCausalOrder(sorted, clock)
=============================================================================
