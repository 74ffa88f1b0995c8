---- MODULE syntax_1047_untranslated ----
(*
--algorithm Count
  variable x = 0;
  macro Add(v, n) begin
    v := v + n
  end macro
begin
  Add(x, 1);
  Add(1, x);
end algorithm
*)
====
