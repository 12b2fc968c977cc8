-- Reading the events: every filter of the audit page finds its events by an index, the newest first. Ids
-- sort by the time an event was written down.
create index event_agency_idx on event (agency, id);
create index event_kind_idx on event (agency, kind, id);
create index event_actor_idx on event (actor, id) where actor is not null;
create index event_on_behalf_of_idx on event (on_behalf_of, id) where on_behalf_of is not null;

-- Each time the chain was verified by the program itself, and what it found.
create table audit_check (
    id ID not null primary key,
    -- None where it was its daily turn.
    asked_by ID references officer (id),
    finished_at INSTANT not null,
    n_events INT not null check (n_events >= 0),
    n_checkpoints INT not null check (n_checkpoints >= 0),
    -- The moment of the newest checkpoint; none before the first.
    sealed_until INSTANT,
    n_faults INT not null check (n_faults >= 0),
    -- The first of them, in words.
    faults JSON not null
) TABLE;
create index audit_check_finished_at_idx on audit_check (finished_at);

-- Files of events that somebody asked for.
create table audit_export (
    id ID not null primary key,
    asked_by ID not null references officer (id),
    asked_at INSTANT not null,
    filter JSON not null,
    finished_at INSTANT,
    n_events INT check (n_events >= 0),
    sha256 text check (length(sha256) = 64),
    check ((finished_at is null) = (n_events is null)),
    check ((finished_at is null) = (sha256 is null))
) TABLE;
create index audit_export_asked_by_idx on audit_export (asked_by, asked_at);

-- Whoever is asked for by name is looked for in his agency.
create index officer_agency_idx on officer (agency);
