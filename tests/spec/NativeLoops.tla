\* recorded: TLC cc6b616
\* expect: ok, 901 distinct, 90601 generated, depth 3
---- MODULE NativeLoops ----
(* An action that the interpreter takes over, with more successors than one batch holds, and a
   property with a part that is interpreted, too: what was boxed of the parent while the action's
   loop waited is gone when the loop goes on. *)
EXTENDS Naturals, Sequences, TLC

VARIABLES s, v, w, k
vars == <<s, v, w, k>>

Init == s = {1} /\ v = <<1, {2, 3}, "u">> /\ w = <<0>> /\ k = 0
Many ==
    /\ k < 2 /\ k' = k + 1 /\ UNCHANGED <<s, v>>
    /\ \E i \in 1..300 : \E j \in {<<i, k, {i, i + 1}>>} : \A z \in s : w' = j
Last == k = 1 /\ k' = 3 /\ UNCHANGED <<s, v, w>>
Spec == Init /\ [][Many \/ Last]_vars
Kept == [][ToString(v) = "<<1, {2, 3}, \"u\">>"]_vars
====
