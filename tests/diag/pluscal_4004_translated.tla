---- MODULE pluscal_4004_translated ----
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
\* BEGIN TRANSLATION (chksum(pcal) = "6c0ea5b1" /\ chksum(tla) = "d3fd30dc")
VARIABLES pc, x, f, mine

vars == << pc, x, f, mine >>

ProcSet == ({1, 2})

Init == (* Global variables *)
        /\ x = 0
        /\ f = [i \in {1, 2} |-> i]
        (* Process p *)
        /\ mine = [self \in {1, 2} |-> 1]
        /\ pc = [self \in ProcSet |-> "a"]

a(self) == /\ pc[self] = "a"
           /\ IF mine[self] < 4
                 THEN /\ mine' = [mine EXCEPT ![self] = mine[self] + 1]
                      /\ x' = f[mine'[self]]
                      /\ pc' = [pc EXCEPT ![self] = "a"]
                 ELSE /\ pc' = [pc EXCEPT ![self] = "Done"]
                      /\ UNCHANGED << x, mine >>
           /\ f' = f

p(self) == a(self)

(* Allow infinite stuttering to prevent deadlock on termination. *)
Terminating == /\ \A self \in ProcSet: pc[self] = "Done"
               /\ UNCHANGED vars

Next == (\E self \in {1, 2}: p(self))
           \/ Terminating

Spec == Init /\ [][Next]_vars

Termination == <>(\A self \in ProcSet: pc[self] = "Done")

\* END TRANSLATION 
====
