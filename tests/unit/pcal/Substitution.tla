---- MODULE Substitution ----
EXTENDS Naturals, Sequences
(* PlusCal options (label) *)
(*--algorithm Substitution { variable queue = [i \in 1..2 |-> <<>>], pc_ = 0, self2 = 1, v; 
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
\* BEGIN TRANSLATION (chksum(pcal) = "f61ab5fd" /\ chksum(tla) = "7190dd20")
\* Label v of procedure send2 at line 12 col 61 changed to v_
\* Label L of process send at line 5 col 21 changed to L_
\* Process variable m of process send at line 15 col 36 changed to m_
\* Process variable m of process P2 at line 19 col 30 changed to m_P
CONSTANT defaultInitValue
VARIABLES pc, queue, pc_, self2, v, stack, v1, v2, v3, m, m_, both, m_P

vars == << pc, queue, pc_, self2, v, stack, v1, v2, v3, m, m_, both, m_P >>

ProcSet == (1..2) \cup {"p"}

Init == (* Global variables *)
        /\ queue = [i \in 1..2 |-> <<>>]
        /\ pc_ = 0
        /\ self2 = 1
        /\ v = defaultInitValue
        (* Procedure send2 *)
        /\ v1 = [ self \in ProcSet |-> defaultInitValue]
        /\ v2 = [ self \in ProcSet |-> v]
        /\ v3 = [ self \in ProcSet |-> v1[self]]
        /\ m = [ self \in ProcSet |-> 1]
        (* Process send *)
        /\ m_ = [self \in 1..2 |-> defaultInitValue]
        /\ both = [self \in 1..2 |-> 1]
        (* Process P2 *)
        /\ m_P = 2
        /\ stack = [self \in ProcSet |-> << >>]
        /\ pc = [self \in ProcSet |-> CASE self \in 1..2 -> "L_"
                                        [] self = "p" -> "L"]

v_(self) == /\ pc[self] = "v_"
            /\ m' = [m EXCEPT ![self] = v1[self]]
            /\ v1' = [v1 EXCEPT ![self] =                                                               /\ v
                                          /\ v1[self]
                                          /\ v]
            /\ pc' = [pc EXCEPT ![self] = "Lbl_9"]
            /\ UNCHANGED << queue, pc_, self2, v, stack, v2, v3, m_, both, m_P >>

Lbl_9(self) == /\ pc[self] = "Lbl_9"
               /\ pc' = [pc EXCEPT ![self] = Head(stack[self]).pc]
               /\ v3' = [v3 EXCEPT ![self] = Head(stack[self]).v3]
               /\ m' = [m EXCEPT ![self] = Head(stack[self]).m]
               /\ v1' = [v1 EXCEPT ![self] = Head(stack[self]).v1]
               /\ v2' = [v2 EXCEPT ![self] = Head(stack[self]).v2]
               /\ stack' = [stack EXCEPT ![self] = Tail(stack[self])]
               /\ UNCHANGED << queue, pc_, self2, v, m_, both, m_P >>

send2(self) == v_(self) \/ Lbl_9(self)

L_(self) == /\ pc[self] = "L_"
            /\ queue' = [queue EXCEPT ![(self + 1)] = Append((queue[(self + 1)]), (/\ m_[self]
                                                                                   /\ both[self]))]
            /\ pc' = [pc EXCEPT ![self] = "Lbl_1"]
            /\ UNCHANGED << pc_, self2, v, stack, v1, v2, v3, m, m_, both, m_P >>

