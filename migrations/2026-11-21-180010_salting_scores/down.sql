-- Takes SALTing scores back.
drop table salting_scores;
