-- A file of events is given out only to whoever may still read all of it, and not for ever.
alter table audit_export add column sight JSON;
alter table audit_export add column dropped_at INSTANT;
create index audit_export_kept_idx on audit_export (finished_at) where dropped_at is null;

-- Keys by which programs act for an officer. The secret was shown once; its digest is kept.
create table api_key (
    id ID not null primary key,
    officer ID not null references officer (id),
    name text not null check (length(name) between 1 and 60),
    -- The first letters of the secret, by which people tell keys apart.
    prefix text not null check (length(prefix) = 11),
    secret_hash BYTES not null,
    scopes JSON not null,
    -- Ranges of addresses it may be used from; none is anywhere.
    ranges JSON not null,
    last_day DAY not null,
    made_by ID not null references officer (id),
    made_at INSTANT not null,
    expires_at INSTANT not null,
    last_used_at INSTANT,
    revoked_by ID references officer (id),
    revoked_at INSTANT,
    check ((revoked_by is null) = (revoked_at is null))
) TABLE;
create unique index api_key_secret_key on api_key (secret_hash);
create index api_key_officer_idx on api_key (officer, made_at);

-- Addresses that are told what happens in an agency.
create table webhook (
    id ID not null primary key,
    agency ID not null references unit (id),
    name text not null check (length(name) between 1 and 60),
    address text not null check (length(address) between 1 and 500),
    -- Sealed: notices are signed with it.
    secret BYTES not null,
    groups JSON not null,
    made_by ID not null references officer (id),
    made_at INSTANT not null,
    failing_since INSTANT,
    stopped_at INSTANT
) TABLE;
create index webhook_agency_idx on webhook (agency, made_at);

-- The kinds of events each of them is told of; none while it is stopped.
create table webhook_kind (
    webhook ID not null references webhook (id),
    agency ID not null references unit (id),
    kind text not null check (length(kind) between 1 and 100),
    primary key (webhook, kind)
) TABLE;
create index webhook_kind_agency_idx on webhook_kind (agency, kind);

-- An event for one address, written with the event.
create table notice (
    id ID not null primary key,
    webhook ID not null references webhook (id),
    event ID not null,
    kind text not null check (length(kind) between 1 and 100),
    dossier ID not null references dossier (id),
    happened_at INSTANT not null,
    attempts INT not null check (attempts >= 0),
    last_at INSTANT,
    last_status INT check (last_status between 100 and 999),
    last_error text check (length(last_error) <= 300),
    taken_at INSTANT
) TABLE;
create unique index notice_event_key on notice (event, webhook);
create index notice_webhook_idx on notice (webhook, happened_at);
