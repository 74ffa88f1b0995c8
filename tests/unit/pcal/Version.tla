---- MODULE Version ----
EXTENDS Naturals, Sequences, TLC
(* PlusCal options (-version 1.4 -sf label)
	--algorithm Version
	variables	x = 0;
	procedure p(a) begin a: a := 1; return; end procedure
	process Pr = 1 begin a: x := 1; call p(x); end process
	process Qr \in {2} variable	x1 = 3, a = /\ TRUE	/\ FALSE
	                                            /\ x1; begin a: if a then x := a elsif x > 1 then b: skip; else call p(1) end if; a1: while (TRUE) do x := 1; end while; x := 3; x := 4; end process
	end algorithm *)
\* BEGIN TRANSLATION (chksum(pcal) = "b52b7536" /\ chksum(tla) = "1201df73")
\* Label a of procedure p at line 6 col 33 changed to a_
\* Label a of process Pr at line 7 col 33 changed to a_P
\* Label a of process Qr at line 9 col 69 changed to a_Q
\* Process variable a of process Qr at line 8 col 49 changed to a_Qr
CONSTANT defaultInitValue
VARIABLES pc, x, stack, a, x1, a_Qr

vars == << pc, x, stack, a, x1, a_Qr >>

ProcSet == {1} \cup ({2})

Init == (* Global variables *)
        /\ x = 0
        (* Procedure p *)
        /\ a = [ self \in ProcSet |-> defaultInitValue]
        (* Process Qr *)
        /\ x1 = [self \in {2} |-> 3]
        /\ a_Qr = [self \in {2} |-> /\ TRUE     /\ FALSE
                                    /\ x1[self]]
        /\ stack = [self \in ProcSet |-> << >>]
        /\ pc = [self \in ProcSet |-> CASE self = 1 -> "a_P"
                                        [] self \in {2} -> "a_Q"]

a_(self) == /\ pc[self] = "a_"
            /\ a' = [a EXCEPT ![self] = 1]
            /\ pc' = [pc EXCEPT ![self] = "Lbl_2"]
            /\ UNCHANGED << x, stack, x1, a_Qr >>

Lbl_2(self) == /\ pc[self] = "Lbl_2"
               /\ pc' = [pc EXCEPT ![self] = Head(stack[self]).pc]
               /\ a' = [a EXCEPT ![self] = Head(stack[self]).a]
               /\ stack' = [stack EXCEPT ![self] = Tail(stack[self])]
               /\ UNCHANGED << x, x1, a_Qr >>

p(self) == a_(self) \/ Lbl_2(self)

a_P == /\ pc[1] = "a_P"
       /\ x' = 1
       /\ /\ a' = [a EXCEPT ![1] = x']
          /\ stack' = [stack EXCEPT ![1] = << [ procedure |->  "p",
                                                pc        |->  "Done",
                                                a         |->  a[1] ] >>
                                            \o stack[1]]
       /\ pc' = [pc EXCEPT ![1] = "a_"]
       /\ UNCHANGED << x1, a_Qr >>

Pr == a_P

a_Q(self) == /\ pc[self] = "a_Q"
             /\ IF a_Qr[self]
                   THEN /\ x' = a_Qr[self]
                        /\ pc' = [pc EXCEPT ![self] = "a1"]
                        /\ UNCHANGED << stack, a >>
                   ELSE /\ IF x > 1
                              THEN /\ pc' = [pc EXCEPT ![self] = "b"]
                                   /\ UNCHANGED << stack, a >>
                              ELSE /\ /\ a' = [a EXCEPT ![self] = 1]
                                      /\ stack' = [stack EXCEPT ![self] = << [ procedure |->  "p",
                                                                               pc        |->  "a1",
                                                                               a         |->  a[self] ] >>
                                                                           \o stack[self]]
                                   /\ pc' = [pc EXCEPT ![self] = "a_"]
                        /\ x' = x
             /\ UNCHANGED << x1, a_Qr >>

b(self) == /\ pc[self] = "b"
           /\ TRUE
           /\ pc' = [pc EXCEPT ![self] = "a1"]
           /\ UNCHANGED << x, stack, a, x1, a_Qr >>

a1(self) == /\ pc[self] = "a1"
            /\ x' = 1
            /\ pc' = [pc EXCEPT ![self] = "a1"]
            /\ UNCHANGED << stack, a, x1, a_Qr >>

Lbl_1(self) == /\ pc[self] = "Lbl_1"
               /\ x' = 4
               /\ pc' = [pc EXCEPT ![self] = "Done"]
               /\ UNCHANGED << stack, a, x1, a_Qr >>

Qr(self) == a_Q(self) \/ b(self) \/ a1(self) \/ Lbl_1(self)

(* Allow infinite stuttering to prevent deadlock on termination. *)
Terminating == /\ \A self \in ProcSet: pc[self] = "Done"
               /\ UNCHANGED vars

Next == Pr
           \/ (\E self \in ProcSet: p(self))
           \/ (\E self \in {2}: Qr(self))
           \/ Terminating

Spec == /\ Init /\ [][Next]_vars
        /\ SF_vars(Pr) /\ SF_vars(p(1))
        /\ \A self \in {2} : SF_vars(Qr(self)) /\ SF_vars(p(self))

Termination == <>(\A self \in ProcSet: pc[self] = "Done")

\* END TRANSLATION 
====
