-------------------------------- MODULE Depot --------------------------------
(* Wagons move between tracks; messages order them. For the counts of expressions. *)
EXTENDS Integers, Sequences

CONSTANTS Wagons, Length

VARIABLES track, orders, moved, phase

vars == <<track, orders, moved, phase>>

Tracks == 1..3

Least(f) == CHOOSE w \in Wagons : \A v \in Wagons : f[w] <= f[v]

Largest(n, m) == IF n > m THEN n ELSE m

RECURSIVE Sum(_)
Sum(s) == IF s = <<>> THEN 0 ELSE Head(s).by + Sum(Tail(s))

Init == /\ track = [w \in Wagons |-> 1]
        /\ orders = <<>>
        /\ moved = 0
        /\ phase \in {"day", "night"}

Order(w, d) == /\ phase = "day"
               /\ Len(orders) < Length
               /\ LET next == track[w] + d
                  IN  /\ next \in Tracks
                      /\ orders' = Append(orders, [wagon |-> w, by |-> d])
               /\ UNCHANGED <<track, moved, phase>>

Move == /\ orders # <<>>
        /\ LET o == Head(orders) IN
             /\ track[o.wagon] + o.by \in Tracks
             /\ track' = [track EXCEPT ![o.wagon] = @ + o.by]
        /\ orders' = Tail(orders)
        /\ moved' = Largest(moved, 1)
        /\ phase' = phase

Drop == \/ /\ phase = "night"
           /\ orders' = <<>>
           /\ phase' = "day"
           /\ UNCHANGED <<track, moved>>
        \/ /\ phase = "never"
           /\ moved' = moved + 1
           /\ UNCHANGED <<track, orders, phase>>

Turn == /\ phase' = CASE phase = "day" -> "night" [] phase = "night" -> "day" [] OTHER -> phase
        /\ UNCHANGED <<track, orders, moved>>

Next == \/ \E w \in Wagons : \E d \in {1, -1} : Order(w, d)
        \/ Move
        \/ Drop
        \/ Turn

Spec == Init /\ [][Next]_vars

TypeOK == /\ \A w \in Wagons : track[w] \in Tracks
          /\ moved \in 0..1
          /\ phase \in {"day", "night"}

Bounded == Sum(orders) <= Length /\ track[Least(track)] <= 3
Small == Len(orders) + moved <= 2
==============================================================================
