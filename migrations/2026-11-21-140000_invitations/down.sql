-- Invitations that were sent and not accepted count for nothing afterwards; whoever was let in stays.
drop table invitations;
drop function invitations_match(text, text, text, text[]);
