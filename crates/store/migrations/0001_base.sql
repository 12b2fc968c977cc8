-- What everything else stands on: jobs, blobs, search, sessions, idempotency keys.
-- The words in capitals are explained in src/schema.rs.

create table job (
    id          ID not null primary key,
    kind        text not null check (length(kind) between 1 and 100),
    payload     JSON not null,
    -- A second push with the same key does nothing.
    dedup_key   text unique check (length(dedup_key) between 1 and 500),
    -- The dossier, paper or batch it is for, so that its page can show what is under way.
    subject     ID,
    state       text not null check (state in ('waiting', 'running', 'done', 'dead')),
    attempts    INT not null check (attempts >= 0),
    max_attempts INT not null check (max_attempts > 0),
    run_after   INSTANT not null,
    lease_until INSTANT,
    -- Changes with every claim: who holds an old one changes nothing any more.
    lease_token ID,
    last_error  text check (length(last_error) <= 4000),
    -- The officer who caused it, or nobody.
    started_by  ID,
    created_at  INSTANT not null,
    updated_at  INSTANT not null,
    check ((state = 'running') = (lease_token is not null)),
    check ((lease_token is null) = (lease_until is null))
) TABLE;
create index job_waiting_idx on job (run_after, id) where state = 'waiting';
create index job_running_idx on job (lease_until) where state = 'running';
create index job_subject_idx on job (subject) where subject is not null;
create index job_state_idx on job (state, updated_at);

-- A stored blob; its address is the SHA-256 of its bytes in hex.
create table blob (
    address     text not null primary key check (length(address) = 64),
    size_bytes  INT not null check (size_bytes >= 0),
    -- The last time somebody stored it: counts the days of grace before it may be cleared away.
    stored_at   INSTANT not null
) TABLE;
create index blob_stored_at_idx on blob (stored_at);

-- Who needs a blob. One that nobody needs is cleared away after the days of grace.
create table blob_reference (
    address     text not null references blob (address),
    owner_kind  text not null check (length(owner_kind) between 1 and 100),
    owner       ID not null,
    created_at  INSTANT not null,
    primary key (address, owner_kind, owner)
) TABLE;
create index blob_reference_owner_idx on blob_reference (owner_kind, owner);

-- One searchable thing. `n` is its instant in µs, moved on until free: newest first is `n desc`.
create table search_entry (
    n           INT not null primary key,
    kind        text not null check (length(kind) between 1 and 100),
    subject     ID not null,
    unique (kind, subject)
) TABLE;

-- The agencies that may see it.
create table search_scope (
    n           INT not null references search_entry (n) on delete cascade,
    agency      ID not null,
    primary key (n, agency)
) TABLE;

--only sqlite
create virtual table search_words using fts5 (
    exact, folded, content='', contentless_delete=1, tokenize="unicode61 remove_diacritics 0"
);
--end
--only postgres
create table search_words (
    n           bigint not null primary key references search_entry (n),
    words       tsvector not null
);
create index search_words_words_idx on search_words using gin (words);
--end

create table session (
    -- SHA-256 of the secret in the cookie: who reads this table cannot log in with it.
    secret_hash BYTES not null primary key check (length(secret_hash) = 32),
    holder      ID not null,
    body        JSON not null,
    created_at  INSTANT not null,
    seen_at     INSTANT not null,
    expires_at  INSTANT not null
) TABLE;
create index session_holder_idx on session (holder);
create index session_expires_at_idx on session (expires_at);

-- What was answered to a POST, so that the same POST again is answered the same.
create table idempotency (
    key         text not null check (length(key) between 1 and 200),
    actor       ID not null,
    route       text not null check (length(route) between 1 and 200),
    response    JSON not null,
    created_at  INSTANT not null,
    primary key (key, actor, route)
) TABLE;
create index idempotency_created_at_idx on idempotency (created_at);
