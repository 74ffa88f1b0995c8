\* args: --native-wait
\* recorded: TLC cc6b616
\* expect: ok, 45 distinct, 85 generated, depth 8
---- MODULE NativeInstances ----
\* Quantifiers over sets that are known once the variable of an outer quantifier is: [1..n -> T] and what is made of it.
EXTENDS Integers, Sequences, FiniteSets
VARIABLES q, n

T == {"a", "b"}
Words(len) == [elems : [1..len -> T]]
Len2(w) == Len(w.elems)
Slice(w, i, j) == [elems |-> SubSeq(w.elems, i + 1, j)]

Init == q = <<>> /\ n = 0
Add == \E e \in T : Len(q) < 3 /\ q' = Append(q, e) /\ n' = n
Drop == q # <<>> /\ q' = Tail(q) /\ n' = (n + 1) % 3
Next == Add \/ Drop
Spec == Init /\ [][Next]_<<q, n>>

\* One word at least, and one at most, is the sequence.
Found == \E len \in 0..3 : \E w \in Words(len) : w.elems = q
Once == \A len \in 0..2 : \A v, w \in Words(len) : v.elems = q /\ w.elems = q => v = w
\* Parts of it.
Parts == \A len \in 1..2 : \A w \in Words(len) :
             (\E i \in 0..n : Len(q) >= i + len /\ SubSeq(q, i + 1, i + len) = w.elems)
               => \E j \in 1..len : Slice(w, 0, j).elems[1] \in {q[k] : k \in 1..Len(q)}
\* Decided by the first element, by the last, by none; and where a later one would be an error.
Decided == /\ \E len \in 0..2 : n >= len /\ \A w \in Words(len) : Len2(w) = n - n
           /\ \E len \in {3, 1, 2} : len = 3 /\ \A w \in Words(len) : Len2(w) = 3
           /\ ~\E len \in 1..2 : \E w \in Words(len) : w.elems[len] \notin T
           /\ \E len \in 0..2 : len = 0 \/ \E w \in Words(len) : w.elems[5] = n
           /\ \A len \in {} : \E w \in Words(len) : FALSE
Step == [][\A len \in 1..2 : \A w \in Words(len) : q' = w.elems => Len(q) # len]_<<q, n>>
TypeOK == n \in 0..2 /\ q \in UNION {[1..len -> T] : len \in 0..3}
====
