-- Procedures on their way: what is being drafted, by which decision each revision was published, and
-- what was taken out of force without a successor.

create table procedure_draft (
    code text not null primary key check (length(code) between 1 and 60),
    version INT not null check (version > 0),
    -- Null once it was published; the count of versions goes on, so that an old number never fits again.
    body JSON,
    saved_by ID not null references officer (id),
    saved_at INSTANT not null
) TABLE;

create table procedure_publication (
    code text not null,
    revision INT not null,
    decision text not null check (length(decision) between 1 and 500),
    -- The revision whose content came back with this one.
    content_of INT,
    published_by ID not null references officer (id),
    published_at INSTANT not null,
    primary key (code, revision),
    foreign key (code, revision) references procedure (code, revision)
) TABLE;

-- Ends a revision and all before it; a later revision is not touched.
create table procedure_retirement (
    code text not null,
    revision INT not null,
    last_day DAY not null,
    decision text not null check (length(decision) between 1 and 500),
    retired_by ID not null references officer (id),
    retired_at INSTANT not null,
    primary key (code, revision),
    foreign key (code, revision) references procedure (code, revision)
) TABLE;
