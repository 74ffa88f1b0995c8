------------------------------ MODULE Apalache ------------------------------
(***************************************************************************)
(* The operators that the symbolic model checker Apalache treats in a way  *)
(* of its own.  Here they have their plain meaning.                        *)
(***************************************************************************)
LOCAL INSTANCE Integers
LOCAL INSTANCE Sequences

(***************************************************************************)
(* Assignment: equality, marked as the place where x gets its value.       *)
(***************************************************************************)
x := e == x = e

(***************************************************************************)
(* An arbitrary value, up to the given size, of the type that the context  *)
(* asks for.  Without types it can only be empty.                          *)
(***************************************************************************)
Gen(size) == {}

(***************************************************************************)
(* Some element of S.                                                      *)
(***************************************************************************)
Guess(S) == CHOOSE x \in S : TRUE

(***************************************************************************)
(* The function that maps x to y for each pair <<x, y>> in S.              *)
(***************************************************************************)
SetAsFun(S) ==
  LET values == {p[2] : p \in S}
  IN  [x \in {p[1] : p \in S} |-> CHOOSE y \in values : <<x, y>> \in S]

(***************************************************************************)
(* The sequence F(1), ..., F(N); and the first len values of a function,   *)
(* of which there are at most capacity, as a sequence.                     *)
(***************************************************************************)
MkSeq(N, F(_)) == [i \in 1..N |-> F(i)]
FunAsSeq(fn, len, capacity) == SubSeq(MkSeq(capacity, LAMBDA i : fn[i]), 1, len)

(***************************************************************************)
(* Hints: replace the quantifier by a constant, enumerate the set, compare *)
(* the cardinality with a constant.                                        *)
(***************************************************************************)
Skolem(e) == e
Expand(S) == S
ConstCardinality(cardExpr) == cardExpr

(***************************************************************************)
(* Folds from the left:  Op(... Op(Op(v, first), second) ..., last).  The  *)
(* order in a set is that of CHOOSE.                                       *)
(***************************************************************************)
ApaFoldSet(Op(_, _), v, S) ==
  LET RECURSIVE From(_, _)
      From(acc, T) ==
        LET x == CHOOSE y \in T : TRUE
        IN  IF T = {} THEN acc ELSE From(Op(acc, x), T \ {x})
  IN  From(v, S)

ApaFoldSeqLeft(Op(_, _), v, seq) ==
  LET Upto[n \in 0..Len(seq)] == IF n = 0 THEN v ELSE Op(Upto[n - 1], seq[n])
  IN  Upto[Len(seq)]

(***************************************************************************)
(* F(... F(F(x, 1), 2) ..., N)                                             *)
(***************************************************************************)
Repeat(F(_, _), N, x) ==
  LET Upto[n \in 0..N] == IF n = 0 THEN x ELSE F(Upto[n - 1], n)
  IN  IF N <= 0 THEN x ELSE Upto[N]
=============================================================================
