---- MODULE M ----
THEOREM T == ASSUME NEW CONSTANT x \in S, NEW Op(_), VARIABLE v, STATE s, x > 0, ASSUME p PROVE q PROVE r
PROOF
<1>1. p BY DEF f, +
<1> USE a, MODULE M DEF g
<1>2. CASE c
  <2>1. QED OBVIOUS
<1> DEFINE k == 1 l(x) == 2
<1>a m == 3
<1>3. SUFFICES ASSUME a PROVE b
<1> HAVE x
<1> TAKE x \in S, y \in T
<1> TAKE x, y
<1> WITNESS x \in S, y
<1>4. PICK x : p
  BY <1>1, <1>2
<1>5. PICK x, y \in S : p PROOF OMITTED
<1> HIDE DEF f
<1> INSTANCE Q
<1> QED PROOF
  <*>1. a
    <+>1. QED
  <*> QED
LEMMA []ASSUME a []PROVE b
USE DEF x
THEOREM foo PROOF BY ONLY a
x == 1
====