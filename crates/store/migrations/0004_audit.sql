-- The audit chain over all subjects: the order a sealer gives to events after their acts, and the signed
-- checkpoints over that order (docs/decisions/0007). Nothing here refers to `event` by a foreign key:
-- what a hand took away there must be found, not taken away here as well.

-- Written by the act beside its event; taken away when the event has its place in the order.
create table event_unsealed (
--only sqlite
    place integer not null primary key,
--end
--only postgres
    place bigint generated always as identity primary key,
--end
    event ID not null unique
) TABLE;

-- Append only: each event once, with the digest it had when it was sealed.
create table event_order (
    ordinal INT not null primary key check (ordinal > 0),
    event ID not null unique,
    subject_kind text not null,
    subject ID not null,
    number INT not null,
    digest BYTES not null check (length(digest) = 32)
) TABLE;

-- Append only: a signature over a stretch of that order and, through `previous`, over all before it.
create table audit_checkpoint (
    number INT not null primary key check (number > 0),
    sealed_at INSTANT not null,
    first_ordinal INT not null check (first_ordinal > 0),
    last_ordinal INT not null,
    events_digest BYTES not null check (length(events_digest) = 32),
    previous BYTES check (length(previous) = 32),
    certificate BYTES not null,
    signature BYTES not null,
    time_stamp BYTES,
    check (last_ordinal >= first_ordinal),
    check ((number = 1) = (previous is null))
) TABLE;

-- Append only: each change of the key that signs checkpoints.
create table audit_key_change (
    number INT not null primary key check (number > 0),
    changed_at INSTANT not null,
    -- The last checkpoint the old key may have signed, and its digest then.
    after_checkpoint INT not null check (after_checkpoint > 0),
    checkpoint_digest BYTES not null check (length(checkpoint_digest) = 32),
    from_certificate BYTES not null,
    to_certificate BYTES not null,
    -- By the new key, and by the old one; none where that was lost.
    signature BYTES not null,
    voucher BYTES
) TABLE;

-- What was written before there was a sealer is sealed first.
insert into event_unsealed (event)
select id from event order by recorded_at, subject_kind, subject, number;
