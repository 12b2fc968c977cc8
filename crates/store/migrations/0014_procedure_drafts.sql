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

create index dossier_open_revision_idx on dossier (procedure, revision)
    where state in ('submitted', 'awaiting_papers', 'received', 'awaiting_parts',
        'in_process', 'awaiting_supplement', 'awaiting_payment', 'halted');
