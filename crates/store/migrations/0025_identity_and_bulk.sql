-- Who officers are at an identity server through which they may sign in; and one act done to many dossiers.

create table officer_identity (
    officer ID not null references officer (id),
    -- The server, as it names itself in what it signs.
    issuer text not null check (length(issuer) between 1 and 300),
    -- Who he is there: never an address or a name, which are given to others later.
    subject text not null check (length(subject) between 1 and 255),
    tied_at INSTANT not null,
    used_at INSTANT,
    primary key (officer, issuer),
    unique (issuer, subject)
) TABLE;

create table bulk (
    id ID not null primary key,
    officer ID not null references officer (id),
    -- What is done to each.
    deed JSON not null,
    begun_at INSTANT not null
) TABLE;
create index bulk_officer_idx on bulk (officer, begun_at);

create table bulk_row (
    id ID not null primary key,
    bulk ID not null references bulk (id),
    -- Its place, from 1.
    number INT not null check (number between 1 and 200),
    dossier ID not null references dossier (id),
    -- None while it waits.
    done_at INSTANT,
    -- Why it was not done, in words; none where it was.
    why_not text check (length(why_not) <= 1000),
    unique (bulk, number),
    unique (bulk, dossier),
    check (why_not is null or done_at is not null)
) TABLE;
