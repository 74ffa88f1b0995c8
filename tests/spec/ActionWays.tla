\* args: --native-wait
\* recorded: TLC cc6b616
\* expect: ok, 936 distinct, 44334 generated, depth 9
---- MODULE ActionWays ----
\* What holds in several ways before all variables have values multiplies successors; afterwards it is a Boolean.
EXTENDS Naturals, FiniteSets, Sequences
VARIABLES x, y, s, q

vars == <<x, y, s, q>>
D == 0..2
Low(n) == n < 2
Twice(F) == F /\ F
Either(F, G) == F \/ G
Apply(Op(_), v) == Op(v)
Set(v, e) == v' = e

Init == x = 0 /\ y \in {0, 1} /\ s = {} /\ q = <<>>

\* Both true: two ways, each with the whole rest.
Or1 == /\ x < 2 \/ y < 2
       /\ x' = (x + 1) % 3
       /\ UNCHANGED <<y, s, q>>
\* The same behind the last assignment: one.
Or2 == /\ x' = x /\ y' = (y + 1) % 3 /\ UNCHANGED <<s, q>>
       /\ x' < 2 \/ y' < 3
\* An existential guard in as many ways as it has witnesses.
Exists1 == /\ \E e \in s : e >= 0
           /\ s' = s \ {x}
           /\ UNCHANGED <<x, y, q>>
\* Instances multiply: the set depends on the state.
Forall1 == /\ \A e \in s : e = 0 \/ e < 2 \/ y > 0
           /\ s' = s \cup {y}
           /\ UNCHANGED <<x, y, q>>
\* The same over a set that does not.
Forall2 == /\ \A e \in {0, 1} : e \in s \/ Low(y) \/ x = e
           /\ s' = s \cup {x}
           /\ y' \in {x, y}
           /\ UNCHANGED <<x, q>>
\* Instances that assign: the first, then the last down to the second.
Forall3 == /\ \A i \in 1..3 : \/ i = 1 /\ x' \in D
                              \/ i = 2 /\ y' = x' /\ x > 0
                              \/ i = 3 /\ q' = IF Len(q) < 2 THEN Append(q, x') ELSE <<>>
           /\ UNCHANGED s
\* A formula as an argument is solved at each use; one way of the second for each of the first.
Arguments == /\ Twice(x = 0 \/ y = 0)
             /\ Apply(LAMBDA v : v = 0 \/ v = x \/ v = y, x)
             /\ Either(Set(x, y), Set(x, 1))
             /\ Set(y, x') /\ UNCHANGED <<s, q>>
\* Conditions decide, they do not multiply.
Conditions == /\ IF x = 0 \/ y = 0 THEN x' \in {0, 1} \/ x' = 1 ELSE x' = 2
              /\ CASE x' = 0 -> y' = 1
                   [] x' = 1 /\ y = 2 -> y' \in D
                   [] OTHER -> \E e \in {x', y} : y' = e
              /\ (x' = y' => s' = {}) /\ (x' # y' => (s' = s \/ s' = s \cup {x'}))
              /\ UNCHANGED q
\* LET, [A]_v and <<A>>_v inside of an action.
Brackets == LET next == (x + 1) % 3
                Grow == s' = s \cup {next}
            IN  /\ [Grow /\ next > 0]_s
                /\ <<x' \in {next, x}>>_x
                /\ y' = y
                /\ \/ q' = <<>>
                   \/ q # <<>> /\ q' = Tail(q)
                   \/ UNCHANGED q
\* A lazy union is walked as it was built: elements twice.
Unions == /\ x' \in UNION {0..1, {1}} /\ y' \in {e \in D : e > 0} \cup {e \in D : e < 2}
          /\ s' \subseteq {x'}
          /\ UNCHANGED q
\* Already assigned: a comparison, also of what is assigned in two ways.
Again == /\ \/ x' = 1
            \/ UNCHANGED x
         /\ x' = 1
         /\ UNCHANGED <<y, s>>
         /\ y' \in {x, y} /\ s' = s
         /\ q' \in {<<>>, <<x'>>} /\ UNCHANGED <<x, q>>
\* Functions that are applied without being built: their bodies are solved.
Step[n \in D] == x' = n \/ x' = (n + x) % 3
Functions == LET Guard == [n \in D |-> n = x \/ n = y] IN
             /\ Guard[y]
             /\ [n \in D |-> n \in s \/ n < 2][x]
             /\ Step[y]
             /\ UNCHANGED <<y, s, q>>
\* Nothing holds, and much of it is never looked at.
Never == /\ x > 5 /\ Head(q) = 0
         /\ UNCHANGED vars

Next == Or1 \/ Or2 \/ Exists1 \/ Forall1 \/ Forall2 \/ Forall3 \/ Arguments \/ Conditions \/ Brackets \/ Unions
        \/ Again \/ Functions \/ Never
Spec == Init /\ [][Next]_vars
====
