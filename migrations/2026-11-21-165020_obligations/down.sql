-- What was owed and whether it was done is gone afterwards; the settlements stay.
drop table obligations;
