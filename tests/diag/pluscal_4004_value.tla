---- MODULE pluscal_4004_value ----
EXTENDS Naturals
(* --algorithm Count {
  variables x = 0, f = [i \in {1, 2} |-> i];
  process (p \in {1, 2})
    variable mine = 1;
  {
    a: while (mine < 4) {
         mine := mine + 1;
         x := f[mine];
       }
  }
} *)
====
