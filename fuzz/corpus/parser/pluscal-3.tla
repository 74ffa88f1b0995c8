---- MODULE S1 ----
EXTENDS Naturals, Sequences, TLC
(* PlusCal options (-label)
--algorithm S1
variables x = [i \in 1..3 |-> /\ i > 1
                              /\ i < 3], y \in {1,
   2}, z;  stack1 = "a\"b";
define
  Foo(a) == \/ a = x
            \/ \A i, j \in 1..2 : i = j
end define;
macro Set(v, e) begin
  v[1].f := e || z := e + 1;
  if e > 2 then v := e else skip; end if;
end macro
macro Outer(w, a, b) begin
  Set(w, a * b);
  either await /\ a = b
               /\ b < a
  or print <<a, [a |-> b], w.a>>; end either;
end macro
procedure P(p, q = 3)
 variables x2 = 1; l = /\ p
                       /\ q;
begin
 A: p := q + 1; l := p;
    if p > 1 then call P(p, q); return; elsif q = 2 then return; else x2 := 1; end if;
 B:- call Q(); goto A;
end procedure
procedure Q() variable l begin
 A: with k \in {1,2}, m = k+1 do l := k; y := m; end with;
   C: while l > 1 do l := l - 1; if l = 3 then goto A; end if; D: x[l] := 3; end while;
   return;
end procedure;
begin
 Start:+ Outer(x[2], y, z + 1);
 x := z || y[1] := 3;
 call P(1, 2);
end algorithm
*)
====
