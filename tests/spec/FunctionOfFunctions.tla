\* recorded: TLC cc6b616
\* expect: ok, 12 distinct, 26 generated, depth 5
---- MODULE FunctionOfFunctions ----
(* Recursive functions whose values are functions that refer to themselves: f[a][b] must not build
   f[a]. *)
EXTENDS Naturals

VARIABLE n

\* Binomial coefficients, row by row; a row refers to its own earlier entries.
row[i \in 0..6] == [k \in 0..6 |-> IF k = 0 THEN 1
                                   ELSE IF i = 0 THEN 0
                                   ELSE row[i - 1][k - 1] + row[i - 1][k]]
sums[i \in 0..4] == [k \in 0..4 |-> IF k = 0 THEN i ELSE sums[i][k - 1] + n]
deep[i \in 0..2, j \in 0..2] == [k \in 0..2 |-> IF k = 0 THEN i + j ELSE deep[i, j][k - 1] + 1]

Init == n = 0
Next == n < 9 /\ n' \in {row[3][2] + n, n + 1, deep[1, 2][1]}
Right ==
    /\ row[6][3] = 20
    /\ row[5] = [k \in 0..6 |-> <<1, 5, 10, 10, 5, 1, 0>>[k + 1]]
    /\ sums[3][4] = 3 + 4 * n
    /\ DOMAIN sums[2] = 0..4
    /\ deep[2, 2] = [k \in 0..2 |-> 4 + k]
====
