---- MODULE M ----
I == INSTANCE N
J(x, y) == INSTANCE N WITH a <- x, + <- -, b <- LAMBDA q : q
LOCAL INSTANCE Naturals
INSTANCE P WITH u <- v
LOCAL K == INSTANCE N
====