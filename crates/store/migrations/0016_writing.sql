-- What officers write before an act is done, and beside it: prose kept unsent, who holds a form, notes among
-- colleagues, and the wording of decisions without the people they are about.

create table unsent (
    officer ID not null references officer (id),
    form text not null check (form in ('draft', 'supplement', 'opinion', 'note')),
    dossier ID not null references dossier (id),
    version INT not null check (version > 0),
    -- What the form showed when he began to write.
    base text not null check (length(base) <= 100),
    -- Pairs of name and value, in the order of the form.
    body JSON not null,
    saved_at INSTANT not null,
    primary key (officer, form, dossier)
) TABLE;
create index unsent_saved_idx on unsent (saved_at);

create table editing (
    form text not null check (form in ('draft', 'supplement', 'opinion', 'note')),
    dossier ID not null references dossier (id),
    officer ID not null references officer (id),
    since INSTANT not null,
    until INSTANT not null check (until > since),
    primary key (form, dossier)
) TABLE;

create table note (
    id ID not null primary key,
    dossier ID not null references dossier (id),
    author ID not null references officer (id),
    text text not null check (length(text) between 1 and 2000),
    written_at INSTANT not null,
    struck_at INSTANT check (struck_at >= written_at)
) TABLE;
create index note_dossier_idx on note (dossier, written_at);

-- A colleague a note is meant for, until he has seen it.
create table note_mention (
    note ID not null references note (id),
    officer ID not null references officer (id),
    seen_at INSTANT,
    primary key (note, officer)
) TABLE;
create index note_mention_unseen_idx on note_mention (officer) where seen_at is null;

create table decision_wording (
    result ID not null primary key references result (id),
    dossier ID not null references dossier (id),
    agency ID not null references unit (id),
    procedure text not null check (length(procedure) between 1 and 60),
    case_id text not null check (length(case_id) <= 100),
    result_type text not null check (length(result_type) <= 100),
    signed_at INSTANT not null,
    -- The answers by the keys of the form, masked: nobody's name or number is in them.
    body JSON not null
) TABLE;
create index decision_wording_kind_idx on decision_wording (agency, procedure, case_id, result_type, signed_at);
