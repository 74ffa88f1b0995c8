---- MODULE Jumps ----
EXTENDS Naturals
(* PlusCal options (label) *)
(*--algorithm Jumps variable x = 0, y = 0; 
 macro Fg(s) begin s := s + 1; if s then goto L; else s := 3; end if; end macro
 procedure a(p, q) variables v = 1; w = 2; begin L: if p then call a(q, p); elsif q then call b(); return; else call b(); goto L; end if; M: return; end procedure
 procedure b() begin L: Fg(x); L2: Fg(y); L3: with i \in x do call a(i, 1); end with; L4: either return; or call a(1,2) ; return; or skip; end either; end procedure
 begin L: Fg(x); L2: while x do if y then call a(1, 2); else L3: if x then skip else goto L; end if; end if; end while; either either goto L2 or L5: x := 1; end either; or with i = 1; do await x; end with; end either;
  L6: while (TRUE) do if x then x := 1 end if; end while; y := 1 || x := 2; if x then L7: y := 1|| x:= 2; end if;
  end algorithm *)
\* BEGIN TRANSLATION (chksum(pcal) = "750ef87" /\ chksum(tla) = "ec4ec0fa")
\* Label L of procedure a at line 6 col 53 changed to L_
\* Label L of procedure b at line 5 col 20 changed to L_b
\* Label L2 of procedure b at line 5 col 20 changed to L2_
\* Label L3 of procedure b at line 7 col 47 changed to L3_
CONSTANT defaultInitValue
VARIABLES pc, x, y, stack, p, q, v, w

vars == << pc, x, y, stack, p, q, v, w >>

Init == (* Global variables *)
        /\ x = 0
        /\ y = 0
        (* Procedure a *)
        /\ p = defaultInitValue
        /\ q = defaultInitValue
        /\ v = 1
        /\ w = 2
        /\ stack = << >>
        /\ pc = "L"

L_ == /\ pc = "L_"
      /\ IF p
            THEN /\ /\ p' = q
                    /\ q' = p
                    /\ stack' = << [ procedure |->  "a",
                                     pc        |->  "M",
                                     v         |->  v,
                                     w         |->  w,
                                     p         |->  p,
                                     q         |->  q ] >>
                                 \o stack
                 /\ v' = 1
                 /\ w' = 2
                 /\ pc' = "L_"
            ELSE /\ IF q
                       THEN /\ /\ stack' = << [ procedure |->  "b",
                                                pc        |->  Head(stack).pc ] >>
                                            \o Tail(stack)
                               /\ v' = Head(stack).v
                               /\ w' = Head(stack).w
                            /\ pc' = "L_b"
                       ELSE /\ stack' = << [ procedure |->  "b",
                                             pc        |->  "L" ] >>
                                         \o stack
                            /\ pc' = "L_b"
                            /\ UNCHANGED << v, w >>
                 /\ UNCHANGED << p, q >>
      /\ UNCHANGED << x, y >>

M == /\ pc = "M"
     /\ pc' = Head(stack).pc
     /\ v' = Head(stack).v
     /\ w' = Head(stack).w
     /\ p' = Head(stack).p
     /\ q' = Head(stack).q
     /\ stack' = Tail(stack)
     /\ UNCHANGED << x, y >>

a == L_ \/ M

L_b == /\ pc = "L_b"
       /\ x' = x + 1
       /\ IF x'
             THEN /\ pc' = "L_b"
             ELSE /\ pc' = "Lbl_1"
       /\ UNCHANGED << y, stack, p, q, v, w >>

Lbl_1 == /\ pc = "Lbl_1"
         /\ x' = 3
         /\ pc' = "L2_"
         /\ UNCHANGED << y, stack, p, q, v, w >>

L2_ == /\ pc = "L2_"
       /\ y' = y + 1
       /\ IF y'
             THEN /\ pc' = "L_b"
             ELSE /\ pc' = "Lbl_2"
       /\ UNCHANGED << x, stack, p, q, v, w >>

