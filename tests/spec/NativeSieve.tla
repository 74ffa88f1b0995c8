\* workers: 1
\* recorded: TLC cc6b616
\* expect: ok, 1460 distinct, 12732 generated, depth 10
\* cfg: NativeSieve_Error.cfg
\* workers: 1
\* recorded: TLC cc6b616
\* expect: error FM4005, exit 75, 55 distinct, 131 generated, depth 4, trace 3
---- MODULE NativeSieve ----
(* Formulas of which some conjuncts depend on an element of a set of messages alone, and so are
   decided before the search: with all quantifiers, CHOOSE, filters, in one way and in several. The
   other configuration asks first for a field that some messages do not have: what is known of the
   type behind it must not hide the error. *)
EXTENDS Integers, FiniteSets

VARIABLES msgs, n, chosen

Send(m) == msgs' = msgs \cup {m}
Init == msgs = {} /\ n = 0 /\ chosen = -1

First == \E b \in 0..3 : Send([type |-> "a", bal |-> b]) /\ UNCHANGED <<n, chosen>>
Other == \E w \in {"p", "q"} : /\ n > 0
                               /\ Send([type |-> "b", who |-> w])
                               /\ UNCHANGED <<n, chosen>>
Answer == \E m \in msgs : /\ m.type = "a"
                          /\ m.bal <= n
                          /\ Send([type |-> "c", bal |-> m.bal, val |-> n])
                          /\ UNCHANGED <<n, chosen>>
Tick == /\ \A m \in msgs : m.type = "a" /\ m.bal > 1 => n < 2
        /\ \A m \in msgs : m.type = "c" => m.val <= n
        /\ n < 3
        /\ n' = n + 1
        /\ UNCHANGED <<msgs, chosen>>
Choose == /\ \E m \in msgs : m.type = "c" /\ m.bal = n
          /\ chosen' = (CHOOSE m \in msgs : m.type = "c" /\ m.bal = n).val
          /\ UNCHANGED <<msgs, n>>
Filter == LET high == {m \in msgs : m.type = "a" /\ m.bal >= 2}
              mine == {m \in msgs : m.type = "c" /\ m.val = n}
              all == {m \in msgs : TRUE}
          IN /\ Cardinality(high) + Cardinality(mine) = Cardinality(all)
             /\ n' = 0
             /\ UNCHANGED <<msgs, chosen>>
Ways == /\ \E m \in msgs : (m.type = "a" \/ m.type # "b") /\ n = 1
        /\ chosen' = 7
        /\ UNCHANGED <<msgs, n>>
Next == First \/ Other \/ Answer \/ Tick \/ Choose \/ Filter \/ Ways

Wrong == \E m \in msgs : /\ m.bal = 1
                         /\ m.type = "a"
                         /\ n' = n
                         /\ UNCHANGED <<msgs, chosen>>
NextWrong == Next \/ Wrong
Few == Cardinality(msgs) <= 4
====
