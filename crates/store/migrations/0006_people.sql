-- People in time: posts with their days and limits, delegations, leave, rights that wait for a second
-- person.

-- An officer may hold the same post in two periods: the first day belongs to the key. Posts known so far
-- are since ever.
create table post_before as select officer, agency, role from post;
drop table post;
create table post (
    officer ID not null references officer (id),
    agency ID not null references unit (id),
    role text not null,
    -- Codes of the procedures it is limited to.
    procedures JSON,
    ceiling text not null check (ceiling in ('personal', 'secret')),
    valid_from DAY not null,
    valid_to DAY,
    primary key (officer, agency, role, valid_from),
    check (valid_to is null or valid_to >= valid_from)
) TABLE;
insert into post (officer, agency, role, ceiling, valid_from)
    select officer, agency, role, 'personal', '0001-01-01' from post_before;
drop table post_before;
create index post_agency_idx on post (agency, role);

-- A post of `giver` in the hands of `taker` for some days.
create table delegation (
    id ID not null primary key,
    giver ID not null references officer (id),
    taker ID not null references officer (id),
    agency ID not null references unit (id),
    role text not null,
    procedures JSON,
    valid_from DAY not null,
    valid_to DAY not null,
    kind text not null check (kind in ('substitution', 'authorisation')),
    decision text not null check (length(decision) between 1 and 300),
    check (giver <> taker),
    check (valid_to >= valid_from)
) TABLE;
create index delegation_taker_idx on delegation (taker, valid_to);
create index delegation_giver_idx on delegation (giver, valid_to);
create index delegation_agency_idx on delegation (agency, role, valid_to);

create table absence (
    id ID not null primary key,
    officer ID not null references officer (id),
    valid_from DAY not null,
    valid_to DAY not null,
    cover JSON not null,
    check (valid_to >= valid_from)
) TABLE;
create index absence_officer_idx on absence (officer, valid_to);
create index absence_day_idx on absence (valid_to, valid_from);

create table right_proposal (
    id ID not null primary key,
    version INT not null,
    proposed_by ID not null references officer (id),
    proposed_at INSTANT not null,
    lapses_on DAY not null,
    change JSON not null,
    confirmed_by ID references officer (id),
    check (confirmed_by is null or confirmed_by <> proposed_by)
) TABLE;
create index right_proposal_open_idx on right_proposal (lapses_on) where confirmed_by is null;

-- What an officer has in hand, the soonest due first. A closed dossier is in nobody's hand.
create index dossier_officer_idx on dossier (officer, due_at, id) where officer is not null;

-- Whom searches have shown to an officer of late: told once a sitting.
create index event_found_idx on event (actor, subject, happened_at) where kind = 'found_in_search';
