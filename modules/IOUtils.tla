------------------------------ MODULE IOUtils -------------------------------
(***************************************************************************)
(* Files, the environment and other programs.  All operators are native    *)
(* but zeroPadN; what comes from outside is an unbounded choice here.      *)
(***************************************************************************)
LOCAL INSTANCE TLC
LOCAL INSTANCE Integers
LOCAL INSTANCE Sequences
LOCAL INSTANCE SequencesExt

(***************************************************************************)
(* What a program that has ended leaves behind.                            *)
(***************************************************************************)
LOCAL Outcome == CHOOSE r : r \in [exitValue : Int, stdout : STRING, stderr : STRING]
-----------------------------------------------------------------------------
(***************************************************************************)
(* A value written to a file in the checker's own format, and read again.  *)
(***************************************************************************)
IOSerialize(val, absoluteFilename, compress) == CHOOSE done : done = TRUE
IODeserialize(absoluteFilename, compressed) == CHOOSE val : TRUE

(***************************************************************************)
(* A value written to, or read from, a file in the format that the record  *)
(* options names: "TXT" (a string as it is, with the fields charset and    *)
(* openOptions), "NDJSON".  The outcome is that of a program.              *)
(***************************************************************************)
Serialize(value, dest, options) == Outcome
Deserialize(src, options) == CHOOSE val : TRUE
-----------------------------------------------------------------------------
(***************************************************************************)
(* Runs a program, given as a sequence of its name and its arguments, and  *)
(* waits for its end.  With Env in the name, env adds variables to its     *)
(* environment; with Template, each string of the command is a format into *)
(* which the parameters are put.                                           *)
(***************************************************************************)
IOExec(command) == Outcome
IOEnvExec(env, command) == Outcome
IOExecTemplate(commandTemplate, parameters) == Outcome
IOEnvExecTemplate(env, commandTemplate, parameters) == Outcome

(***************************************************************************)
(* The environment as a record: IOEnv.HOME.                                *)
(***************************************************************************)
IOEnv == CHOOSE env : env \in [STRING -> STRING]
-----------------------------------------------------------------------------
(***************************************************************************)
(* The integer that the string spells in decimal digits.                   *)
(***************************************************************************)
atoi(str) == CHOOSE i \in Int : ToString(i) = str

(***************************************************************************)
(* The digits of the natural number n, filled up with zeros in front until *)
(* there are as many characters as width says.                             *)
(***************************************************************************)
zeroPadN(n, width) ==
  LET digits == ToString(n)
      missing == [i \in 1..(width - Len(digits)) |-> "0"]
  IN  FoldLeft(LAMBDA text, zero : text \o zero, "", missing) \o digits
=============================================================================