Lbl_1(self) == /\ pc[self] = "Lbl_1"
               /\ /\ queue' = [queue EXCEPT ![(self + 1)][1] = /\ m_[self]
                                                               /\ both[self]]
                  /\ self2' = (/\ m_[self]
                               /\ both[self])
               /\                    Len((                                        queue'[(/\ m_[self]
                                                                                          /\ both[self])].x[(self + 1)
                  ])) > 0
                  /\ (                                        queue'[(/\ m_[self]
                                                                      /\ both[self])].x[(self + 1)
                  ]) # << >>
               /\ m_' = [m_ EXCEPT ![self] = Head((                                        queue'[(/\ m_[self]
                                                                                                   /\ both[self])].x[(self + 1)
                                             ]))]
               /\ pc' = [pc EXCEPT ![self] = "Lbl_3"]
               /\ UNCHANGED << pc_, v, stack, v1, v2, v3, m, both, m_P >>

Lbl_3(self) == /\ pc[self] = "Lbl_3"
               /\ queue' = [queue EXCEPT !                                             [(/\ m_[self]
                                                                                         /\ both[self])].x[(self + 1)
                                          ].a.b = Tail((                                        queue[(/\ m_[self]
                                                                                                       /\ both[self])].x[(self + 1)
                                                  ]))]
               /\ \E i \in self + 1:
                    LET j == [b |-> (/\ m_[self]
                                     /\ both[self]), c |-> m_[self].c] IN
                      IF i = (/\ m_[self]
                              /\ both[self])
                         THEN /\ m_' = [m_ EXCEPT ![self] = i]
                         ELSE /\                                                                                ~
                                 /\ (self + 1)
                                 /\ (/\ m_[self]
                                     /\ both[self])
                              /\ m_' = m_
               /\ pc' = [pc EXCEPT ![self] = "M"]
               /\ UNCHANGED << pc_, self2, v, stack, v1, v2, v3, m, both, m_P >>

M(self) == /\ pc[self] = "M"
           /\ IF m_[self] > 1
                 THEN /\ IF m_[self] = 2
                            THEN /\ pc' = [pc EXCEPT ![self] = "L1"]
                                 /\ UNCHANGED << stack, v1, v2, v3, m >>
                            ELSE /\ IF m_[self] = 3
                                       THEN /\ /\ stack' = [stack EXCEPT ![self] = << [ procedure |->  "send2",
                                                                                        pc        |->  "N",
                                                                                        v3        |->  v3[self],
                                                                                        m         |->  m[self],
                                                                                        v1        |->  v1[self],
                                                                                        v2        |->  v2[self] ] >>
                                                                                    \o stack[self]]
                                               /\ v1' = [v1 EXCEPT ![self] = m_[self]]
                                               /\ v2' = [v2 EXCEPT ![self] = both[self]]
                                            /\ v3' = [v3 EXCEPT ![self] = v1'[self]]
                                            /\ m' = [m EXCEPT ![self] = 1]
                                            /\ pc' = [pc EXCEPT ![self] = "v_"]
                                       ELSE /\ PrintT(m_[self])
                                            /\ pc' = [pc EXCEPT ![self] = "L_"]
                                            /\ UNCHANGED << stack, v1, v2, v3, 
                                                            m >>
                      /\ m_' = m_
                 ELSE /\ IF m_[self]
                            THEN /\ m_' = [m_ EXCEPT ![self] = 1]
                            ELSE /\ TRUE
                                 /\ m_' = m_
                      /\ pc' = [pc EXCEPT ![self] = "Done"]
                      /\ UNCHANGED << stack, v1, v2, v3, m >>
           /\ UNCHANGED << queue, pc_, self2, v, both, m_P >>

N(self) == /\ pc[self] = "N"
           /\ \/ /\ TRUE
                 /\ pc' = [pc EXCEPT ![self] = "Lbl_5"]
              \/ /\ TRUE
                 /\ pc' = [pc EXCEPT ![self] = "Lbl_2"]
              \/ /\ pc' = [pc EXCEPT ![self] = "Lbl_4"]
           /\ UNCHANGED << queue, pc_, self2, v, stack, v1, v2, v3, m, m_, 
                           both, m_P >>

Lbl_2(self) == /\ pc[self] = "Lbl_2"
               /\ TRUE
               /\ pc' = [pc EXCEPT ![self] = "Lbl_5"]
               /\ UNCHANGED << queue, pc_, self2, v, stack, v1, v2, v3, m, m_, 
                               both, m_P >>

