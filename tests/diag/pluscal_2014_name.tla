---- MODULE pluscal_2014_name ----
EXTENDS Naturals
(* --algorithm Count {
  variables x = 0, limit \in {2, 3};
  macro add(v, n) { v := v + n * Factor }
  process (p \in {1, 2})
    variable mine = 0;
  {
    a: while (mine < limit) {
         add(mine, 1);
         x := /\ mine > 1
              /\ Quorom(x);
       }
  }
} *)
====
