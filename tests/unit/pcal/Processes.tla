---- MODULE Processes ----
EXTENDS Naturals, Sequences, TLC
(* PlusCal options (-label)
--algorithm Processes {
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
\* BEGIN TRANSLATION (chksum(pcal) = "b80488d9" /\ chksum(tla) = "eb0ab7bc")
\* Label x of procedure P at line 9 col 5 changed to x_
\* Label a of procedure Other at line 11 col 48 changed to a_
\* Label a of process Main at line 14 col 5 changed to a_M
\* Label b of process Main at line 6 col 17 changed to b_
\* Label c of process Main at line 21 col 7 changed to c_
\* Label a of process Side at line 25 col 58 changed to a_S
\* Process variable y of process Main at line 13 col 54 changed to y_
CONSTANT defaultInitValue
VARIABLES pc, x, l, tmp, stack, i, tmp2, l1, tmp3, j, l2, y_, a2, y, t

vars == << pc, x, l, tmp, stack, i, tmp2, l1, tmp3, j, l2, y_, a2, y, t >>

ProcSet == (1..3) \cup {17} \cup ({"a"})

Init == (* Global variables *)
        /\ x = 0
        /\ l = <<>>
        /\ tmp = {}
        (* Procedure P *)
        /\ i = [ self \in ProcSet |-> defaultInitValue]
        /\ tmp2 = [ self \in ProcSet |-> i[self]]
        (* Procedure Other *)
        /\ l1 = [ self \in ProcSet |-> defaultInitValue]
        /\ tmp3 = [ self \in ProcSet |-> defaultInitValue]
        /\ j = [ self \in ProcSet |-> 1]
        (* Process Main *)
        /\ l2 = [self \in 1..3 |->  /\ TRUE
                                   /\ FALSE]
        /\ y_ = [self \in 1..3 |-> defaultInitValue]
        /\ a2 = [self \in 1..3 |-> defaultInitValue]
        (* Process Side *)
        /\ y = Head(l)
        /\ t = defaultInitValue
        /\ stack = [self \in ProcSet |-> << >>]
        /\ pc = [self \in ProcSet |-> CASE self \in 1..3 -> "a_M"
                                        [] self = 17 -> "a_S"
                                        [] self \in {"a"} -> "a"]

x_(self) == /\ pc[self] = "x_"
            /\ x' = i[self]
            /\ tmp2' = [tmp2 EXCEPT ![self] = x']
            /\ pc' = [pc EXCEPT ![self] = "Lbl_2"]
            /\ UNCHANGED << l, tmp, stack, i, l1, tmp3, j, l2, y_, a2, y, t >>

Lbl_2(self) == /\ pc[self] = "Lbl_2"
               /\ pc' = [pc EXCEPT ![self] = Head(stack[self]).pc]
               /\ tmp2' = [tmp2 EXCEPT ![self] = Head(stack[self]).tmp2]
               /\ i' = [i EXCEPT ![self] = Head(stack[self]).i]
               /\ stack' = [stack EXCEPT ![self] = Tail(stack[self])]
               /\ UNCHANGED << x, l, tmp, l1, tmp3, j, l2, y_, a2, y, t >>

P(self) == x_(self) \/ Lbl_2(self)

a_(self) == /\ pc[self] = "a_"
            /\ j' = [j EXCEPT ![self] = l1[self]]
            /\ pc' = [pc EXCEPT ![self] = "Lbl_3"]
            /\ UNCHANGED << x, l, tmp, stack, i, tmp2, l1, tmp3, l2, y_, a2, y, 
                            t >>

Lbl_3(self) == /\ pc[self] = "Lbl_3"
               /\ /\ i' = [i EXCEPT ![self] = j[self]]
                  /\ j' = [j EXCEPT ![self] = Head(stack[self]).j]
                  /\ stack' = [stack EXCEPT ![self] = << [ procedure |->  "P",
                                                           pc        |->  Head(stack[self]).pc,
                                                           tmp2      |->  tmp2[self],
                                                           i         |->  i[self] ] >>
                                                       \o Tail(stack[self])]
               /\ tmp2' = [tmp2 EXCEPT ![self] = i'[self]]
               /\ pc' = [pc EXCEPT ![self] = "x_"]
               /\ UNCHANGED << x, l, tmp, l1, tmp3, l2, y_, a2, y, t >>

Other(self) == a_(self) \/ Lbl_3(self)

a_M(self) == /\ pc[self] = "a_M"
             /\ x' = x + 1
             /\ y_' = [y_ EXCEPT ![self] =     /\ x' > 1
                                           /\ l = <<y_[self]>>
                                           
                                           /\ (y_[self] ∈ {1} ∧ x' ≠ 2)]
             /\ pc' = [pc EXCEPT ![self] = "b_"]
             /\ UNCHANGED << l, tmp, stack, i, tmp2, l1, tmp3, j, l2, a2, y, t >>

b_(self) == /\ pc[self] = "b_"
            /\ l2' = [l2 EXCEPT ![self][x] = "s;do("]
            /\ IF "s;do(" = 1
                  THEN /\ a2' = [a2 EXCEPT ![self] = "s;do("]
                  ELSE /\ TRUE
                       /\ a2' = a2
            /\ \/ /\ /\ i' = [i EXCEPT ![self] = x]
                     /\ stack' = [stack EXCEPT ![self] = << [ procedure |->  "P",
                                                              pc        |->  "c_",
                                                              tmp2      |->  tmp2[self],
                                                              i         |->  i[self] ] >>
                                                          \o stack[self]]
                  /\ tmp2' = [tmp2 EXCEPT ![self] = i'[self]]
                  /\ pc' = [pc EXCEPT ![self] = "x_"]
               \/ /\ pc' = [pc EXCEPT ![self] = "c_"]
                  /\ UNCHANGED <<stack, i, tmp2>>
               \/ /\ TRUE
                  /\ pc' = [pc EXCEPT ![self] = "c_"]
                  /\ UNCHANGED <<stack, i, tmp2>>
            /\ UNCHANGED << x, l, tmp, l1, tmp3, j, y_, y, t >>

