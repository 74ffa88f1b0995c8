----------------------------- MODULE Sequences ------------------------------
(***************************************************************************)
(* Finite sequences.  A sequence of length n is a function with domain     *)
(* 1..n, and so is an n-tuple: the two are the same thing.                 *)
(*                                                                         *)
(* All operators are native.  The natives also take strings where that     *)
(* makes sense: a string counts as the sequence of its characters for Len, *)
(* \o, SubSeq and Tail.                                                    *)
(***************************************************************************)
LOCAL INSTANCE Naturals

(***************************************************************************)
(* All sequences over S, of any length.                                    *)
(***************************************************************************)
Seq(S) == UNION {[1..len -> S] : len \in Nat}

Len(s) == CHOOSE len \in Nat : DOMAIN s = 1..len

(***************************************************************************)
(* First s, then t.                                                        *)
(***************************************************************************)
s \o t ==
  [i \in 1..(Len(s) + Len(t)) |-> IF i \leq Len(s) THEN s[i] ELSE t[i - Len(s)]]

Append(s, e) == [i \in 1..(Len(s) + 1) |-> IF i \leq Len(s) THEN s[i] ELSE e]

Head(s) == s[1]

(***************************************************************************)
(* All but the first element; there is no tail of the empty sequence.      *)
(***************************************************************************)
Tail(s) == CASE Len(s) > 0 -> [i \in 1..(Len(s) - 1) |-> s[i + 1]]

(***************************************************************************)
(* The elements at the positions from..to; empty if from > to.             *)
(***************************************************************************)
SubSeq(s, from, to) == [i \in 1..((to + 1) - from) |-> s[(from + i) - 1]]

(***************************************************************************)
(* The elements that pass the test, in their order.                        *)
(***************************************************************************)
SelectSeq(s, Test(_)) ==
  LET Passed[n \in 0..Len(s)] ==
        CASE n = 0 -> <<>>
          [] n > 0 -> Passed[n - 1] \o (IF Test(s[n]) THEN <<s[n]>> ELSE <<>>)
  IN  Passed[Len(s)]
=============================================================================
