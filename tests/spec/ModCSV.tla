------------------------------ MODULE ModCSV -------------------------------
\* recorded: TLC cc6b616
\* expect: ok
\* workers: 1
\* Every operator of CSV. Files grow, so their names come from the clock and each run has its own.
EXTENDS CSV, Integers, Sequences, TLC, TLCExt

Path == "/tmp/fathom-golden-csv-" \o ToString(JavaTime) \o "-" \o ToString(RandomElement(1 .. 1000000000))

ASSUME CSVRecords(Path) = 0 /\ CSVRead(<<"a">>, ",", Path) = <<>>
ASSUME CSVWrite("%1$s;%2$s", <<1, TRUE>>, Path) /\ CSVWrite("%s;%s", <<2, FALSE>>, Path)
ASSUME CSVRecords(Path) = 2
ASSUME CSVRead(<<"n", "b">>, ";", Path) = <<[n |-> "1", b |-> "TRUE"], [n |-> "2", b |-> "FALSE"]>>
ASSUME CSVWriteRecord([k |-> 3, v |-> <<4, 5>>], ";", TRUE, Path \o "-records")
ASSUME CSVWriteRecord([k |-> 6, v |-> <<>>], ";", FALSE, Path \o "-records")
ASSUME CSVRecords(Path \o "-records") = 3
ASSUME LET rows == CSVRead(<<"p", "q">>, ";", Path \o "-records")
       IN  {rows[1].p, rows[1].q} = {"k", "v"} /\ {rows[2].p, rows[2].q} = {"3", "<<4, 5>>"}
=============================================================================