c_(self) == /\ pc[self] = "c_"
            /\ IF x = 2
                  THEN /\ pc' = [pc EXCEPT ![self] = "d"]
                       /\ x' = x
                  ELSE /\ IF x = 3
                             THEN /\ x' = 9
                             ELSE /\ TRUE
                                  /\ x' = x
                       /\ pc' = [pc EXCEPT ![self] = "a_M"]
            /\ UNCHANGED << l, tmp, stack, i, tmp2, l1, tmp3, j, l2, y_, a2, y, 
                            t >>

d(self) == /\ pc[self] = "d"
           /\ x' = 2
           /\ IF y_[self]
                 THEN /\ pc' = [pc EXCEPT ![self] = "a_M"]
                      /\ UNCHANGED << stack, l1, tmp3, j >>
                 ELSE /\ /\ l1' = [l1 EXCEPT ![self] = 1]
                         /\ stack' = [stack EXCEPT ![self] = << [ procedure |->  "Other",
                                                                  pc        |->  "a_M",
                                                                  j         |->  j[self],
                                                                  l1        |->  l1[self],
                                                                  tmp3      |->  tmp3[self] ] >>
                                                              \o stack[self]]
                         /\ tmp3' = [tmp3 EXCEPT ![self] = 2]
                      /\ j' = [j EXCEPT ![self] = 1]
                      /\ pc' = [pc EXCEPT ![self] = "a_"]
           /\ UNCHANGED << l, tmp, i, tmp2, l2, y_, a2, y, t >>

z(self) == /\ pc[self] = "z"
           /\ x' = 8
           /\ pc' = [pc EXCEPT ![self] = "Lbl_1"]
           /\ UNCHANGED << l, tmp, stack, i, tmp2, l1, tmp3, j, l2, y_, a2, y, 
                           t >>

Lbl_1(self) == /\ pc[self] = "Lbl_1"
               /\ x' = 9
               /\ pc' = [pc EXCEPT ![self] = "Done"]
               /\ UNCHANGED << l, tmp, stack, i, tmp2, l1, tmp3, j, l2, y_, a2, 
                               y, t >>

Main(self) == a_M(self) \/ b_(self) \/ c_(self) \/ d(self) \/ z(self)
                 \/ Lbl_1(self)

a_S == /\ pc[17] = "a_S"
       /\ t' = y
       /\ l' = [a |-> y.y, y |-> t', b |-> [t' EXCEPT !.y = y]]
       /\ y' = (\A q \in {y, t'}, t2 \in {} : q)
       /\ \/ /\ x' = 1
             /\ pc' = [pc EXCEPT ![17] = "c"]
          \/ /\ pc' = [pc EXCEPT ![17] = "b"]
             /\ x' = x
       /\ UNCHANGED << tmp, stack, i, tmp2, l1, tmp3, j, l2, y_, a2 >>

b == /\ pc[17] = "b"
     /\ y' = 3
     /\ /\ l1' = [l1 EXCEPT ![17] = y']
        /\ stack' = [stack EXCEPT ![17] = << [ procedure |->  "Other",
                                               pc        |->  "c",
                                               j         |->  j[17],
                                               l1        |->  l1[17],
                                               tmp3      |->  tmp3[17] ] >>
                                           \o stack[17]]
        /\ tmp3' = [tmp3 EXCEPT ![17] = t]
     /\ j' = [j EXCEPT ![17] = 1]
     /\ pc' = [pc EXCEPT ![17] = "a_"]
     /\ UNCHANGED << x, l, tmp, i, tmp2, l2, y_, a2, t >>

c == /\ pc[17] = "c"
     /\ LET q == y IN
          \E r \in {t}:
            /\ q = r
            /\ PrintT(q)
            /\ Assert(r = <<q, "\\">>, 
                      "Failure of assertion at line 26, column 108.")
     /\ pc' = [pc EXCEPT ![17] = "Done"]
     /\ UNCHANGED << x, l, tmp, stack, i, tmp2, l1, tmp3, j, l2, y_, a2, y, t >>

Side == a_S \/ b \/ c

a(self) == /\ pc[self] = "a"
           /\ \/ /\ x' = 1
              \/ /\ x' = 2
           /\ pc' = [pc EXCEPT ![self] = "a"]
           /\ UNCHANGED << l, tmp, stack, i, tmp2, l1, tmp3, j, l2, y_, a2, y, 
                           t >>

Third(self) == a(self)

(* Allow infinite stuttering to prevent deadlock on termination. *)
Terminating == /\ \A self \in ProcSet: pc[self] = "Done"
               /\ UNCHANGED vars

Next == Side
           \/ (\E self \in ProcSet: P(self) \/ Other(self))
           \/ (\E self \in 1..3: Main(self))
           \/ (\E self \in {"a"}: Third(self))
           \/ Terminating

Spec == /\ Init /\ [][Next]_vars
        /\ \A self \in 1..3 : /\ WF_vars((pc[self] # "c_") /\ Main(self))
                              /\ SF_vars(b_(self))
                              /\ WF_vars(P(self))
                              /\ WF_vars(Other(self))
        /\ SF_vars(Side) /\ SF_vars(Other(17)) /\ SF_vars(P(17))

Termination == <>(\A self \in ProcSet: pc[self] = "Done")

\* END TRANSLATION 
====
