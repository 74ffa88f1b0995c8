---- MODULE S7 ----
EXTENDS Naturals, Sequences
(* PlusCal options (label) *)
(*--algorithm S7 { variable queue = [i \in 1..2 |-> <<>>], pc_ = 0, self2 = 1, v; 
 macro send(q, m) { q := Append(q, m); q[1] := m || self2 := m }
 macro rec(q, m) { await Len(q) > 0
      /\ q # << >>; m := Head(q); q.a.b := Tail(q) }
 macro both(a, b, c) { send(queue[a], b); rec(queue[b].x[a
      ], c); with (i \in a, j = [b |-> b, c |-> c.c]) { if (i = b) { c := i } else await ~
          /\ a
          /\ b } }
 procedure send2(v1, v2 = v) variables v3 = v1, m = 1; { v: m := v1; v1 := /\ v
             /\ v1
             /\ v ; return }
 process (send \in 1..2) variables m, both = 1; { L: both(self + 1, /\ m
                                                                    /\ both, m) ; 
     M: while (m > 1) { if (m = 2) { L1: skip } else if (m = 3) { call send2(m, both); } else { print m; goto L } ; N: either skip; or { skip; Lbl_2: skip } or while (both) skip; m := /\ m /\ both
                     /\ m[m].m /\ both } ; if (m) { m := 1 } }
 process (P2 = "p") variable m = 2; { L: m := 1; m := m + 1;
  call send2(1, 2); { m := /\ queue
                         /\ IF m THEN {m} ELSE
                         {m, m} ; m := << 1 >> } }
} *)
====
