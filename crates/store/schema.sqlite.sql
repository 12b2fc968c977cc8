CREATE TABLE blob (
    address     text not null primary key check (length(address) = 64),
    size_bytes  integer not null check (size_bytes >= 0),
    -- The last time somebody stored it: counts the days of grace before it may be cleared away.
    stored_at   integer not null
) strict;
CREATE INDEX blob_stored_at_idx on blob (stored_at);
CREATE TABLE blob_reference (
    address     text not null references blob (address),
    owner_kind  text not null check (length(owner_kind) between 1 and 100),
    owner       blob check (length(owner) = 16) not null,
    created_at  integer not null,
    primary key (address, owner_kind, owner)
) strict;
CREATE INDEX blob_reference_owner_idx on blob_reference (owner_kind, owner);
CREATE TABLE idempotency (
    key         text not null check (length(key) between 1 and 200),
    actor       blob check (length(actor) = 16) not null,
    route       text not null check (length(route) between 1 and 200),
    response    text check (json_valid(response)) not null,
    created_at  integer not null,
    primary key (key, actor, route)
) strict;
CREATE INDEX idempotency_created_at_idx on idempotency (created_at);
CREATE TABLE job (
    id          blob check (length(id) = 16) not null primary key,
    kind        text not null check (length(kind) between 1 and 100),
    payload     text check (json_valid(payload)) not null,
    -- A second push with the same key does nothing.
    dedup_key   text unique check (length(dedup_key) between 1 and 500),
    -- The dossier, paper or batch it is for, so that its page can show what is under way.
    subject     blob check (length(subject) = 16),
    state       text not null check (state in ('waiting', 'running', 'done', 'dead')),
    attempts    integer not null check (attempts >= 0),
    max_attempts integer not null check (max_attempts > 0),
    run_after   integer not null,
    lease_until integer,
    -- Changes with every claim: who holds an old one changes nothing any more.
    lease_token blob check (length(lease_token) = 16),
    last_error  text check (length(last_error) <= 4000),
    -- The officer who caused it, or nobody.
    started_by  blob check (length(started_by) = 16),
    created_at  integer not null,
    updated_at  integer not null,
    check ((state = 'running') = (lease_token is not null)),
    check ((lease_token is null) = (lease_until is null))
) strict;
CREATE INDEX job_running_idx on job (lease_until) where state = 'running';
CREATE INDEX job_state_idx on job (state, updated_at);
CREATE INDEX job_subject_idx on job (subject) where subject is not null;
CREATE INDEX job_waiting_idx on job (run_after, id) where state = 'waiting';
CREATE TABLE search_entry (
    n           integer not null primary key,
    kind        text not null check (length(kind) between 1 and 100),
    subject     blob check (length(subject) = 16) not null,
    unique (kind, subject)
) strict;
CREATE TABLE search_scope (
    n           integer not null references search_entry (n) on delete cascade,
    agency      blob check (length(agency) = 16) not null,
    primary key (n, agency)
) strict;
CREATE VIRTUAL TABLE search_words using fts5 (
    exact, folded, content='', contentless_delete=1, tokenize="unicode61 remove_diacritics 0"
);
CREATE TABLE session (
    -- SHA-256 of the secret in the cookie: who reads this table cannot log in with it.
    secret_hash blob not null primary key check (length(secret_hash) = 32),
    holder      blob check (length(holder) = 16) not null,
    body        text check (json_valid(body)) not null,
    created_at  integer not null,
    seen_at     integer not null,
    expires_at  integer not null
) strict;
CREATE INDEX session_expires_at_idx on session (expires_at);
CREATE INDEX session_holder_idx on session (holder);
