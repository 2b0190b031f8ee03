-- A change of address that waits is forgotten; whoever still wants it asks again.
drop table email_changes;
