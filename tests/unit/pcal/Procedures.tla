---- MODULE Procedures ----
EXTENDS Naturals, Sequences, TLC
(* PlusCal options (-label)
--algorithm Procedures
variables x = [i \in 1..3 |-> /\ i > 1
                              /\ i < 3], y \in {1,
   2}, z;  stack1 = "a\"b";
define
  Foo(a) == \/ a = x
            \/ \A i, j \in 1..2 : i = j
end define;
macro Set(v, e) begin
  v[1].f := e || z := e + 1;
  if e > 2 then v := e else skip; end if;
end macro
macro Outer(w, a, b) begin
  Set(w, a * b);
  either await /\ a = b
               /\ b < a
  or print <<a, [a |-> b], w.a>>; end either;
end macro
procedure P(p, q = 3)
 variables x2 = 1; l = /\ p
                       /\ q;
begin
 A: p := q + 1; l := p;
    if p > 1 then call P(p, q); return; elsif q = 2 then return; else x2 := 1; end if;
 B:- call Q(); goto A;
end procedure
procedure Q() variable l begin
 A: with k \in {1,2}, m = k+1 do l := k; y := m; end with;
   C: while l > 1 do l := l - 1; if l = 3 then goto A; end if; D: x[l] := 3; end while;
   return;
end procedure;
begin
 Start:+ Outer(x[2], y, z + 1);
 x := z || y[1] := 3;
 call P(1, 2);
end algorithm
*)
\* BEGIN TRANSLATION (chksum(pcal) = "613840b0" /\ chksum(tla) = "6cb7d5d")
\* Label A of procedure P at line 26 col 5 changed to A_
\* Procedure variable l of procedure P at line 23 col 20 changed to l_
CONSTANT defaultInitValue
VARIABLES pc, x, y, z, stack1, stack

(* define statement *)
Foo(a) == \/ a = x
          \/ \A i, j \in 1..2 : i = j

VARIABLES p, q, x2, l_, l

vars == << pc, x, y, z, stack1, stack, p, q, x2, l_, l >>

Init == (* Global variables *)
        /\ x = [i \in 1..3 |-> /\ i > 1
                               /\ i < 3]
        /\ y \in                                             {1,
                 2}
        /\ z = defaultInitValue
        /\ stack1 = "a\"b"
        (* Procedure P *)
        /\ p = defaultInitValue
        /\ q = 3
        /\ x2 = 1
        /\ l_ = (/\ p
                 /\ q)
        (* Procedure Q *)
        /\ l = defaultInitValue
        /\ stack = << >>
        /\ pc = "Start"

A_ == /\ pc = "A_"
      /\ p' = q + 1
      /\ l_' = p'
      /\ IF p' > 1
            THEN /\ pc' = "Lbl_1"
                 /\ x2' = x2
            ELSE /\ IF q = 2
                       THEN /\ pc' = "Lbl_2"
                            /\ x2' = x2
                       ELSE /\ x2' = 1
                            /\ pc' = "B"
      /\ UNCHANGED << x, y, z, stack1, stack, q, l >>

Lbl_1 == /\ pc = "Lbl_1"
         /\ /\ p' = p
            /\ q' = q
         /\ x2' = 1
         /\ l_' = (/\ p'
                   /\ q')
         /\ pc' = "A_"
         /\ UNCHANGED << x, y, z, stack1, stack, l >>

Lbl_2 == /\ pc = "Lbl_2"
         /\ pc' = Head(stack).pc
         /\ x2' = Head(stack).x2
         /\ l_' = Head(stack).l_
         /\ p' = Head(stack).p
         /\ q' = Head(stack).q
         /\ stack' = Tail(stack)
         /\ UNCHANGED << x, y, z, stack1, l >>

B == /\ pc = "B"
     /\ stack' = << [ procedure |->  "Q",
                      pc        |->  "A",
                      l         |->  l ] >>
                  \o stack
     /\ l' = defaultInitValue
     /\ pc' = "A"
     /\ UNCHANGED << x, y, z, stack1, p, q, x2, l_ >>

P == A_ \/ Lbl_1 \/ Lbl_2 \/ B

A == /\ pc = "A"
     /\ \E k \in {1,2}:
          LET m == k+1 IN
            /\ l' = k
            /\ y' = m
     /\ pc' = "C"
     /\ UNCHANGED << x, z, stack1, stack, p, q, x2, l_ >>

C == /\ pc = "C"
     /\ IF l > 1
           THEN /\ l' = l - 1
                /\ IF l' = 3
                      THEN /\ pc' = "A"
                      ELSE /\ pc' = "D"
                /\ stack' = stack
           ELSE /\ pc' = Head(stack).pc
                /\ l' = Head(stack).l
                /\ stack' = Tail(stack)
     /\ UNCHANGED << x, y, z, stack1, p, q, x2, l_ >>

D == /\ pc = "D"
     /\ x' = [x EXCEPT ![l] = 3]
     /\ pc' = "C"
     /\ UNCHANGED << y, z, stack1, stack, p, q, x2, l_, l >>

Q == A \/ C \/ D

Start == /\ pc = "Start"
         /\ /\ x' = [x EXCEPT ![2][1].f = y * (z + 1)]
            /\ z' = (y * (z + 1)) + 1
         /\ IF (y * (z' + 1)) > 2
               THEN /\ pc' = "Lbl_3"
               ELSE /\ TRUE
                    /\ pc' = "Lbl_4"
         /\ UNCHANGED << y, stack1, stack, p, q, x2, l_, l >>

Lbl_3 == /\ pc = "Lbl_3"
         /\ x' = [x EXCEPT ![2] = y * (z + 1)]
         /\ pc' = "Lbl_4"
         /\ UNCHANGED << y, z, stack1, stack, p, q, x2, l_, l >>

Lbl_4 == /\ pc = "Lbl_4"
         /\ \/ /\ /\ y = (z + 1)
                  /\ (z + 1) < y
            \/ /\ PrintT(<<y, [a |-> (z + 1)], (x[2]).a>>)
         /\ /\ x' = z
            /\ y' = [y EXCEPT ![1] = 3]
         /\ /\ p' = 1
            /\ q' = 2
            /\ stack' = << [ procedure |->  "P",
                             pc        |->  "Done",
                             x2        |->  x2,
                             l_        |->  l_,
                             p         |->  p,
                             q         |->  q ] >>
                         \o stack
         /\ x2' = 1
         /\ l_' = (/\ p'
                   /\ q')
         /\ pc' = "A_"
         /\ UNCHANGED << z, stack1, l >>

(* Allow infinite stuttering to prevent deadlock on termination. *)
Terminating == pc = "Done" /\ UNCHANGED vars

Next == P \/ Q \/ Start \/ Lbl_3 \/ Lbl_4
           \/ Terminating

Spec == Init /\ [][Next]_vars

Termination == <>(pc = "Done")

\* END TRANSLATION 
====