Lbl_4(self) == /\ pc[self] = "Lbl_4"
               /\ IF both[self]
                     THEN /\ TRUE
                          /\ pc' = [pc EXCEPT ![self] = "Lbl_4"]
                     ELSE /\ pc' = [pc EXCEPT ![self] = "Lbl_5"]
               /\ UNCHANGED << queue, pc_, self2, v, stack, v1, v2, v3, m, m_, 
                               both, m_P >>

Lbl_5(self) == /\ pc[self] = "Lbl_5"
               /\ m_' = [m_ EXCEPT ![self] =                                                                                                                                                                    /\ m_[self] /\ both[self]
                                             /\ m_[self][m_[self]].m /\ both[self]]
               /\ pc' = [pc EXCEPT ![self] = "M"]
               /\ UNCHANGED << queue, pc_, self2, v, stack, v1, v2, v3, m, 
                               both, m_P >>

L1(self) == /\ pc[self] = "L1"
            /\ TRUE
            /\ pc' = [pc EXCEPT ![self] = "N"]
            /\ UNCHANGED << queue, pc_, self2, v, stack, v1, v2, v3, m, m_, 
                            both, m_P >>

send(self) == L_(self) \/ Lbl_1(self) \/ Lbl_3(self) \/ M(self) \/ N(self)
                 \/ Lbl_2(self) \/ Lbl_4(self) \/ Lbl_5(self) \/ L1(self)

L == /\ pc["p"] = "L"
     /\ m_P' = 1
     /\ pc' = [pc EXCEPT !["p"] = "Lbl_6"]
     /\ UNCHANGED << queue, pc_, self2, v, stack, v1, v2, v3, m, m_, both >>

Lbl_6 == /\ pc["p"] = "Lbl_6"
         /\ m_P' = m_P + 1
         /\ /\ stack' = [stack EXCEPT !["p"] = << [ procedure |->  "send2",
                                                    pc        |->  "Lbl_7",
                                                    v3        |->  v3["p"],
                                                    m         |->  m["p"],
                                                    v1        |->  v1["p"],
                                                    v2        |->  v2["p"] ] >>
                                                \o stack["p"]]
            /\ v1' = [v1 EXCEPT !["p"] = 1]
            /\ v2' = [v2 EXCEPT !["p"] = 2]
         /\ v3' = [v3 EXCEPT !["p"] = v1'["p"]]
         /\ m' = [m EXCEPT !["p"] = 1]
         /\ pc' = [pc EXCEPT !["p"] = "v_"]
         /\ UNCHANGED << queue, pc_, self2, v, m_, both >>

Lbl_7 == /\ pc["p"] = "Lbl_7"
         /\ m_P' = (  /\ queue
                    /\ IF m_P THEN {m_P} ELSE
                    {m_P, m_P})
         /\ pc' = [pc EXCEPT !["p"] = "Lbl_8"]
         /\ UNCHANGED << queue, pc_, self2, v, stack, v1, v2, v3, m, m_, both >>

Lbl_8 == /\ pc["p"] = "Lbl_8"
         /\ m_P' = << 1 >>
         /\ pc' = [pc EXCEPT !["p"] = "Done"]
         /\ UNCHANGED << queue, pc_, self2, v, stack, v1, v2, v3, m, m_, both >>

P2 == L \/ Lbl_6 \/ Lbl_7 \/ Lbl_8

(* Allow infinite stuttering to prevent deadlock on termination. *)
Terminating == /\ \A self \in ProcSet: pc[self] = "Done"
               /\ UNCHANGED vars

Next == P2
           \/ (\E self \in ProcSet: send2(self))
           \/ (\E self \in 1..2: send(self))
           \/ Terminating

Spec == Init /\ [][Next]_vars

Termination == <>(\A self \in ProcSet: pc[self] = "Done")

\* END TRANSLATION 
====
