------------------------------ MODULE KnuthYao ------------------------------
(***************************************************************************)
(* A fair die from a coin (Knuth and Yao, "The complexity of nonuniform    *)
(* random number generation", 1976): three flips choose one of eight       *)
(* leaves, six of which are sides; the other two lead back.                *)
(*                                                                         *)
(*     fathom simulate --stats KnuthYaoStats.cfg --until 1% KnuthYao.tla   *)
(*                                                                         *)
(* Exactly: every side has probability 1/6, and takes 11/3 flips.          *)
(***************************************************************************)
EXTENDS Naturals
VARIABLES at, flips

Coin(tails, heads) == {tails, heads}

Init == at = 1 /\ flips = 0

Flip == /\ at < 10
        /\ \E heads \in Coin(FALSE, TRUE) :
             at' = CASE at = 1 -> IF heads THEN 2 ELSE 3
                     [] at = 2 -> IF heads THEN 4 ELSE 5
                     [] at = 3 -> IF heads THEN 6 ELSE 7
                     [] at = 4 -> IF heads THEN 2 ELSE 11
                     [] at = 5 -> IF heads THEN 12 ELSE 13
                     [] at = 6 -> IF heads THEN 14 ELSE 15
                     [] at = 7 -> IF heads THEN 16 ELSE 3
        /\ flips' = flips + 1

Side == at - 10
TypeOK == at \in 1..7 \union 11..16
Few == flips < 12

\* recorded: TLC cc6b616
\* expect: ok, 63 distinct, 67 generated, depth 12
=============================================================================
