\* ENABLED below a prime, in actions, implied actions and arguments: emitted code and interpreter
\* agree; what the interpreter must do is named.
\* args: --native-wait
\* recorded: TLC cc6b616
\* expect: ok, 192 distinct, 1441 generated, depth 9
\* cfg: NativeEnabledPrimedOpen.cfg
\* recorded: TLC cc6b616
\* expect: error FM4304, exit 75, 2 distinct, 2 generated, depth 2, trace 1
\* workers: 1
---- MODULE NativeEnabledPrimed ----
EXTENDS Integers, Sequences, FiniteSets
VARIABLES x, s, n
vars == <<x, s, n>>

Up == x < 3 /\ x' = x + 1 /\ UNCHANGED <<s, n>>
Take(e) == e \in s /\ s' = s \ {e} /\ UNCHANGED <<x, n>>
Put == \/ x \notin s /\ s' = s \cup {x} /\ UNCHANGED <<x, n>>
       \/ x = 3 /\ x' \in {0, 1} /\ UNCHANGED <<s, n>>
Flips(p) == p # p'
Some(P(_)) == \E e \in 0..3 : P(e)

Init == x = 0 /\ s = {} /\ n = 0
Count(k) == n' = (n + k) % 3
Next ==
  \/ Up
  \/ \E e \in 0..3 : Take(e)
  \/ Put
  \* Only where the step makes something possible, or impossible.
  \/ x' \in {0, 3} /\ s' = s /\ Count(1) /\ Flips(ENABLED Up)
  \/ x' = (x + 2) % 4 /\ s' = {x} /\ Count(2) /\ (ENABLED Put)' /\ (~ENABLED Take(x))'
  \/ \E e \in 0..3 : /\ x' = e /\ s' = s /\ n' = n /\ (ENABLED Take(e))'
                     /\ Some(LAMBDA k : k # e /\ (ENABLED Take(k))')
Spec == Init /\ [][Next]_vars

NextOpen == Up \/ (x' = 1 /\ s' = s /\ (ENABLED Up)' /\ Count(1))

Steps == [][(ENABLED Up)' = (x' < 3) /\ (\A e \in 0..2 : (ENABLED Take(e))' = (e \in s'))]_vars
Nested == [][(ENABLED (Up /\ (ENABLED Put)'))' => x' < 3]_vars
====
