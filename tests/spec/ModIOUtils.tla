---------------------------- MODULE ModIOUtils -----------------------------
\* recorded: TLC cc6b616
\* expect: ok
\* args: --allow-exec
\* workers: 1
\* Every operator of IOUtils; the files go into the folder for temporary files.
EXTENDS IOUtils, Integers, Sequences, FiniteSets, TLC

Path == "/tmp/fathom-golden-ioutils"
Value == [a |-> <<1, -2, TRUE>>, b |-> {<<>>, <<"x">>}, c |-> 5 .. 7, d |-> [i \in {3, 9} |-> {i}]]
Options(open) == [format |-> "TXT", charset |-> "UTF-8", openOptions |-> <<"WRITE", "CREATE", open>>]

ASSUME IOSerialize(Value, Path, FALSE) /\ IODeserialize(Path, FALSE) = Value
ASSUME IOSerialize(Value, Path, TRUE) /\ IODeserialize(Path, TRUE) = Value
ASSUME Serialize("one\n", Path, Options("TRUNCATE_EXISTING")).exitValue = 0
ASSUME Serialize("two\n", Path, Options("APPEND")).exitValue = 0
ASSUME Deserialize(Path, [format |-> "TXT", charset |-> "UTF-8"])
         = [exitValue |-> 0, stdout |-> "one\ntwo\n", stderr |-> ""]
ASSUME Serialize("x", "/no/such/folder/file", Options("APPEND")).exitValue = 1
ASSUME Deserialize("/no/such/file", [format |-> "TXT", charset |-> "UTF-8"]).exitValue = 1
ASSUME IOExec(<<"echo", "two words", "$HOME">>)
         = [exitValue |-> 0, stdout |-> "two words $HOME\n", stderr |-> ""]
ASSUME IOExec(<<"sh", "-c", "echo no >&2; exit 3">>) = [exitValue |-> 3, stdout |-> "", stderr |-> "no\n"]
ASSUME IOEnvExec([WORD |-> "yes", N |-> 7], <<"sh", "-c", "echo $WORD $N">>).stdout = "yes 7\n"
ASSUME IOExecTemplate(<<"echo", "%s", "<%2$s>">>, <<"a", "b">>).stdout = "a <b>\n"
ASSUME IOEnvExecTemplate([WORD |-> "yes"], <<"sh", "-c", "echo $WORD %s">>, <<"b">>).stdout = "yes b\n"
ASSUME "PATH" \in DOMAIN IOEnv /\ IOEnv.PATH # ""
ASSUME atoi("12") = 12 /\ atoi("-7") = -7 /\ atoi("007") = 7
ASSUME zeroPadN(7, 3) = "007" /\ zeroPadN(1234, 3) = "1234"
=============================================================================
