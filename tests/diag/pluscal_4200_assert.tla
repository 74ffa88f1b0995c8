---- MODULE pluscal_4200_assert ----
EXTENDS Naturals, TLC
(* --algorithm Count
  variables x = 0;
  process p \in {1, 2}
  begin
    a: x := x + 1;
    b: assert x = 1;
  end process
end algorithm *)
====
