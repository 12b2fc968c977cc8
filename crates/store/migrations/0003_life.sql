-- The whole life of a dossier: what it carries through its states, who must act next and by when, the
-- agencies that were asked, the parts of a whole, alarms.

alter table dossier add column life JSON not null default '{}';
alter table dossier add column part_of ID references dossier (id);
-- Who must act next, what, and by when: written by every act that changes the dossier. A dossier that is
-- open and has none of it is an alarm.
alter table dossier add column next_act text;
alter table dossier add column next_agency ID references unit (id);
alter table dossier add column next_role text;
alter table dossier add column next_officer ID references officer (id);
alter table dossier add column next_by INSTANT;

create index dossier_part_idx on dossier (part_of) where part_of is not null;
-- The inbox of a role, the soonest first.
create index dossier_next_idx on dossier (next_agency, next_role, next_by, next_officer) where next_by is not null;
create index dossier_next_by_idx on dossier (next_by) where next_by is not null;
create index dossier_next_officer_idx on dossier (next_officer, next_by) where next_officer is not null;
create index dossier_silent_idx on dossier (id) where next_by is null
    and state in ('submitted', 'awaiting_papers', 'received', 'awaiting_parts', 'in_process',
        'awaiting_supplement', 'awaiting_payment', 'halted', 'done');

-- An agency that was asked about a dossier: what its inbox and its right to see are made of.
create table consultation (
    id ID not null primary key,
    dossier ID not null references dossier (id),
    agency ID not null references unit (id),
    asked_at INSTANT not null,
    due_at INSTANT not null,
    -- Answered, or gone on without.
    ended_at INSTANT
) TABLE;
create index consultation_dossier_idx on consultation (dossier, agency);
create index consultation_open_idx on consultation (agency, due_at) where ended_at is null;

create table alarm (
    id ID not null primary key,
    dossier ID not null references dossier (id),
    kind text not null check (length(kind) between 1 and 50),
    -- Who must act.
    agency ID not null references unit (id),
    role text not null check (length(role) between 1 and 50),
    raised_at INSTANT not null,
    cleared_at INSTANT
) TABLE;
create unique index alarm_open_key on alarm (dossier, kind) where cleared_at is null;
create index alarm_agency_idx on alarm (agency, raised_at) where cleared_at is null;
create index alarm_raised_idx on alarm (raised_at, id) where cleared_at is null;

-- The day on which a decision took the paper back; it stays readable and is offered to nobody.
alter table entry add column annulled_on DAY;
create index entry_dossier_idx on entry (dossier);

-- The code of a mirrored dossier in its system of record.
alter table dossier add column foreign_code text check (length(foreign_code) between 1 and 100);
create unique index dossier_foreign_code_key on dossier (foreign_code) where foreign_code is not null;

-- The inbox of an agency: what is open, the soonest due first, those whose clock stands last.
create index dossier_waiting_idx on dossier
    (holding, (case when due_at is null then 1 else 0 end), due_at, id)
    where state in ('submitted', 'awaiting_papers', 'received', 'awaiting_parts', 'in_process',
        'awaiting_supplement', 'awaiting_payment', 'halted', 'done');
