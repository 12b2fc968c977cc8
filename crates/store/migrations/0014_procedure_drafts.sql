-- Every saving of a procedure's draft, so that an earlier one can be taken back, and whose dossiers stay
-- on which revision.

create table procedure_draft_saving (
    code text not null check (length(code) between 1 and 60),
    version INT not null check (version > 0),
    body JSON not null,
    saved_by ID not null references officer (id),
    saved_at INSTANT not null,
    primary key (code, version)
) TABLE;

-- What was being drafted already is the first saving that can be taken back.
insert into procedure_draft_saving (code, version, body, saved_by, saved_at)
    select code, version, body, saved_by, saved_at from procedure_draft where body is not null;

create index dossier_open_revision_idx on dossier (procedure, revision)
    where state in ('submitted', 'awaiting_papers', 'received', 'awaiting_parts',
        'in_process', 'awaiting_supplement', 'awaiting_payment', 'halted');
