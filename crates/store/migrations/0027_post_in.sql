-- What the public post brings to a counter: every handing over with the envelopes in it, and what became of
-- each of them.

create table post_arrival (
    id ID not null primary key,
    agency ID not null references unit (id),
    post_office text not null check (length(post_office) between 1 and 200),
    postman text not null check (length(postman) between 1 and 200),
    taken_by ID not null references officer (id),
    taken_at INSTANT not null
) TABLE;
create index post_arrival_agency_idx on post_arrival (agency, taken_at);

create table parcel (
    id ID not null primary key,
    arrival ID not null references post_arrival (id),
    agency ID not null references unit (id),
    -- Its line on the list.
    place INT not null check (place > 0),
    tracking text not null check (length(tracking) between 4 and 40),
    -- Is it still to be opened?
    waits BOOL not null,
    -- Why no dossier came of it.
    put_aside text check (length(put_aside) between 1 and 300),
    aside_by ID references officer (id),
    aside_at INSTANT,
    check ((put_aside is null) = (aside_by is null) and (put_aside is null) = (aside_at is null))
) TABLE;
create unique index parcel_tracking_key on parcel (agency, tracking);
create index parcel_arrival_idx on parcel (arrival);
create index parcel_waiting_idx on parcel (agency) where waits;

create table parcel_dossier (
    dossier ID not null primary key references dossier (id),
    parcel ID not null references parcel (id)
) TABLE;
create index parcel_dossier_parcel_idx on parcel_dossier (parcel);