Lbl_2 == /\ pc = "Lbl_2"
         /\ y' = 3
         /\ pc' = "L3_"
         /\ UNCHANGED << x, stack, p, q, v, w >>

L3_ == /\ pc = "L3_"
       /\ \E i \in x:
            /\ /\ p' = i
               /\ q' = 1
               /\ stack' = << [ procedure |->  "a",
                                pc        |->  "L4",
                                v         |->  v,
                                w         |->  w,
                                p         |->  p,
                                q         |->  q ] >>
                            \o stack
            /\ v' = 1
            /\ w' = 2
            /\ pc' = "L_"
       /\ UNCHANGED << x, y >>

L4 == /\ pc = "L4"
      /\ \/ /\ pc' = Head(stack).pc
            /\ stack' = Tail(stack)
            /\ UNCHANGED <<p, q, v, w>>
         \/ /\ /\ p' = 1
               /\ q' = 2
               /\ stack' = << [ procedure |->  "a",
                                pc        |->  Head(stack).pc,
                                v         |->  v,
                                w         |->  w,
                                p         |->  p,
                                q         |->  q ] >>
                            \o Tail(stack)
            /\ v' = 1
            /\ w' = 2
            /\ pc' = "L_"
         \/ /\ TRUE
            /\ pc' = "Error"
            /\ UNCHANGED <<stack, p, q, v, w>>
      /\ UNCHANGED << x, y >>

b == L_b \/ Lbl_1 \/ L2_ \/ Lbl_2 \/ L3_ \/ L4

L == /\ pc = "L"
     /\ x' = x + 1
     /\ IF x'
           THEN /\ pc' = "L"
           ELSE /\ pc' = "Lbl_3"
     /\ UNCHANGED << y, stack, p, q, v, w >>

Lbl_3 == /\ pc = "Lbl_3"
         /\ x' = 3
         /\ pc' = "L2"
         /\ UNCHANGED << y, stack, p, q, v, w >>

L2 == /\ pc = "L2"
      /\ IF x
            THEN /\ IF y
                       THEN /\ /\ p' = 1
                               /\ q' = 2
                               /\ stack' = << [ procedure |->  "a",
                                                pc        |->  "L2",
                                                v         |->  v,
                                                w         |->  w,
                                                p         |->  p,
                                                q         |->  q ] >>
                                            \o stack
                            /\ v' = 1
                            /\ w' = 2
                            /\ pc' = "L_"
                       ELSE /\ pc' = "L3"
                            /\ UNCHANGED << stack, p, q, v, w >>
            ELSE /\ \/ /\ \/ /\ pc' = "L2"
                          \/ /\ pc' = "L5"
                    \/ /\ LET i == 1 IN
                            x
                       /\ pc' = "L6"
                 /\ UNCHANGED << stack, p, q, v, w >>
      /\ UNCHANGED << x, y >>

L3 == /\ pc = "L3"
      /\ IF x
            THEN /\ TRUE
                 /\ pc' = "L2"
            ELSE /\ pc' = "L"
      /\ UNCHANGED << x, y, stack, p, q, v, w >>

L5 == /\ pc = "L5"
      /\ x' = 1
      /\ pc' = "L6"
      /\ UNCHANGED << y, stack, p, q, v, w >>

L6 == /\ pc = "L6"
      /\ IF x
            THEN /\ x' = 1
            ELSE /\ TRUE
                 /\ x' = x
      /\ pc' = "L6"
      /\ UNCHANGED << y, stack, p, q, v, w >>

(* Allow infinite stuttering to prevent deadlock on termination. *)
Terminating == pc = "Done" /\ UNCHANGED vars

Next == a \/ b \/ L \/ Lbl_3 \/ L2 \/ L3 \/ L5 \/ L6
           \/ Terminating

Spec == Init /\ [][Next]_vars

Termination == <>(pc = "Done")

\* END TRANSLATION 
====
