-- Takes agreements, their rules and the holiday calendars back.
drop table holiday_calendars;
drop table collective_agreement_rule_sets;
drop table collective_agreement_parties;
drop table collective_agreements;
