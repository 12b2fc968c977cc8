-- Paper custody: the folder of a dossier, where it is, what was given to whom, papers that were found,
-- folders that were counted. A folder belongs to the agencies of its dossier.

create table folder (
    id ID not null primary key,
    version INT not null,
    code text not null check (length(code) = 16),
    dossier ID not null references dossier (id),
    -- Who or what has it; of one that was given and is not confirmed, its giver.
    place text not null check (place in
        ('bearer', 'shelf', 'post', 'outside', 'applicant', 'destroyed', 'passing')),
    officer ID references officer (id),
    -- The agency that answers for it; none once it is gone.
    agency ID references unit (id),
    room text check (length(room) between 1 and 60),
    rack text check (length(rack) <= 60),
    boxed text check (length(boxed) <= 60),
    -- To whom it was given, and when he should have confirmed.
    to_agency ID references unit (id),
    to_officer ID references officer (id),
    due_at INSTANT,
    since INSTANT not null,
    seen_at INSTANT not null,
    missed_at INSTANT,
    body JSON not null,
    check ((place = 'passing') = (to_agency is not null)),
    check ((place = 'passing') = (due_at is not null)),
    check ((place = 'shelf') = (room is not null)),
    check ((place in ('applicant', 'destroyed')) = (agency is null))
) TABLE;
create unique index folder_code_key on folder (code);
create unique index folder_dossier_key on folder (dossier);
create index folder_officer_idx on folder (officer, since) where officer is not null;
create index folder_to_idx on folder (to_agency, to_officer) where to_agency is not null;
create index folder_shelf_idx on folder (agency, room, rack, boxed) where room is not null;
create index folder_due_idx on folder (due_at) where due_at is not null;
create index folder_agency_idx on folder (agency, seen_at) where agency is not null;
create index folder_missed_idx on folder (agency, missed_at) where missed_at is not null;

-- What one officer gave to somebody at once: the hand-over slip.
create table passing (
    id ID not null primary key,
    giver ID not null references officer (id),
    from_agency ID not null references unit (id),
    to_agency ID not null references unit (id),
    to_officer ID references officer (id),
    given_at INSTANT not null,
    due_at INSTANT not null
) TABLE;

create table passing_folder (
    passing ID not null references passing (id),
    folder ID not null references folder (id),
    outcome text check (outcome in ('confirmed', 'refused', 'taken_back', 'reclaimed')),
    settled_at INSTANT,
    settled_by ID references officer (id),
    reason text check (length(reason) between 1 and 1000),
    primary key (passing, folder),
    check ((outcome is null) = (settled_at is null)),
    check ((outcome is null) = (settled_by is null))
) TABLE;

-- A paper somebody found, and the dossier it turned out to belong to.
create table found_paper (
    id ID not null primary key,
    version INT not null,
    agency ID not null references unit (id),
    found_by ID not null references officer (id),
    found_at INSTANT not null,
    what text not null check (length(what) between 1 and 300),
    place text not null check (length(place) between 1 and 300),
    dossier ID references dossier (id),
    tied_by ID references officer (id),
    tied_at INSTANT,
    check ((dossier is null) = (tied_at is null)),
    check ((dossier is null) = (tied_by is null))
) TABLE;
create index found_paper_open_idx on found_paper (agency, found_at) where dossier is null;

create table stocktaking (
    id ID not null primary key,
    version INT not null,
    officer ID not null references officer (id),
    agency ID not null references unit (id),
    area JSON not null,
    begun_at INSTANT not null,
    ended_at INSTANT,
    tally JSON,
    check ((ended_at is null) = (tally is null))
) TABLE;
create index stocktaking_officer_idx on stocktaking (officer, begun_at);

create table stocktaking_folder (
    stocktaking ID not null references stocktaking (id),
    folder ID not null references folder (id),
    met_at INSTANT not null,
    primary key (stocktaking, folder)
) TABLE;
