-- Tokens that a person is sent by mail: to verify an address, to choose a new password, to lift a lock, to confirm a
-- change of address.

-- One row for each person and purpose: a new token takes the place of the older one, whoever asks for it and however
-- many ask at once, and the table cannot grow with the number of requests. A token is known by its SHA-256 alone.
create table mail_tokens (
    user_id    uuid        not null constraint mail_tokens_user_fkey references users (id),
    purpose    text        not null
        constraint mail_tokens_purpose_check check (purpose in (
            'verify_email', 'reset_password', 'unlock', 'change_email_old', 'change_email_new')),
    hash       bytea       not null constraint mail_tokens_hash_key unique
        constraint mail_tokens_hash_check check (octet_length(hash) = 32),
    payload    text        constraint mail_tokens_payload_check check (char_length(payload) between 1 and 1000),
    issued_at  timestamptz not null,
    expires_at timestamptz not null,
    used_at    timestamptz,
    constraint mail_tokens_pkey primary key (user_id, purpose),
    constraint mail_tokens_expiry_check check (expires_at > issued_at)
);

alter table mail_tokens enable row level security;
alter table mail_tokens force row level security;
create policy mail_tokens_identity on mail_tokens
    using (app_scope() = 'identity') with check (app_scope() = 'identity');
grant select, insert, update on mail_tokens to unionhall_runtime;
