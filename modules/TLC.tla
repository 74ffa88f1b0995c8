-------------------------------- MODULE TLC ---------------------------------
(***************************************************************************)
(* The operators through which a specification talks to the model checker. *)
(* All are native.  A right-hand side gives the value that the operator    *)
(* has as mathematics; where that value is not determined, it is an        *)
(* unbounded choice, which no evaluator can carry out.                     *)
(***************************************************************************)
LOCAL INSTANCE Naturals
LOCAL INSTANCE Sequences
LOCAL INSTANCE FiniteSets
-----------------------------------------------------------------------------
(***************************************************************************)
(* Both print: Print the value of out, followed by that of val, which is   *)
(* also its own value; PrintT the value of out, being itself TRUE.         *)
(***************************************************************************)
Print(out, val) == val
PrintT(out) == CHOOSE done : done = TRUE

(***************************************************************************)
(* TRUE if val is; otherwise the run ends with the message out.            *)
(***************************************************************************)
Assert(val, out) == IF val = TRUE THEN TRUE ELSE CHOOSE failed : TRUE

(***************************************************************************)
(* Milliseconds of the clock on the wall, in 31 bits.                      *)
(***************************************************************************)
JavaTime == CHOOSE ms : ms \in Nat

(***************************************************************************)
(* Registers.  TLCSet(i, v) is TRUE and stores v in register i, a natural  *)
(* number or a name; TLCGet(i) is what was stored last.  Each worker has   *)
(* registers of its own, which start with the values set before and while  *)
(* the initial states are computed.                                        *)
(*                                                                         *)
(* TLCGet also answers questions about the run: "level" (length of the     *)
(* behaviour so far), "diameter", "distinct", "generated", "queue",        *)
(* "duration" (seconds), "stats", "config", "spec", "action", "revision",  *)
(* "all" and "all:name" (a register of all workers), "-Dkey" (a property   *)
(* given on the command line).  TLCSet("exit", TRUE) ends the run,         *)
(* TLCSet("pause", TRUE) holds it.                                         *)
(***************************************************************************)
TLCGet(i) == CHOOSE stored : TRUE
TLCSet(i, v) == CHOOSE done : done = TRUE
-----------------------------------------------------------------------------
(***************************************************************************)
(* Functions by enumeration: d :> e maps d to e and nothing else; f @@ g   *)
(* has the pairs of both, those of f where they disagree.                  *)
(***************************************************************************)
d :> e == [only \in {d} |-> e]

f @@ g ==
  LET own == DOMAIN f
  IN  [x \in own \cup DOMAIN g |-> IF x \in own THEN f[x] ELSE g[x]]

(***************************************************************************)
(* The functions from S onto S.                                            *)
(***************************************************************************)
Permutations(S) == {p \in [S -> S] : \A y \in S : \E x \in S : p[x] = y}
-----------------------------------------------------------------------------
(***************************************************************************)
(* The sequence s rearranged so that Op holds between any earlier and any  *)
(* later of its elements, unless the two are equal.                        *)
(***************************************************************************)
SortSeq(s, Op(_, _)) ==
  LET places == 1..Len(s)
      Sorts(p) == \A i \in places : \A j \in places :
                    i < j => (Op(s[p[i]], s[p[j]]) \/ s[p[i]] = s[p[j]])
      place == CHOOSE p \in Permutations(places) : Sorts(p)
  IN  [i \in places |-> s[place[i]]]

(***************************************************************************)
(* An element of s, each with the same probability.                        *)
(***************************************************************************)
RandomElement(s) == CHOOSE x \in s : TRUE

(***************************************************************************)
(* A set of which every value is an element.  There is no such set; the    *)
(* operator is kept for old specifications, as a domain for functions.     *)
(***************************************************************************)
Any == CHOOSE all : TRUE

(***************************************************************************)
(* The text of v as TLA+ writes it.  Spelling stands for the function that *)
(* maps each value to its text; nothing smaller than all values would be   *)
(* its domain.                                                             *)
(***************************************************************************)
LOCAL Spelling == CHOOSE f : TRUE
ToString(v) == Spelling[v]

(***************************************************************************)
(* v, evaluated at once and completely.                                    *)
(***************************************************************************)
TLCEval(v) == v
=============================================================================
