-- Calendars that were decided here: an office's own hours and days, or a national year whose notice came
-- after the release. The newest version of a scope holds; the older ones say what held before.

create table calendar (
    id ID not null primary key,
    -- `unit:<key>` or `year:<number>`
    scope text not null check (length(scope) between 6 and 120),
    version INT not null check (version > 0),
    -- The office it is for; none where it is the nation's.
    unit ID references unit (id),
    valid_from DAY not null,
    valid_to DAY,
    decided_by ID not null references officer (id),
    decided_at INSTANT not null,
    -- The dossiers that were shown to be moved when it was decided.
    n_moved INT not null check (n_moved >= 0),
    impact text not null check (length(impact) = 64),
    -- How far the dates of open dossiers were counted again, and when that was done.
    counted_through ID not null,
    counted_at INSTANT,
    body JSON not null
) TABLE;
create unique index calendar_scope_key on calendar (scope, version);
create index calendar_unit_idx on calendar (unit, valid_from) where unit is not null;
