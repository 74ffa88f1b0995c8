-------------------------------- MODULE Bags --------------------------------
(***************************************************************************)
(* Bags, also called multisets.  A bag is a function to the positive       *)
(* naturals that maps each of its elements to the number of its copies;    *)
(* what has no copy is not in the domain.                                  *)
(*                                                                         *)
(* All operators but SubBag are native.                                    *)
(***************************************************************************)
EXTENDS TLC
LOCAL INSTANCE Naturals

IsABag(B) == B \in [DOMAIN B -> Nat \ {0}]

(***************************************************************************)
(* Between bags and sets: forget the copies; take one copy of each.        *)
(***************************************************************************)
BagToSet(B) == DOMAIN B
SetToBag(S) == [x \in S |-> 1]

BagIn(e, B) == e \in BagToSet(B)

EmptyBag == SetToBag({})

(***************************************************************************)
(* The number of copies of e in B, which may be none.                      *)
(***************************************************************************)
CopiesIn(e, B) == IF BagIn(e, B) THEN B[e] ELSE 0

(***************************************************************************)
(* Sum and difference count copies.  What the difference would leave with  *)
(* no copy, or with fewer, is not in it.                                   *)
(***************************************************************************)
B1 (+) B2 ==
  [x \in (DOMAIN B1) \cup (DOMAIN B2) |-> CopiesIn(x, B1) + CopiesIn(x, B2)]

B1 (-) B2 ==
  [x \in {y \in DOMAIN B1 : B1[y] > CopiesIn(y, B2)} |-> B1[x] - CopiesIn(x, B2)]

(***************************************************************************)
(* B1 is contained in B2: no element has more copies in B1.                *)
(***************************************************************************)
B1 \sqsubseteq B2 ==
  /\ DOMAIN B1 \subseteq DOMAIN B2
  /\ \A x \in DOMAIN B1 : B1[x] \leq B2[x]

LOCAL Total(f) ==
  LET Partial[D \in SUBSET DOMAIN f] ==
        IF D = {} THEN 0
                  ELSE LET x == CHOOSE y \in D : TRUE
                       IN  f[x] + Partial[D \ {x}]
  IN  Partial[DOMAIN f]

(***************************************************************************)
(* The sum of all bags in the set S.                                       *)
(***************************************************************************)
BagUnion(S) ==
  [x \in UNION {BagToSet(B) : B \in S} |-> Total([B \in S |-> CopiesIn(x, B)])]

(***************************************************************************)
(* The set of all bags contained in B: from those without the element x,   *)
(* the others follow by giving them one copy of x, two copies, and so on.  *)
(***************************************************************************)
SubBag(B) ==
  LET Within[D \in SUBSET DOMAIN B] ==
        IF D = {}
        THEN {EmptyBag}
        ELSE LET x == CHOOSE y \in D : TRUE
                 without == Within[D \ {x}]
             IN  without \cup {b @@ (x :> n) : b \in without, n \in 1..B[x]}
  IN  Within[DOMAIN B]

(***************************************************************************)
(* The bag of the F(x), with as many copies as the x that lead there have  *)
(* together.                                                               *)
(***************************************************************************)
BagOfAll(F(_), B) ==
  [y \in {F(x) : x \in BagToSet(B)} |->
     Total([x \in {z \in BagToSet(B) : F(z) = y} |-> B[x]])]

(***************************************************************************)
(* The number of all copies together.                                      *)
(***************************************************************************)
BagCardinality(B) == Total(B)
=============================================================================
