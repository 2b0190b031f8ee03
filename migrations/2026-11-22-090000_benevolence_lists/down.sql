-- Takes the indexes of the lists of seats and relations back, and the order of levels.
drop index benevolence_relations_by_member;
drop index benevolence_relations_in_order;
drop index benevolence_seats_in_order;
alter table benevolence_seats drop column rank;
