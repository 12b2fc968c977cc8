-- What those who lead see: when a dossier was settled, and which of them lately.

alter table dossier add column finished_at INSTANT;
--only sqlite
update dossier set finished_at = cast(strftime('%s', clock ->> 'finished_at') as integer) * 1000000
    where clock ->> 'finished_at' is not null;
--end
--only postgres
update dossier set finished_at = floor(extract(epoch from (clock ->> 'finished_at')::timestamptz))::bigint * 1000000
    where clock ->> 'finished_at' is not null;
--end
create index dossier_settled_idx on dossier (competent, finished_at) where finished_at is not null;

-- Lists that officers keep under a name: what each is narrowed by, and with whom it is shared.
create table kept_view (
    id ID not null primary key,
    owner ID not null references officer (id),
    name text not null check (length(name) between 1 and 60),
    shared_with ID references unit (id),
    narrowing JSON not null,
    kept_at INSTANT not null,
    constraint kept_view_name_key unique (owner, name)
) TABLE;
create index kept_view_shared_idx on kept_view (shared_with) where shared_with is not null;

-- The view with which an officer's list opens.
create table first_view (
    officer ID not null primary key references officer (id),
    view ID not null references kept_view (id)
) TABLE;
create index first_view_view_idx on first_view (view);
