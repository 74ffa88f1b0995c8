\* Emitted code and interpreter agree: each operator upon variables equals the table of its values
\* upon constants, which the interpreter computes.
\* args: --native-wait
\* recorded: TLC cc6b616
\* expect: ok, 81 distinct, 460 generated, depth 9
---- MODULE NativeBags ----
EXTENDS Integers, Bags, BagsExt, FiniteSets
VARIABLES a, b
vars == <<a, b>>
Keys == {"k", "l"}
Few == UNION {[S -> 1..2] : S \in SUBSET Keys}

Init == a = EmptyBag /\ b = EmptyBag
Next ==
  \/ \E k \in Keys : CopiesIn(k, a) < 2 /\ a' = BagAdd(a, k) /\ UNCHANGED b
  \/ \E k \in Keys : a' = BagRemove(a, k) /\ UNCHANGED b
  \/ \E k \in Keys : CopiesIn(k, b) < 2 /\ b' = b (+) SetToBag({k}) /\ UNCHANGED a
  \/ b' = b (-) SetToBag(Keys) /\ UNCHANGED a
Spec == Init /\ [][Next]_vars

OfTwo == [f \in Few, g \in Few |->
  <<f (+) g, f (-) g, BagAdd(f, "l"), BagRemove(g, "k"), BagToSet(f), BagIn("k", g),
    CopiesIn("l", f), BagCardinality(f), f = g, DOMAIN f \cup DOMAIN g>>]
Two == <<a (+) b, a (-) b, BagAdd(a, "l"), BagRemove(b, "k"), BagToSet(a), BagIn("k", b),
    CopiesIn("l", a), BagCardinality(a), a = b, DOMAIN a \cup DOMAIN b>> = OfTwo[a, b]
====
