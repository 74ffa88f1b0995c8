/\ IF a
THEN b ELSE c