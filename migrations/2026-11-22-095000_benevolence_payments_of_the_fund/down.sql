-- Takes the indexes of the list of payments back.
drop index benevolence_payments_reversed;
drop index benevolence_payments_by_method;
drop index benevolence_payments_by_day;
