\* recorded: TLC cc6b616
\* expect: ok
---- MODULE Recursion ----
(* RECURSIVE operators, recursive functions of one and several arguments, LET, LAMBDA, higher order. *)
EXTENDS Integers, Sequences, FiniteSets, TLC
RECURSIVE Sum(_)
Sum(S) == IF S = {} THEN 0 ELSE LET e == CHOOSE e \in S : TRUE IN e + Sum(S \ {e})
RECURSIVE Even(_), Odd(_)
Even(n) == IF n = 0 THEN TRUE ELSE Odd(n - 1)
Odd(n) == IF n = 0 THEN FALSE ELSE Even(n - 1)
fact[n \in Nat] == IF n = 0 THEN 1 ELSE n * fact[n - 1]
ack[m \in Nat, n \in Nat] == IF m = 0 THEN n + 1
                             ELSE IF n = 0 THEN ack[m - 1, 1] ELSE ack[m - 1, ack[m, n - 1]]
Apply(Op(_, _), a, b) == Op(a, b)
Twice(F(_), v) == F(F(v))
Fold(Op(_, _), base, s) == LET F[i \in 0..Len(s)] == IF i = 0 THEN base ELSE Op(F[i - 1], s[i]) IN F[Len(s)]
ASSUME Sum(1..10) = 55
ASSUME Even(10) /\ Odd(7) /\ ~Even(3)
ASSUME fact[10] = 3628800
ASSUME ack[2, 3] = 9
ASSUME Apply(+, 3, 4) = 7 /\ Apply(LAMBDA p, q : p * q, 3, 4) = 12
ASSUME Twice(LAMBDA v : v * v, 3) = 81
ASSUME Fold(LAMBDA p, q : p \o <<q>>, <<>>, <<3, 1, 2>>) = <<3, 1, 2>>
ASSUME LET f == [i \in 1..3 |-> i * i] g(i) == f[i] + 1 IN g(3) = 10
ASSUME \A s \in SUBSET (1..3) : Sum(s) <= 6
ASSUME [fact2 \in {1, 2} |-> fact[fact2]] = <<1, 2>>
ASSUME LET RECURSIVE down(_) down(n) == IF n = 0 THEN <<>> ELSE <<n>> \o down(n - 1) IN down(3) = <<3, 2, 1>>
====
