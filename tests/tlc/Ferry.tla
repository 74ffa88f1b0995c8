------------------------------- MODULE Ferry -------------------------------
(* A ferry carries cars over a river, one bank at a time. *)
EXTENDS Naturals, FiniteSets

CONSTANTS Cars, Room

ASSUME RoomForOne == Room > 0

VARIABLES bank, deck, side

vars == <<bank, deck, side>>

Sides == {"west", "east"}

TypeOK == /\ bank \in [Cars -> Sides]
          /\ deck \subseteq Cars
          /\ side \in Sides

Init == /\ bank = [c \in Cars |-> "west"]
        /\ deck = {}
        /\ side \in Sides

Other(s) == IF s = "west" THEN "east" ELSE "west"

Board(c) == /\ c \notin deck
            /\ bank[c] = side
            /\ Cardinality(deck) < Room
            /\ deck' = deck \cup {c}
            /\ UNCHANGED <<bank, side>>

Leave(c) == /\ c \in deck
            /\ deck' = deck \ {c}
            /\ bank' = [bank EXCEPT ![c] = side]
            /\ UNCHANGED side

Cross == /\ side' = Other(side)
         /\ UNCHANGED <<bank, deck>>

Next == (\E c \in Cars : Board(c) \/ Leave(c)) \/ Cross

Spec == Init /\ [][Next]_vars

NeverAllEast == \E c \in Cars : bank[c] = "west"

OneMoves == [][Cardinality({c \in Cars : bank'[c] # bank[c]}) <= 1]_vars
NeverBack == [][\A c \in Cars : bank[c] = "east" => bank'[c] = "east"]_vars
=============================================================================
