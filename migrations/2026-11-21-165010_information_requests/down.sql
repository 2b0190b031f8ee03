-- What was asked for and what became of it is gone afterwards.
drop table information_request_entries;
drop table information_request_items;
drop table information_requests;
