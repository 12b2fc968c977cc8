-- What a counter took in while it could not reach the server: each provisional slip as its machine sent it,
-- until it is a dossier.

create table provisional_slip (
    id ID not null primary key,
    number text not null check (length(number) between 1 and 40),
    agency ID not null references unit (id),
    -- Who sent it; who wrote it sat at the same machine.
    officer ID not null references officer (id),
    -- As it came.
    body JSON not null,
    -- By the clock of the machine, and of the server.
    written_at INSTANT not null,
    arrived_at INSTANT not null,
    dossier ID references dossier (id)
) TABLE;
create index provisional_slip_arrived_idx on provisional_slip (agency, arrived_at);
