------------------------------- MODULE Levels -------------------------------
(* State predicates whose arguments are actions, and operators of a LET that pass themselves on. *)
EXTENDS Naturals

VARIABLE v

Apply(Op(_), x) == Op(x)
Ignore(d) == 1
Can(d) == ENABLED d
CanToo(d) == Can(d) /\ TRUE
CanByName(d) == LET action == d IN ENABLED action
CanByOperator(d) == LET pass(y) == d /\ y
                    IN LET again(z) == Apply(pass, z) IN ENABLED again(TRUE)
CanWith(Op(_), d) == ENABLED Op(d)

Even(number) == LET RECURSIVE even(_), odd(_)
                    even(n) == IF n = 0 THEN TRUE ELSE Apply(odd, n - 1)
                    odd(n) == IF n = 0 THEN FALSE ELSE Apply(even, n - 1)
                IN even(number)
Bound == LET above(y) == y > v IN above(3)!2

Init == v = 0
Next == v' = 1 - v
Up == v = 0 /\ v' = 1

Ignored == Ignore(v') = 1
Enabled == Can(Next) /\ CanToo(Next) /\ CanByName(Next) /\ CanByOperator(Next)
EnabledUp == Can(Up) = (v = 0) /\ CanToo(Up) = (v = 0) /\ CanByName(Up) = (v = 0)
EnabledWith == CanWith(LAMBDA y : y = 0 /\ y' = 1, v) = (v = 0)
Parity == Even(4) /\ ~Even(3)
Selected == Bound = v
=============================================================================
\* recorded: TLC cc6b616
\* expect: ok, 2 distinct, 3 generated, depth 2
