---- MODULE P ----
\* --algorithm X BEGIN  END TRANSLATION
====
