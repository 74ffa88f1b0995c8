---- MODULE S2 ----
EXTENDS Naturals, Sequences, TLC
(* PlusCal options (-label)
--algorithm S2 {
variables x = 0, l = <<>>, tmp = {};
macro M(a, b) { a := b; if (b = 1) { a2 := b } else skip }
macro R() { return; }
procedure P(i) variable tmp2 = i; {
 x: x := i; tmp2 := x; R();
}
procedure Other(l1, tmp3) variable j = 1; { a: j := l1 ; call P(j) ; return; }
fair process (Main \in 1..3) variables l2 = /\ TRUE
                                           /\ FALSE, y, a2; {
 a: while (TRUE) { x := x + 1; (* a comment
   over lines *) y := /\ x > 1   \* and here
        (* c *)   /\ l = <<y>>

                  /\ (y ∈ {1} ∧ x ≠ 2);
  b:+ M(l2[x], "s;do(") ; 
  either { call P(x); } or { goto c; } or skip;
  c:- if (x = 2) { d: x := 2; if (y) goto a else call Other(1, 2); } else if (x = 3) x := 9;
 };
 z: x := 8;  x := 9;
}
fair+ process (Side = 17) variables y = Head(l), t; { a: t := y; l := [a |-> y.y, y |-> t, b |-> [t EXCEPT !.y = y]]; y := \A q \in {y, t}, t2 \in {} : q;
 either { x := 1 } or { b: y := 3; call Other(y, t) } ; c: with (q = y; r \in {t}) { await q = r; print q; assert r = <<q, "\\">> } ; goto Done }
process (Third \in {"a"}) { a: while (TRUE) { either x := 1 or x := 2 } }
}
*)
====
