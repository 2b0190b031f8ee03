-- Tokens that were mailed and not used count for nothing afterwards; people ask for new ones.
drop table mail_tokens;
