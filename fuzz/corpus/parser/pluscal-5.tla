---- MODULE S3 ----
EXTENDS Naturals, Sequences, TLC
(* PlusCal options (-version 1.4 -sf label)
	--algorithm S3
	variables	x = 0;
	procedure p(a) begin a: a := 1; return; end procedure
	process Pr = 1 begin a: x := 1; call p(x); end process
	process Qr \in {2} variable	x1 = 3, a = /\ TRUE	/\ FALSE
	                                            /\ x1; begin a: if a then x := a elsif x > 1 then b: skip; else call p(1) end if; a1: while (TRUE) do x := 1; end while; x := 3; x := 4; end process
	end algorithm *)
====
