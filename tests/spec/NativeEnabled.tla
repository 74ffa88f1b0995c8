\* args: --native-wait
\* recorded: TLC cc6b616
\* expect: ok, 1208 distinct, 4637 generated, depth 16
---- MODULE NativeEnabled ----
\* ENABLED in emitted code: guards, several ways, sets that are walked, primed values used again, arguments, nesting.
EXTENDS Integers, Sequences, FiniteSets
VARIABLES x, s, q

vars == <<x, s, q>>

Init == x = 0 /\ s = {} /\ q = <<>>
Up == x < 3 /\ x' = x + 1 /\ UNCHANGED <<s, q>>
Take == \E e \in s : /\ s' = s \ {e}
                     /\ q' = Append(q, e)
                     /\ Len(q') < 3
                     /\ UNCHANGED x
Put == \/ x \notin s /\ s' = s \cup {x} /\ UNCHANGED <<x, q>>
       \/ x = 3 /\ x' \in {0, 1} /\ UNCHANGED s /\ q' = IF q = <<>> THEN q ELSE Tail(q)
Choose(a, P(_)) == \E e \in s : P(e) /\ x' = e + a /\ x' < 3 /\ UNCHANGED <<s, q>>
\* An action that depends on what another can do.
Last == /\ ~ENABLED Take
        /\ q # <<>>
        /\ q' = <<>> /\ UNCHANGED <<x, s>>
Next == Up \/ Take \/ Put \/ Choose(1, LAMBDA e : e # x) \/ Last
Spec == Init /\ [][Next]_vars

EnabledUp == (ENABLED Up) <=> x < 3
EnabledTake == (ENABLED Take) <=> (s # {} /\ Len(q) < 2)
EnabledPut == (ENABLED Put) = (x \notin s \/ x = 3)
EnabledChoose == \A a \in 0..2 : (ENABLED Choose(a, LAMBDA e : e # x)) <=> \E e \in s : e # x /\ e + a < 3
\* Values far from those of the variables, and some variables without any.
Elsewhere == /\ ENABLED (x' = {} /\ q' = x /\ q' >= 0)
             /\ ~ENABLED (s' = <<x>> /\ s'[1] # x)
             /\ ENABLED (x' \in 5..9 /\ x' % 4 = 0)
             /\ ~ENABLED (x' \in 5..7 /\ x' % 4 = 0)
             /\ ENABLED (s' \subseteq {1, 2} /\ Cardinality(s') = 2)
\* Two ways of a guard, instances of \A, conditions, a step of an action or none.
Ways == /\ (ENABLED ((x = 0 \/ x < 2) /\ q' = q)) = (x < 2)
        /\ ENABLED (\A i \in 1..3 : (i = 1 /\ x' = i) \/ (i = 2 /\ q' = s') \/ (i = 3 /\ s' = x'))
        /\ (ENABLED (\A e \in s : e # x \/ e > 2)) = (x \notin s \/ x > 2)
        /\ (ENABLED IF x = 0 THEN x' = 1 /\ x' = 2 ELSE x' = x) = (x # 0)
        /\ ENABLED [Next]_vars
        /\ (ENABLED <<Up>>_x) = (x < 3)
        /\ ~ENABLED <<Up>>_s
Nested == /\ (ENABLED (x' = 1 /\ ENABLED (x' = 2))) /\ (ENABLED (ENABLED Up)) = (x < 3)
Step == [][(ENABLED Last) => (q # <<>> /\ (s' = s \/ x' = x))]_vars
TypeOK == x \in 0..3 /\ s \subseteq 0..3 /\ Len(q) < 3
====
