\* recorded: TLC cc6b616
\* expect: ok, 2 distinct, 3 generated, depth 2
---- MODULE EnabledInstance ----
(* Under ENABLED a primed variable of an instance is bound by the ENABLED, whatever is substituted. *)
EXTENDS Naturals
---- MODULE Inner ----
VARIABLES x, y
Apart == ENABLED (x' = 0 /\ y' = 1)
Never == ENABLED (x # y /\ x' = 0 /\ y' = 1)
Step == x' = 1 - x /\ UNCHANGED y
Can == ENABLED Step
Half == ENABLED (Step /\ y' # y)
Moves == ENABLED <<Step>>_<<x, y>>
Stays == ENABLED [x' = 7]_<<x, y>> /\ ENABLED (UNCHANGED <<x, y>>)
====
VARIABLE z
Same == INSTANCE Inner WITH x <- z, y <- z
Init == z = 0
Next == z' = 1 - z
Inv == /\ Same!Apart /\ ~Same!Never
       /\ Same!Can /\ ~Same!Half /\ Same!Moves /\ Same!Stays
====
