-- Units in time: who came from whom, and reorganisations with how far they have got.

-- By key: a tree may be loaded before the one it came from.
create table unit_predecessor (
    unit ID not null references unit (id),
    predecessor text not null check (length(predecessor) between 1 and 100),
    primary key (unit, predecessor)
) TABLE;
--only sqlite
insert into unit_predecessor (unit, predecessor)
    select distinct u.id, json_extract(p.value, '$.unit')
    from unit u, json_each(u.body, '$.predecessors') p;
--end
--only postgres
insert into unit_predecessor (unit, predecessor)
    select distinct u.id, p.value ->> 'unit'
    from unit u, jsonb_array_elements(coalesce(u.body -> 'predecessors', '[]'::jsonb)) as p (value);
--end

create table reorganisation (
    id ID not null primary key,
    key text not null unique check (length(key) between 1 and 100),
    effective_on DAY not null,
    state text not null check (state in ('applying', 'done')),
    -- The last dossier looked at in this round; none at its start.
    after_dossier ID,
    n_rerouted INT not null check (n_rerouted >= 0),
    -- Of this round: the round that finds none is the last.
    n_of_round INT not null check (n_of_round >= 0),
    started_by ID references officer (id),
    agency ID not null references unit (id),
    started_at INSTANT not null,
    finished_at INSTANT,
    body JSON not null,
    check ((state = 'done') = (finished_at is not null))
) TABLE;

-- The units it founded, changed or ended: the shipped trees change them no more.
create table reorganisation_unit (
    reorganisation ID not null references reorganisation (id),
    unit ID not null references unit (id),
    primary key (reorganisation, unit)
) TABLE;
create index reorganisation_unit_unit_idx on reorganisation_unit (unit);

-- The dossiers an agency settles, wherever they were received and whoever holds them.
create index dossier_competent_idx on dossier (competent, id);
