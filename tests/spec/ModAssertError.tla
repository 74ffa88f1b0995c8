-------------------------- MODULE ModAssertError ---------------------------
\* recorded: TLC cc6b616
\* expect: ok
\* AssertError is FALSE when nothing fails and when another message than the expected one comes. The
\* messages themselves differ from TLC's.
EXTENDS TLCExt, TLC, Integers

ASSUME ~AssertError("some message", 1 + 1)
ASSUME ~AssertError("another message", 1 + "a")
ASSUME ~AssertError("another message", Assert(FALSE, "this message"))
=============================================================================
