---- MODULE native_clash ----
EXTENDS Naturals
VARIABLES held, step
Init == held = {1} /\ step = 0
Next ==
    /\ step' = (step + 1) % 9
    /\ held' = IF step = 6 THEN held \ {"x"} ELSE {step % 4}
====
