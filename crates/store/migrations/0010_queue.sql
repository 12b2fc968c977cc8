-- Those who wait at the counter: tickets and their calls, appointments, call screens, and the procedures
-- an officer takes most. A ticket carries nothing of its owner but why he goes before others.

-- Each decision on how the queue of an agency runs; the newest that has begun holds.
create table queue_rules (
    id ID not null primary key,
    agency ID not null references unit (id),
    version INT not null check (version > 0),
    valid_from DAY not null,
    decided_by ID not null references officer (id),
    decided_at INSTANT not null,
    body JSON not null
) TABLE;
create unique index queue_rules_agency_key on queue_rules (agency, version);

create table queue_ticket (
    id ID not null primary key,
    version INT not null,
    agency ID not null references unit (id),
    on_day DAY not null,
    lane text not null check (lane in ('ordinary', 'priority', 'appointment')),
    ordinal INT not null check (ordinal > 0),
    reason text check (length(reason) between 1 and 30),
    subject text check (length(subject) between 1 and 200),
    taken_at INSTANT not null,
    taken_by ID not null references officer (id),
    place_at INSTANT not null,
    slot_from INSTANT,
    absences INT not null check (absences >= 0),
    first_called_at INSTANT,
    state text not null check (state in ('waiting', 'called', 'served', 'missed')),
    -- The last call.
    officer ID references officer (id),
    counter text check (length(counter) between 1 and 20),
    called_at INSTANT,
    check (state = 'waiting' or (officer is not null and counter is not null and called_at is not null))
) TABLE;
create unique index queue_ticket_number_key on queue_ticket (agency, on_day, lane, ordinal);
create index queue_ticket_waiting_idx on queue_ticket (agency, on_day, place_at) where state = 'waiting';
create index queue_ticket_called_idx on queue_ticket (agency, on_day, called_at) where called_at is not null;
create index queue_ticket_officer_idx on queue_ticket (officer, on_day, called_at) where officer is not null;

-- The life of a ticket: who did what to it, when.
create table queue_turn (
    ticket ID not null references queue_ticket (id),
    -- The version of the ticket that the turn made.
    number INT not null,
    what text not null check (what in ('taken', 'called', 'called_again', 'absent', 'served')),
    at INSTANT not null,
    officer ID not null references officer (id),
    counter text check (length(counter) between 1 and 20),
    primary key (ticket, number)
) TABLE;

-- The dossiers that were opened while somebody was at the counter.
create table queue_dossier (
    dossier ID not null primary key references dossier (id),
    ticket ID not null references queue_ticket (id)
) TABLE;
create index queue_dossier_ticket_idx on queue_dossier (ticket);

create table appointment (
    id ID not null primary key,
    agency ID not null references unit (id),
    on_day DAY not null,
    slot_from INSTANT not null,
    slot_until INSTANT not null check (slot_until > slot_from),
    seat INT not null check (seat between 1 and 100),
    name text not null check (length(name) <= 200),
    phone text not null check (length(phone) <= 50),
    procedure text check (length(procedure) between 1 and 60),
    booked_by ID not null references officer (id),
    booked_at INSTANT not null,
    ticket ID references queue_ticket (id),
    cancelled_by ID references officer (id),
    cancelled_at INSTANT,
    check (ticket is null or cancelled_at is null),
    check ((cancelled_by is null) = (cancelled_at is null))
) TABLE;
create unique index appointment_seat_key on appointment (agency, slot_from, seat) where cancelled_at is null;
create index appointment_day_idx on appointment (agency, on_day, slot_from);
create index appointment_named_idx on appointment (on_day) where name <> '' or phone <> '';

-- A television has no officer: who has the secret of the link sees the board of one agency.
create table call_screen (
    id ID not null primary key,
    agency ID not null references unit (id),
    name text not null check (length(name) between 1 and 100),
    secret_hash BYTES not null unique,
    made_by ID not null references officer (id),
    made_at INSTANT not null,
    withdrawn_by ID references officer (id),
    withdrawn_at INSTANT,
    check ((withdrawn_by is null) = (withdrawn_at is null))
) TABLE;
create index call_screen_agency_idx on call_screen (agency, made_at);

create table favourite (
    officer ID not null primary key references officer (id),
    version INT not null,
    -- Codes of procedures, the one of Alt+1 first.
    procedures JSON not null,
    changed_at INSTANT not null
) TABLE;
