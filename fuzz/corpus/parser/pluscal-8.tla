---- MODULE S6 ----
EXTENDS Naturals
(* PlusCal options (label) *)
(*--algorithm S6 variable x = 0, y = 0; 
 macro Fg(s) begin s := s + 1; if s then goto L; else s := 3; end if; end macro
 procedure a(p, q) variables v = 1; w = 2; begin L: if p then call a(q, p); elsif q then call b(); return; else call b(); goto L; end if; M: return; end procedure
 procedure b() begin L: Fg(x); L2: Fg(y); L3: with i \in x do call a(i, 1); end with; L4: either return; or call a(1,2) ; return; or skip; end either; end procedure
 begin L: Fg(x); L2: while x do if y then call a(1, 2); else L3: if x then skip else goto L; end if; end if; end while; either either goto L2 or L5: x := 1; end either; or with i = 1; do await x; end with; end either;
  L6: while (TRUE) do if x then x := 1 end if; end while; y := 1 || x := 2; if x then L7: y := 1|| x:= 2; end if;
  end algorithm *)
====
