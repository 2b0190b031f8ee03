-- Takes the benevolence fund back, with what searches its applications and the numbers it gave out.
drop function benevolence_search_count;
drop function benevolence_search;
drop function benevolence_search_query;
drop function benevolence_held_back;
drop table benevolence_relations;
drop table benevolence_seats;
drop function benevolence_seats_refuse_overlap;
drop table benevolence_rules;
drop table benevolence_fund_entries;
drop table benevolence_funds;
drop table benevolence_unmaskings;
drop table benevolence_payments;
drop table benevolence_answers;
drop table benevolence_reviews;
drop table benevolence_applications;
drop function benevolence_lexemes;
drop function benevolence_rank;
delete from number_sequences where kind = 'benevolence';
