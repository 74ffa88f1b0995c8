-------------------------------- MODULE CSV ---------------------------------
(***************************************************************************)
(* Files of lines with separated values.  All operators are native.        *)
(***************************************************************************)
LOCAL INSTANCE TLC
LOCAL INSTANCE Integers

(***************************************************************************)
(* Both add a line to the end of the file and are TRUE.  CSVWrite puts the *)
(* elements of the sequence val into a format, in which %1$s stands for    *)
(* the first, %2$s for the second, and so on.  CSVWriteRecord writes the   *)
(* fields of a record with delim between them, after a line with their     *)
(* names if headers is TRUE.                                               *)
(***************************************************************************)
CSVWrite(template, val, file) == CHOOSE done : done = TRUE
CSVWriteRecord(record, delim, headers, file) == CHOOSE done : done = TRUE

(***************************************************************************)
(* The lines as a sequence of records of strings, columns giving the names *)
(* of the fields; and the number of lines.  A file that does not exist has *)
(* none.                                                                   *)
(***************************************************************************)
CSVRead(columns, delimiter, file) == CHOOSE records : TRUE
CSVRecords(file) == CHOOSE n : n \in Nat
=============================================================================
