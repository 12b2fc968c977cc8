CREATE TABLE absence (
    id blob check (length(id) = 16) not null primary key,
    officer blob check (length(officer) = 16) not null references officer (id),
    valid_from text check (length(valid_from) = 10) not null,
    valid_to text check (length(valid_to) = 10) not null,
    cover text check (json_valid(cover)) not null,
    check (valid_to >= valid_from)
) strict;
CREATE INDEX absence_day_idx on absence (valid_to, valid_from);
CREATE INDEX absence_officer_idx on absence (officer, valid_to);
CREATE TABLE alarm (
    id blob check (length(id) = 16) not null primary key,
    dossier blob check (length(dossier) = 16) not null references dossier (id),
    kind text not null check (length(kind) between 1 and 50),
    -- Who must act.
    agency blob check (length(agency) = 16) not null references unit (id),
    role text not null check (length(role) between 1 and 50),
    raised_at integer not null,
    cleared_at integer
) strict;
CREATE INDEX alarm_agency_idx on alarm (agency, raised_at) where cleared_at is null;
CREATE UNIQUE INDEX alarm_open_key on alarm (dossier, kind) where cleared_at is null;
CREATE INDEX alarm_raised_idx on alarm (raised_at, id) where cleared_at is null;
CREATE TABLE api_key (
    id blob check (length(id) = 16) not null primary key,
    officer blob check (length(officer) = 16) not null references officer (id),
    name text not null check (length(name) between 1 and 60),
    -- The first letters of the secret, by which people tell keys apart.
    prefix text not null check (length(prefix) = 11),
    secret_hash blob not null,
    scopes text check (json_valid(scopes)) not null,
    -- Ranges of addresses it may be used from; none is anywhere.
    ranges text check (json_valid(ranges)) not null,
    last_day text check (length(last_day) = 10) not null,
    made_by blob check (length(made_by) = 16) not null references officer (id),
    made_at integer not null,
    expires_at integer not null,
    last_used_at integer,
    revoked_by blob check (length(revoked_by) = 16) references officer (id),
    revoked_at integer,
    check ((revoked_by is null) = (revoked_at is null))
) strict;
CREATE INDEX api_key_officer_idx on api_key (officer, made_at);
CREATE UNIQUE INDEX api_key_secret_key on api_key (secret_hash);
CREATE TABLE appointment (
    id blob check (length(id) = 16) not null primary key,
    agency blob check (length(agency) = 16) not null references unit (id),
    on_day text check (length(on_day) = 10) not null,
    slot_from integer not null,
    slot_until integer not null check (slot_until > slot_from),
    seat integer not null check (seat between 1 and 100),
    name text not null check (length(name) <= 200),
    phone text not null check (length(phone) <= 50),
    procedure text check (length(procedure) between 1 and 60),
    booked_by blob check (length(booked_by) = 16) not null references officer (id),
    booked_at integer not null,
    ticket blob check (length(ticket) = 16) references queue_ticket (id),
    cancelled_by blob check (length(cancelled_by) = 16) references officer (id),
    cancelled_at integer,
    check (ticket is null or cancelled_at is null),
    check ((cancelled_by is null) = (cancelled_at is null))
) strict;
CREATE INDEX appointment_day_idx on appointment (agency, on_day, slot_from);
CREATE INDEX appointment_named_idx on appointment (on_day) where name <> '' or phone <> '';
CREATE UNIQUE INDEX appointment_seat_key on appointment (agency, slot_from, seat) where cancelled_at is null;
CREATE TABLE audit_check (
    id blob check (length(id) = 16) not null primary key,
    -- None where it was its daily turn.
    asked_by blob check (length(asked_by) = 16) references officer (id),
    finished_at integer not null,
    n_events integer not null check (n_events >= 0),
    n_checkpoints integer not null check (n_checkpoints >= 0),
    -- The moment of the newest checkpoint; none before the first.
    sealed_until integer,
    n_faults integer not null check (n_faults >= 0),
    -- The first of them, in words.
    faults text check (json_valid(faults)) not null
) strict;
CREATE INDEX audit_check_finished_at_idx on audit_check (finished_at);
CREATE TABLE audit_checkpoint (
    number integer not null primary key check (number > 0),
    sealed_at integer not null,
    first_ordinal integer not null check (first_ordinal > 0),
    last_ordinal integer not null,
    events_digest blob not null check (length(events_digest) = 32),
    previous blob check (length(previous) = 32),
    certificate blob not null,
    signature blob not null,
    time_stamp blob,
    check (last_ordinal >= first_ordinal),
    check ((number = 1) = (previous is null))
) strict;
CREATE TABLE audit_export (
    id blob check (length(id) = 16) not null primary key,
    asked_by blob check (length(asked_by) = 16) not null references officer (id),
    asked_at integer not null,
    filter text check (json_valid(filter)) not null,
    finished_at integer,
    n_events integer check (n_events >= 0),
    sha256 text check (length(sha256) = 64), sight text check (json_valid(sight)), dropped_at integer,
    check ((finished_at is null) = (n_events is null)),
    check ((finished_at is null) = (sha256 is null))
) strict;
CREATE INDEX audit_export_asked_by_idx on audit_export (asked_by, asked_at);
CREATE INDEX audit_export_kept_idx on audit_export (finished_at) where dropped_at is null;
CREATE TABLE audit_key_change (
    number integer not null primary key check (number > 0),
    changed_at integer not null,
    -- The last checkpoint the old key may have signed, and its digest then.
    after_checkpoint integer not null check (after_checkpoint > 0),
    checkpoint_digest blob not null check (length(checkpoint_digest) = 32),
    from_certificate blob not null,
    to_certificate blob not null,
    -- By the new key, and by the old one; none where that was lost.
    signature blob not null,
    voucher blob
) strict;
CREATE TABLE blob (
    address     text not null primary key check (length(address) = 64),
    size_bytes  integer not null check (size_bytes >= 0),
    -- The last time somebody stored it: counts the days of grace before it may be cleared away.
    stored_at   integer not null
) strict;
CREATE INDEX blob_stored_at_idx on blob (stored_at);
CREATE TABLE blob_reference (
    address     text not null references blob (address),
    owner_kind  text not null check (length(owner_kind) between 1 and 100),
    owner       blob check (length(owner) = 16) not null,
    created_at  integer not null,
    primary key (address, owner_kind, owner)
) strict;
CREATE INDEX blob_reference_owner_idx on blob_reference (owner_kind, owner);
CREATE TABLE bulk (
    id blob check (length(id) = 16) not null primary key,
    officer blob check (length(officer) = 16) not null references officer (id),
    -- What is done to each.
    deed text check (json_valid(deed)) not null,
    begun_at integer not null
) strict;
CREATE INDEX bulk_officer_idx on bulk (officer, begun_at);
CREATE TABLE bulk_row (
    id blob check (length(id) = 16) not null primary key,
    bulk blob check (length(bulk) = 16) not null references bulk (id),
    -- Its place, from 1.
    number integer not null check (number between 1 and 200),
    dossier blob check (length(dossier) = 16) not null references dossier (id),
    -- None while it waits.
    done_at integer,
    -- Why it was not done, in words; none where it was.
    why_not text check (length(why_not) <= 1000),
    unique (bulk, number),
    unique (bulk, dossier),
    check (why_not is null or done_at is not null)
) strict;
CREATE TABLE calendar (
    id blob check (length(id) = 16) not null primary key,
    -- `unit:<key>` or `year:<number>`
    scope text not null check (length(scope) between 6 and 120),
    version integer not null check (version > 0),
    -- The office it is for; none where it is the nation's.
    unit blob check (length(unit) = 16) references unit (id),
    valid_from text check (length(valid_from) = 10) not null,
    valid_to text check (length(valid_to) = 10),
    decided_by blob check (length(decided_by) = 16) not null references officer (id),
    decided_at integer not null,
    -- The dossiers that were shown to be moved when it was decided.
    n_moved integer not null check (n_moved >= 0),
    impact text not null check (length(impact) = 64),
    -- How far the dates of open dossiers were counted again, and when that was done.
    counted_through blob check (length(counted_through) = 16) not null,
    counted_at integer,
    body text check (json_valid(body)) not null
) strict;
CREATE UNIQUE INDEX calendar_scope_key on calendar (scope, version);
CREATE INDEX calendar_unit_idx on calendar (unit, valid_from) where unit is not null;
CREATE TABLE call_screen (
    id blob check (length(id) = 16) not null primary key,
    agency blob check (length(agency) = 16) not null references unit (id),
    name text not null check (length(name) between 1 and 100),
    secret_hash blob not null unique,
    made_by blob check (length(made_by) = 16) not null references officer (id),
    made_at integer not null,
    withdrawn_by blob check (length(withdrawn_by) = 16) references officer (id),
    withdrawn_at integer,
    check ((withdrawn_by is null) = (withdrawn_at is null))
) strict;
CREATE INDEX call_screen_agency_idx on call_screen (agency, made_at);
CREATE TABLE code_format (
    id blob check (length(id) = 16) not null primary key,
    agency blob check (length(agency) = 16) not null references unit (id),
    valid_from text check (length(valid_from) = 10) not null,
    -- `{agency}-{yymmdd}-{ordinal:4}`
    format text not null check (length(format) between 10 and 60),
    reason text not null check (length(reason) between 1 and 500),
    put_by blob check (length(put_by) = 16) not null references officer (id),
    put_at integer not null
) strict;
CREATE INDEX code_format_agency_idx on code_format (agency, valid_from);
CREATE TABLE consultation (
    id blob check (length(id) = 16) not null primary key,
    dossier blob check (length(dossier) = 16) not null references dossier (id),
    agency blob check (length(agency) = 16) not null references unit (id),
    asked_at integer not null,
    due_at integer not null,
    -- Answered, or gone on without.
    ended_at integer
) strict;
CREATE INDEX consultation_dossier_idx on consultation (dossier, agency);
CREATE INDEX consultation_open_idx on consultation (agency, due_at) where ended_at is null;
CREATE TABLE decision_wording (
    result blob check (length(result) = 16) not null primary key references result (id),
    dossier blob check (length(dossier) = 16) not null references dossier (id),
    agency blob check (length(agency) = 16) not null references unit (id),
    procedure text not null check (length(procedure) between 1 and 60),
    case_id text not null check (length(case_id) <= 100),
    result_type text not null check (length(result_type) <= 100),
    signed_at integer not null,
    -- The answers by the keys of the form, masked: nobody's name or number is in them.
    body text check (json_valid(body)) not null
) strict;
CREATE INDEX decision_wording_kind_idx on decision_wording (agency, procedure, case_id, result_type, signed_at);
CREATE TABLE delegation (
    id blob check (length(id) = 16) not null primary key,
    giver blob check (length(giver) = 16) not null references officer (id),
    taker blob check (length(taker) = 16) not null references officer (id),
    agency blob check (length(agency) = 16) not null references unit (id),
    role text not null,
    procedures text check (json_valid(procedures)),
    valid_from text check (length(valid_from) = 10) not null,
    valid_to text check (length(valid_to) = 10) not null,
    kind text not null check (kind in ('substitution', 'authorisation')),
    decision text not null check (length(decision) between 1 and 300),
    check (giver <> taker),
    check (valid_to >= valid_from)
) strict;
CREATE INDEX delegation_agency_idx on delegation (agency, role, valid_to);
CREATE INDEX delegation_giver_idx on delegation (giver, valid_to);
CREATE INDEX delegation_taker_idx on delegation (taker, valid_to);
CREATE TABLE dossier (
    id blob check (length(id) = 16) not null primary key,
    version integer not null,
    code text unique check (length(code) <= 60),
    procedure text not null,
    revision integer not null,
    case_id text not null,
    channel text not null,
    submitter blob check (length(submitter) = 16) not null references party (id),
    holder blob check (length(holder) = 16) not null references party (id),
    authorised blob check (length(authorised) = 16) references party (id),
    receiving blob check (length(receiving) = 16) not null references unit (id),
    competent blob check (length(competent) = 16) not null references unit (id),
    holding blob check (length(holding) = 16) not null references unit (id),
    state text not null,
    step text,
    officer blob check (length(officer) = 16) references officer (id),
    outcome text,
    opened_at integer not null,
    opened_by blob check (length(opened_by) = 16) not null references officer (id),
    received_at integer,
    received_on text check (length(received_on) = 10),
    due_at integer,
    due_on text check (length(due_on) = 10),
    clock text check (json_valid(clock)),
    body text check (json_valid(body)) not null, life text check (json_valid(life)) not null default '{}', part_of blob check (length(part_of) = 16) references dossier (id), next_act text, next_agency blob check (length(next_agency) = 16) references unit (id), next_role text, next_officer blob check (length(next_officer) = 16) references officer (id), next_by integer, foreign_code text check (length(foreign_code) between 1 and 100), finished_at integer, for_post integer check (for_post in (0, 1)) not null default false,
    foreign key (procedure, revision) references procedure (code, revision)
) strict;
CREATE INDEX dossier_competent_idx on dossier (competent, id);
CREATE INDEX dossier_for_post_idx on dossier (receiving, id) where for_post;
CREATE UNIQUE INDEX dossier_foreign_code_key on dossier (foreign_code) where foreign_code is not null;
CREATE INDEX dossier_holder_idx on dossier (holder, opened_at);
CREATE INDEX dossier_inbox_idx on dossier (holding, state, due_at);
CREATE INDEX dossier_next_by_idx on dossier (next_by) where next_by is not null;
CREATE INDEX dossier_next_idx on dossier (next_agency, next_role, next_by, next_officer) where next_by is not null;
CREATE INDEX dossier_next_officer_idx on dossier (next_officer, next_by) where next_officer is not null;
CREATE INDEX dossier_officer_idx on dossier (officer, due_at, id) where officer is not null;
CREATE INDEX dossier_open_revision_idx on dossier (procedure, revision)
    where state in ('submitted', 'awaiting_papers', 'received', 'awaiting_parts',
        'in_process', 'awaiting_supplement', 'awaiting_payment', 'halted');
CREATE INDEX dossier_part_idx on dossier (part_of) where part_of is not null;
CREATE INDEX dossier_preparing_idx on dossier (receiving, opened_at) where state = 'preparing';
CREATE INDEX dossier_received_idx on dossier (receiving, received_on);
CREATE INDEX dossier_settled_idx on dossier (competent, finished_at) where finished_at is not null;
CREATE INDEX dossier_silent_idx on dossier (id) where next_by is null
    and state in ('submitted', 'awaiting_papers', 'received', 'awaiting_parts', 'in_process',
        'awaiting_supplement', 'awaiting_payment', 'halted', 'done');
CREATE INDEX dossier_waiting_idx on dossier
    (holding, (case when due_at is null then 1 else 0 end), due_at, id)
    where state in ('submitted', 'awaiting_papers', 'received', 'awaiting_parts', 'in_process',
        'awaiting_supplement', 'awaiting_payment', 'halted', 'done');
CREATE TABLE dossier_component (
    dossier blob check (length(dossier) = 16) not null references dossier (id),
    component text not null check (length(component) <= 100),
    version integer not null,
    supply text not null,
    body text check (json_valid(body)) not null,
    primary key (dossier, component)
) strict;
CREATE TABLE dossier_ordinal (
    agency_code text not null,
    day text check (length(day) = 10) not null,
    last integer not null,
    primary key (agency_code, day)
) strict;
CREATE TABLE editing (
    form text not null check (form in ('draft', 'supplement', 'opinion', 'note')),
    dossier blob check (length(dossier) = 16) not null references dossier (id),
    officer blob check (length(officer) = 16) not null references officer (id),
    since integer not null,
    until integer not null check (until > since),
    primary key (form, dossier)
) strict;
CREATE TABLE entry (
    id blob check (length(id) = 16) not null primary key,
    owner blob check (length(owner) = 16) not null references party (id),
    dossier blob check (length(dossier) = 16) not null references dossier (id),
    receiving blob check (length(receiving) = 16) not null references unit (id),
    competent blob check (length(competent) = 16) not null references unit (id),
    holding blob check (length(holding) = 16) not null references unit (id),
    code text not null unique check (length(code) <= 200),
    -- The code without its counter: what the next counter is counted by.
    stem text not null,
    paper_type text not null,
    title text not null check (length(title) <= 1000),
    sha256 text not null check (length(sha256) = 64),
    n_bytes integer not null,
    issued_on text check (length(issued_on) = 10),
    valid_to text check (length(valid_to) = 10),
    filed_at integer not null,
    superseded_by blob check (length(superseded_by) = 16) references entry (id),
    origin text check (json_valid(origin)) not null,
    fields text check (json_valid(fields)) not null
, annulled_on text check (length(annulled_on) = 10)) strict;
CREATE INDEX entry_dossier_idx on entry (dossier);
CREATE INDEX entry_owner_idx on entry (owner, filed_at);
CREATE INDEX entry_stem_idx on entry (stem);
CREATE TABLE event (
    id blob check (length(id) = 16) not null primary key,
    kind text not null,
    version integer not null,
    subject_kind text not null,
    subject blob check (length(subject) = 16) not null,
    number integer not null,
    dossier blob check (length(dossier) = 16),
    agency blob check (length(agency) = 16) not null,
    actor blob check (length(actor) = 16),
    on_behalf_of blob check (length(on_behalf_of) = 16),
    purpose text check (length(purpose) <= 500),
    happened_at integer not null,
    recorded_at integer not null,
    body text,
    salt blob,
    body_digest blob not null check (length(body_digest) = 32),
    digest blob not null check (length(digest) = 32),
    previous blob check (length(previous) = 32),
    unique (subject_kind, subject, number),
    check ((body is null) = (salt is null)),
    check ((number = 1) = (previous is null))
) strict;
CREATE INDEX event_actor_idx on event (actor, id) where actor is not null;
CREATE INDEX event_agency_idx on event (agency, id);
CREATE INDEX event_dossier_idx on event (dossier, happened_at);
CREATE INDEX event_found_idx on event (actor, subject, happened_at) where kind = 'found_in_search';
CREATE INDEX event_kind_idx on event (agency, kind, id);
CREATE INDEX event_on_behalf_of_idx on event (on_behalf_of, id) where on_behalf_of is not null;
CREATE TABLE event_order (
    ordinal integer not null primary key check (ordinal > 0),
    event blob check (length(event) = 16) not null unique,
    subject_kind text not null,
    subject blob check (length(subject) = 16) not null,
    number integer not null,
    digest blob not null check (length(digest) = 32)
) strict;
CREATE TABLE event_unsealed (
    place integer not null primary key,
    event blob check (length(event) = 16) not null unique
) strict;
CREATE TABLE favourite (
    officer blob check (length(officer) = 16) not null primary key references officer (id),
    version integer not null,
    -- Codes of procedures, the one of Alt+1 first.
    procedures text check (json_valid(procedures)) not null,
    changed_at integer not null
) strict;
CREATE TABLE fee_account (
    id blob check (length(id) = 16) not null primary key,
    agency blob check (length(agency) = 16) not null references unit (id),
    valid_from text check (length(valid_from) = 10) not null,
    bank text check (length(bank) between 2 and 100),
    bin text check (length(bin) = 6),
    number text check (length(number) between 1 and 19),
    holder text check (length(holder) between 2 and 100),
    reason text not null check (length(reason) between 1 and 500),
    put_by blob check (length(put_by) = 16) not null references officer (id),
    put_at integer not null,
    check ((bank is null) = (bin is null) and (bank is null) = (number is null) and (bank is null) = (holder is null))
) strict;
CREATE INDEX fee_account_agency_idx on fee_account (agency, valid_from);
CREATE TABLE fee_screen (
    id blob check (length(id) = 16) not null primary key,
    agency blob check (length(agency) = 16) not null references unit (id),
    counter text not null check (length(counter) between 1 and 20),
    secret_hash blob not null unique,
    made_by blob check (length(made_by) = 16) not null references officer (id),
    made_at integer not null,
    withdrawn_by blob check (length(withdrawn_by) = 16) references officer (id),
    withdrawn_at integer,
    -- What it asks for, until when; it is asked for as long as so much is owed.
    shown_dossier blob check (length(shown_dossier) = 16) references dossier (id),
    shown_owed integer check (shown_owed > 0),
    shown_until integer,
    check ((withdrawn_by is null) = (withdrawn_at is null)),
    check ((shown_dossier is null) = (shown_owed is null) and (shown_dossier is null) = (shown_until is null))
) strict;
CREATE INDEX fee_screen_agency_idx on fee_screen (agency, made_at);
CREATE UNIQUE INDEX fee_screen_seat_key on fee_screen (agency, counter) where withdrawn_at is null;
CREATE TABLE first_view (
    officer blob check (length(officer) = 16) not null primary key references officer (id),
    view blob check (length(view) = 16) not null references kept_view (id)
) strict;
CREATE INDEX first_view_view_idx on first_view (view);
CREATE TABLE folder (
    id blob check (length(id) = 16) not null primary key,
    version integer not null,
    code text not null check (length(code) = 16),
    dossier blob check (length(dossier) = 16) not null references dossier (id),
    -- Who or what has it; of one that was given and is not confirmed, its giver.
    place text not null check (place in
        ('bearer', 'shelf', 'post', 'outside', 'applicant', 'destroyed', 'passing')),
    officer blob check (length(officer) = 16) references officer (id),
    -- The agency that answers for it; none once it is gone.
    agency blob check (length(agency) = 16) references unit (id),
    room text check (length(room) between 1 and 60),
    rack text check (length(rack) <= 60),
    boxed text check (length(boxed) <= 60),
    -- To whom it was given, and when he should have confirmed.
    to_agency blob check (length(to_agency) = 16) references unit (id),
    to_officer blob check (length(to_officer) = 16) references officer (id),
    due_at integer,
    since integer not null,
    seen_at integer not null,
    missed_at integer,
    body text check (json_valid(body)) not null,
    check ((place = 'passing') = (to_agency is not null)),
    check ((place = 'passing') = (due_at is not null)),
    check ((place = 'shelf') = (room is not null)),
    check ((place in ('applicant', 'destroyed')) = (agency is null))
) strict;
CREATE INDEX folder_agency_idx on folder (agency, seen_at) where agency is not null;
CREATE UNIQUE INDEX folder_code_key on folder (code);
CREATE UNIQUE INDEX folder_dossier_key on folder (dossier);
CREATE INDEX folder_due_idx on folder (due_at) where due_at is not null;
CREATE INDEX folder_missed_idx on folder (agency, missed_at) where missed_at is not null;
CREATE INDEX folder_officer_idx on folder (officer, since) where officer is not null;
CREATE INDEX folder_shelf_idx on folder (agency, room, rack, boxed) where room is not null;
CREATE INDEX folder_to_idx on folder (to_agency, to_officer) where to_agency is not null;
CREATE TABLE form_text (
    id blob check (length(id) = 16) not null primary key,
    agency blob check (length(agency) = 16) not null references unit (id),
    -- The code of the form.
    code text not null check (length(code) between 1 and 60),
    valid_from text check (length(valid_from) = 10) not null,
    -- The template; none where the agency goes back to the one that came with the program.
    source text check (length(source) between 1 and 262144),
    reason text not null check (length(reason) between 1 and 500),
    put_by blob check (length(put_by) = 16) not null references officer (id),
    put_at integer not null
) strict;
CREATE INDEX form_text_agency_idx on form_text (agency, code, valid_from);
CREATE TABLE found_paper (
    id blob check (length(id) = 16) not null primary key,
    version integer not null,
    agency blob check (length(agency) = 16) not null references unit (id),
    found_by blob check (length(found_by) = 16) not null references officer (id),
    found_at integer not null,
    what text not null check (length(what) between 1 and 300),
    place text not null check (length(place) between 1 and 300),
    dossier blob check (length(dossier) = 16) references dossier (id),
    tied_by blob check (length(tied_by) = 16) references officer (id),
    tied_at integer,
    check ((dossier is null) = (tied_at is null)),
    check ((dossier is null) = (tied_by is null))
) strict;
CREATE INDEX found_paper_open_idx on found_paper (agency, found_at) where dossier is null;
CREATE TABLE glass (
    id blob check (length(id) = 16) not null primary key,
    version integer not null check (version > 0),
    dossier blob check (length(dossier) = 16) not null references dossier (id),
    officer blob check (length(officer) = 16) not null references officer (id),
    -- For whom he worked; who settles the dossier is asked of the dossier.
    agency blob check (length(agency) = 16) not null references unit (id),
    reason text not null check (length(reason) between 1 and 300),
    opened_at integer not null,
    -- Brought forward where it was not right.
    ends_at integer not null check (ends_at >= opened_at),
    review_by integer not null check (review_by >= opened_at),
    reviewed_by blob check (length(reviewed_by) = 16) references officer (id),
    reviewed_at integer check (reviewed_at >= opened_at),
    verdict text check (verdict in ('fitting', 'unfitting')),
    words text check (length(words) <= 500),
    -- Nobody reviews himself, and a review is there whole or not at all.
    check (reviewed_by <> officer),
    check ((reviewed_by is null) = (reviewed_at is null)),
    check ((reviewed_by is null) = (verdict is null)),
    check ((reviewed_by is null) = (words is null))
) strict;
CREATE INDEX glass_dossier_idx on glass (dossier) where reviewed_at is null;
CREATE INDEX glass_officer_idx on glass (officer, opened_at);
CREATE INDEX glass_unfitting_idx on glass (agency, reviewed_at) where verdict = 'unfitting';
CREATE INDEX glass_waiting_idx on glass (review_by, id) where reviewed_at is null;
CREATE TABLE idempotency (
    key         text not null check (length(key) between 1 and 200),
    actor       blob check (length(actor) = 16) not null,
    route       text not null check (length(route) between 1 and 200),
    response    text check (json_valid(response)) not null,
    created_at  integer not null,
    primary key (key, actor, route)
) strict;
CREATE INDEX idempotency_created_at_idx on idempotency (created_at);
CREATE TABLE job (
    id          blob check (length(id) = 16) not null primary key,
    kind        text not null check (length(kind) between 1 and 100),
    payload     text check (json_valid(payload)) not null,
    -- A second push with the same key does nothing.
    dedup_key   text unique check (length(dedup_key) between 1 and 500),
    -- The dossier, paper or batch it is for, so that its page can show what is under way.
    subject     blob check (length(subject) = 16),
    state       text not null check (state in ('waiting', 'running', 'done', 'dead')),
    attempts    integer not null check (attempts >= 0),
    max_attempts integer not null check (max_attempts > 0),
    run_after   integer not null,
    lease_until integer,
    -- Changes with every claim: who holds an old one changes nothing any more.
    lease_token blob check (length(lease_token) = 16),
    last_error  text check (length(last_error) <= 4000),
    -- The officer who caused it, or nobody.
    started_by  blob check (length(started_by) = 16),
    created_at  integer not null,
    updated_at  integer not null,
    check ((state = 'running') = (lease_token is not null)),
    check ((lease_token is null) = (lease_until is null))
) strict;
CREATE INDEX job_running_idx on job (lease_until) where state = 'running';
CREATE INDEX job_state_idx on job (state, updated_at);
CREATE INDEX job_subject_idx on job (subject) where subject is not null;
CREATE INDEX job_waiting_idx on job (run_after, id) where state = 'waiting';
CREATE TABLE kept_view (
    id blob check (length(id) = 16) not null primary key,
    owner blob check (length(owner) = 16) not null references officer (id),
    name text not null check (length(name) between 1 and 60),
    shared_with blob check (length(shared_with) = 16) references unit (id),
    narrowing text check (json_valid(narrowing)) not null,
    kept_at integer not null,
    constraint kept_view_name_key unique (owner, name)
) strict;
CREATE INDEX kept_view_shared_idx on kept_view (shared_with) where shared_with is not null;
CREATE TABLE link_attempt (
    id blob check (length(id) = 16) not null primary key,
    link text not null check (length(link) between 1 and 60),
    at integer not null,
    took_ms integer not null check (took_ms >= 0),
    -- None where it did what was asked.
    cause text check (length(cause) between 1 and 40),
    status integer check (status between 100 and 999),
    is_test integer check (is_test in (0, 1)) not null
) strict;
CREATE INDEX link_attempt_link_idx on link_attempt (link, at);
CREATE TABLE note (
    id blob check (length(id) = 16) not null primary key,
    dossier blob check (length(dossier) = 16) not null references dossier (id),
    author blob check (length(author) = 16) not null references officer (id),
    text text not null check (length(text) between 1 and 2000),
    written_at integer not null,
    struck_at integer check (struck_at >= written_at)
) strict;
CREATE INDEX note_dossier_idx on note (dossier, written_at);
CREATE TABLE note_mention (
    note blob check (length(note) = 16) not null references note (id),
    officer blob check (length(officer) = 16) not null references officer (id),
    seen_at integer,
    primary key (note, officer)
) strict;
CREATE INDEX note_mention_unseen_idx on note_mention (officer) where seen_at is null;
CREATE TABLE notice (
    id blob check (length(id) = 16) not null primary key,
    webhook blob check (length(webhook) = 16) not null references webhook (id),
    event blob check (length(event) = 16) not null,
    kind text not null check (length(kind) between 1 and 100),
    dossier blob check (length(dossier) = 16) not null references dossier (id),
    happened_at integer not null,
    attempts integer not null check (attempts >= 0),
    last_at integer,
    last_status integer check (last_status between 100 and 999),
    last_error text check (length(last_error) <= 300),
    taken_at integer
) strict;
CREATE UNIQUE INDEX notice_event_key on notice (event, webhook);
CREATE INDEX notice_untaken_idx on notice (webhook) where taken_at is null;
CREATE INDEX notice_webhook_idx on notice (webhook, happened_at);
CREATE TABLE number_book (
    agency blob check (length(agency) = 16) not null references unit (id),
    year integer not null,
    symbol text not null,
    last integer not null,
    primary key (agency, year, symbol)
) strict;
CREATE TABLE number_line (
    agency blob check (length(agency) = 16) not null references unit (id),
    year integer not null,
    symbol text not null check (length(symbol) between 1 and 60),
    number integer not null check (number > 0),
    result blob check (length(result) = 16) not null references result (id),
    dossier blob check (length(dossier) = 16) not null references dossier (id),
    given_on text check (length(given_on) = 10) not null,
    standing text not null check (standing in ('given', 'issued', 'cancelled')),
    reason text,
    primary key (agency, year, symbol, number),
    constraint number_line_result_key unique (result),
    check ((standing = 'cancelled') = (reason is not null))
) strict;
CREATE TABLE officer (
    id blob check (length(id) = 16) not null primary key,
    version integer not null,
    login text not null unique check (length(login) between 1 and 100),
    name text not null check (length(name) between 1 and 200),
    title text not null check (length(title) <= 200),
    agency blob check (length(agency) = 16) not null references unit (id),
    password_hash text not null,
    active integer check (active in (0, 1)) not null
) strict;
CREATE INDEX officer_agency_idx on officer (agency);
CREATE TABLE officer_identity (
    officer blob check (length(officer) = 16) not null references officer (id),
    -- The server, as it names itself in what it signs.
    issuer text not null check (length(issuer) between 1 and 300),
    -- Who he is there: never an address or a name, which are given to others later.
    subject text not null check (length(subject) between 1 and 255),
    tied_at integer not null,
    used_at integer,
    primary key (officer, issuer),
    unique (issuer, subject)
) strict;
CREATE TABLE officer_mail (
    officer blob check (length(officer) = 16) not null primary key references officer (id),
    address text not null check (length(address) between 3 and 254),
    -- SHA-256 of the code that was sent there last.
    code blob check (length(code) = 32),
    code_sent_at integer,
    tries integer not null check (tries >= 0),
    -- None before that code was typed: nothing else is sent there till then.
    confirmed_at integer,
    digest integer check (digest in (0, 1)) not null,
    -- The last day for which a digest was asked for.
    digest_on text check (length(digest_on) = 10)
) strict;
CREATE TABLE page (
    id blob check (length(id) = 16) not null primary key,
    upload blob check (length(upload) = 16) not null references upload (id),
    number integer not null,
    sha256 text not null check (length(sha256) = 64),
    thumbnail text not null check (length(thumbnail) = 64),
    body text check (json_valid(body)) not null,
    unique (upload, number)
) strict;
CREATE TABLE parcel (
    id blob check (length(id) = 16) not null primary key,
    arrival blob check (length(arrival) = 16) not null references post_arrival (id),
    agency blob check (length(agency) = 16) not null references unit (id),
    -- Its line on the list.
    place integer not null check (place > 0),
    tracking text not null check (length(tracking) between 4 and 40),
    -- Is it still to be opened?
    waits integer check (waits in (0, 1)) not null,
    -- Why no dossier came of it.
    put_aside text check (length(put_aside) between 1 and 300),
    aside_by blob check (length(aside_by) = 16) references officer (id),
    aside_at integer,
    check ((put_aside is null) = (aside_by is null) and (put_aside is null) = (aside_at is null))
) strict;
CREATE INDEX parcel_arrival_idx on parcel (arrival);
CREATE UNIQUE INDEX parcel_tracking_key on parcel (agency, tracking);
CREATE INDEX parcel_waiting_idx on parcel (agency) where waits;
CREATE TABLE parcel_dossier (
    dossier blob check (length(dossier) = 16) not null primary key references dossier (id),
    parcel blob check (length(parcel) = 16) not null references parcel (id)
) strict;
CREATE INDEX parcel_dossier_parcel_idx on parcel_dossier (parcel);
CREATE TABLE party (
    id blob check (length(id) = 16) not null primary key,
    version integer not null,
    kind text not null,
    name text not null check (length(name) between 1 and 300),
    born_on text check (length(born_on) = 10),
    sex text,
    address text not null check (length(address) <= 500),
    phone text not null check (length(phone) <= 50),
    email text not null check (length(email) <= 200)
) strict;
CREATE TABLE party_number (
    kind text not null,
    number text not null check (length(number) between 1 and 35),
    party blob check (length(party) = 16) not null references party (id),
    given_on text check (length(given_on) = 10),
    primary key (kind, number)
) strict;
CREATE INDEX party_number_party_idx on party_number (party);
CREATE TABLE passing (
    id blob check (length(id) = 16) not null primary key,
    giver blob check (length(giver) = 16) not null references officer (id),
    from_agency blob check (length(from_agency) = 16) not null references unit (id),
    to_agency blob check (length(to_agency) = 16) not null references unit (id),
    to_officer blob check (length(to_officer) = 16) references officer (id),
    given_at integer not null,
    due_at integer not null
) strict;
CREATE TABLE passing_folder (
    passing blob check (length(passing) = 16) not null references passing (id),
    folder blob check (length(folder) = 16) not null references folder (id),
    outcome text check (outcome in ('confirmed', 'refused', 'taken_back', 'reclaimed')),
    settled_at integer,
    settled_by blob check (length(settled_by) = 16) references officer (id),
    reason text check (length(reason) between 1 and 1000),
    primary key (passing, folder),
    check ((outcome is null) = (settled_at is null)),
    check ((outcome is null) = (settled_by is null))
) strict;
CREATE TABLE passkey (
    id blob check (length(id) = 16) not null primary key,
    officer blob check (length(officer) = 16) not null references officer (id),
    name text not null check (length(name) between 1 and 60),
    -- The id its authenticator gave it.
    credential blob not null unique,
    -- Its public key and its counter.
    body text check (json_valid(body)) not null,
    added_at integer not null,
    used_at integer
) strict;
CREATE INDEX passkey_officer_idx on passkey (officer, added_at);
CREATE TABLE pending_sign_in (
    secret_hash blob not null primary key check (length(secret_hash) = 32),
    -- None while nobody knows yet whose passkey it will be.
    officer blob check (length(officer) = 16) references officer (id),
    body text check (json_valid(body)) not null,
    expires_at integer not null
) strict;
CREATE INDEX pending_sign_in_expires_idx on pending_sign_in (expires_at);
CREATE INDEX pending_sign_in_officer_idx on pending_sign_in (officer) where officer is not null;
CREATE TABLE post (
    officer blob check (length(officer) = 16) not null references officer (id),
    agency blob check (length(agency) = 16) not null references unit (id),
    role text not null,
    -- Codes of the procedures it is limited to.
    procedures text check (json_valid(procedures)),
    ceiling text not null check (ceiling in ('personal', 'secret')),
    valid_from text check (length(valid_from) = 10) not null,
    valid_to text check (length(valid_to) = 10),
    primary key (officer, agency, role, valid_from),
    check (valid_to is null or valid_to >= valid_from)
) strict;
CREATE INDEX post_agency_idx on post (agency, role);
CREATE TABLE post_arrival (
    id blob check (length(id) = 16) not null primary key,
    agency blob check (length(agency) = 16) not null references unit (id),
    post_office text not null check (length(post_office) between 1 and 200),
    postman text not null check (length(postman) between 1 and 200),
    taken_by blob check (length(taken_by) = 16) not null references officer (id),
    taken_at integer not null
) strict;
CREATE INDEX post_arrival_agency_idx on post_arrival (agency, taken_at);
CREATE TABLE post_bundle (
    id blob check (length(id) = 16) not null primary key,
    agency blob check (length(agency) = 16) not null references unit (id),
    post_office text not null check (length(post_office) between 1 and 200),
    made_by blob check (length(made_by) = 16) not null references officer (id),
    made_at integer not null,
    -- Who took it; none while it is put together.
    postman text check (length(postman) between 1 and 200),
    sent_by blob check (length(sent_by) = 16) references officer (id),
    sent_at integer,
    check ((postman is null) = (sent_by is null) and (postman is null) = (sent_at is null))
) strict;
CREATE INDEX post_bundle_agency_idx on post_bundle (agency, made_at);
CREATE TABLE post_item (
    bundle blob check (length(bundle) = 16) not null references post_bundle (id),
    dossier blob check (length(dossier) = 16) not null references dossier (id),
    tracking text not null check (length(tracking) between 4 and 40),
    added_at integer not null,
    -- What the post said of it.
    outcome text check (outcome in ('delivered', 'came_back')),
    answered_at integer,
    primary key (bundle, dossier),
    check ((outcome is null) = (answered_at is null))
) strict;
CREATE INDEX post_item_dossier_idx on post_item (dossier);
CREATE UNIQUE INDEX post_item_tracking_key on post_item (bundle, tracking);
CREATE TABLE procedure (
    code text not null,
    revision integer not null,
    name text not null,
    field text not null,
    valid_from text check (length(valid_from) = 10) not null,
    valid_to text check (length(valid_to) = 10),
    body text check (json_valid(body)) not null,
    primary key (code, revision)
) strict;
CREATE TABLE procedure_draft (
    code text not null primary key check (length(code) between 1 and 60),
    version integer not null check (version > 0),
    -- Null once it was published; the count of versions goes on, so that an old number never fits again.
    body text check (json_valid(body)),
    saved_by blob check (length(saved_by) = 16) not null references officer (id),
    saved_at integer not null
) strict;
CREATE TABLE procedure_draft_saving (
    code text not null check (length(code) between 1 and 60),
    version integer not null check (version > 0),
    body text check (json_valid(body)) not null,
    saved_by blob check (length(saved_by) = 16) not null references officer (id),
    saved_at integer not null,
    primary key (code, version)
) strict;
CREATE TABLE procedure_publication (
    code text not null,
    revision integer not null,
    decision text not null check (length(decision) between 1 and 500),
    -- The revision whose content came back with this one.
    content_of integer,
    published_by blob check (length(published_by) = 16) not null references officer (id),
    published_at integer not null,
    primary key (code, revision),
    foreign key (code, revision) references procedure (code, revision)
) strict;
CREATE TABLE procedure_retirement (
    code text not null,
    revision integer not null,
    last_day text check (length(last_day) = 10) not null,
    decision text not null check (length(decision) between 1 and 500),
    retired_by blob check (length(retired_by) = 16) not null references officer (id),
    retired_at integer not null,
    primary key (code, revision),
    foreign key (code, revision) references procedure (code, revision)
) strict;
CREATE TABLE provisional_slip (
    id blob check (length(id) = 16) not null primary key,
    number text not null check (length(number) between 1 and 40),
    agency blob check (length(agency) = 16) not null references unit (id),
    -- Who sent it; who wrote it sat at the same machine.
    officer blob check (length(officer) = 16) not null references officer (id),
    -- As it came.
    body text check (json_valid(body)) not null,
    -- By the clock of the machine, and of the server.
    written_at integer not null,
    arrived_at integer not null,
    dossier blob check (length(dossier) = 16) references dossier (id)
) strict;
CREATE INDEX provisional_slip_arrived_idx on provisional_slip (agency, arrived_at);
CREATE TABLE queue_dossier (
    dossier blob check (length(dossier) = 16) not null primary key references dossier (id),
    ticket blob check (length(ticket) = 16) not null references queue_ticket (id)
) strict;
CREATE INDEX queue_dossier_ticket_idx on queue_dossier (ticket);
CREATE TABLE queue_rules (
    id blob check (length(id) = 16) not null primary key,
    agency blob check (length(agency) = 16) not null references unit (id),
    version integer not null check (version > 0),
    valid_from text check (length(valid_from) = 10) not null,
    decided_by blob check (length(decided_by) = 16) not null references officer (id),
    decided_at integer not null,
    body text check (json_valid(body)) not null
) strict;
CREATE UNIQUE INDEX queue_rules_agency_key on queue_rules (agency, version);
CREATE TABLE queue_ticket (
    id blob check (length(id) = 16) not null primary key,
    version integer not null,
    agency blob check (length(agency) = 16) not null references unit (id),
    on_day text check (length(on_day) = 10) not null,
    lane text not null check (lane in ('ordinary', 'priority', 'appointment')),
    ordinal integer not null check (ordinal > 0),
    reason text check (length(reason) between 1 and 30),
    subject text check (length(subject) between 1 and 200),
    taken_at integer not null,
    taken_by blob check (length(taken_by) = 16) not null references officer (id),
    place_at integer not null,
    slot_from integer,
    absences integer not null check (absences >= 0),
    first_called_at integer,
    state text not null check (state in ('waiting', 'called', 'served', 'missed')),
    -- The last call.
    officer blob check (length(officer) = 16) references officer (id),
    counter text check (length(counter) between 1 and 20),
    called_at integer,
    check (state = 'waiting' or (officer is not null and counter is not null and called_at is not null))
) strict;
CREATE INDEX queue_ticket_called_idx on queue_ticket (agency, on_day, called_at) where called_at is not null;
CREATE UNIQUE INDEX queue_ticket_number_key on queue_ticket (agency, on_day, lane, ordinal);
CREATE INDEX queue_ticket_officer_idx on queue_ticket (officer, on_day, called_at) where officer is not null;
CREATE INDEX queue_ticket_waiting_idx on queue_ticket (agency, on_day, place_at) where state = 'waiting';
CREATE TABLE queue_turn (
    ticket blob check (length(ticket) = 16) not null references queue_ticket (id),
    -- The version of the ticket that the turn made.
    number integer not null,
    what text not null check (what in ('taken', 'called', 'called_again', 'absent', 'served')),
    at integer not null,
    officer blob check (length(officer) = 16) not null references officer (id),
    counter text check (length(counter) between 1 and 20),
    primary key (ticket, number)
) strict;
CREATE TABLE record (
    id blob check (length(id) = 16) not null primary key,
    version integer not null,
    dossier blob check (length(dossier) = 16) not null references dossier (id),
    component text not null,
    owner blob check (length(owner) = 16) not null references party (id),
    receiving blob check (length(receiving) = 16) not null references unit (id),
    competent blob check (length(competent) = 16) not null references unit (id),
    holding blob check (length(holding) = 16) not null references unit (id),
    digitiser blob check (length(digitiser) = 16) not null references officer (id),
    state text not null,
    created_at integer not null,
    source text check (json_valid(source)) not null,
    body text check (json_valid(body)) not null
) strict;
CREATE INDEX record_dossier_idx on record (dossier, component);
CREATE INDEX record_open_idx on record (receiving, created_at) where state <> 'filed';
CREATE TABLE recovery_code (
    officer blob check (length(officer) = 16) not null references officer (id),
    digest blob not null check (length(digest) = 32),
    primary key (officer, digest)
) strict;
CREATE TABLE reorganisation (
    id blob check (length(id) = 16) not null primary key,
    key text not null unique check (length(key) between 1 and 100),
    effective_on text check (length(effective_on) = 10) not null,
    state text not null check (state in ('applying', 'done')),
    -- The last dossier looked at in this round; none at its start.
    after_dossier blob check (length(after_dossier) = 16),
    n_rerouted integer not null check (n_rerouted >= 0),
    -- Of this round: the round that finds none is the last.
    n_of_round integer not null check (n_of_round >= 0),
    started_by blob check (length(started_by) = 16) references officer (id),
    agency blob check (length(agency) = 16) not null references unit (id),
    started_at integer not null,
    finished_at integer,
    body text check (json_valid(body)) not null,
    check ((state = 'done') = (finished_at is not null))
) strict;
CREATE TABLE reorganisation_unit (
    reorganisation blob check (length(reorganisation) = 16) not null references reorganisation (id),
    unit blob check (length(unit) = 16) not null references unit (id),
    primary key (reorganisation, unit)
) strict;
CREATE INDEX reorganisation_unit_unit_idx on reorganisation_unit (unit);
CREATE TABLE result (
    id blob check (length(id) = 16) not null primary key,
    version integer not null,
    dossier blob check (length(dossier) = 16) not null references dossier (id),
    owner blob check (length(owner) = 16) not null references party (id),
    receiving blob check (length(receiving) = 16) not null references unit (id),
    competent blob check (length(competent) = 16) not null references unit (id),
    holding blob check (length(holding) = 16) not null references unit (id),
    result_type text not null,
    state text not null,
    created_at integer not null,
    body text check (json_valid(body)) not null
) strict;
CREATE INDEX result_dossier_idx on result (dossier);
CREATE INDEX result_dossier_state_idx on result (dossier, state);
CREATE TABLE result_reading (
    result blob check (length(result) = 16) not null references result (id),
    officer blob check (length(officer) = 16) not null references officer (id),
    sha256 text not null check (length(sha256) = 64),
    read_at integer not null,
    primary key (result, officer, sha256)
) strict;
CREATE TABLE result_receipt (
    id blob check (length(id) = 16) not null primary key,
    dossier blob check (length(dossier) = 16) not null references dossier (id),
    result blob check (length(result) = 16) not null references result (id),
    name text not null check (length(name) between 1 and 200),
    -- Of his identity paper; none where he has none.
    number text not null check (length(number) <= 20),
    -- The paper by which the applicant sent him; empty where he is the applicant.
    authorisation text not null check (length(authorisation) <= 200),
    given_by blob check (length(given_by) = 16) not null references officer (id),
    given_at integer not null,
    sheet text check (length(sheet) = 64),
    sheet_kind text check (sheet_kind in ('pdf', 'jpeg', 'png', 'tiff')),
    sheet_by blob check (length(sheet_by) = 16) references officer (id),
    sheet_at integer,
    check ((sheet is null) = (sheet_kind is null) and (sheet is null) = (sheet_by is null)
        and (sheet is null) = (sheet_at is null))
) strict;
CREATE INDEX result_receipt_dossier_idx on result_receipt (dossier, given_at);
CREATE TABLE right_proposal (
    id blob check (length(id) = 16) not null primary key,
    version integer not null,
    proposed_by blob check (length(proposed_by) = 16) not null references officer (id),
    proposed_at integer not null,
    lapses_on text check (length(lapses_on) = 10) not null,
    change text check (json_valid(change)) not null,
    confirmed_by blob check (length(confirmed_by) = 16) references officer (id),
    check (confirmed_by is null or confirmed_by <> proposed_by)
) strict;
CREATE INDEX right_proposal_open_idx on right_proposal (lapses_on) where confirmed_by is null;
CREATE TABLE search_entry (
    n           integer not null primary key,
    kind        text not null check (length(kind) between 1 and 100),
    subject     blob check (length(subject) = 16) not null,
    unique (kind, subject)
) strict;
CREATE TABLE search_scope (
    n           integer not null references search_entry (n) on delete cascade,
    agency      blob check (length(agency) = 16) not null,
    primary key (n, agency)
) strict;
CREATE VIRTUAL TABLE search_words using fts5 (
    exact, folded, content='', contentless_delete=1, tokenize="unicode61 remove_diacritics 0"
);
CREATE TABLE second_factor (
    officer blob check (length(officer) = 16) not null primary key references officer (id),
    -- What the officer's app computes its codes from, sealed under the master key.
    secret blob not null,
    begun_at integer not null,
    -- None before a code of it was typed: it does not count till then.
    confirmed_at integer,
    -- The time step of the code that counted last: no code counts twice.
    last_step integer,
    check (confirmed_at is null or last_step is not null)
) strict;
CREATE TABLE session (
    -- SHA-256 of the secret in the cookie: who reads this table cannot log in with it.
    secret_hash blob not null primary key check (length(secret_hash) = 32),
    holder      blob check (length(holder) = 16) not null,
    body        text check (json_valid(body)) not null,
    created_at  integer not null,
    seen_at     integer not null,
    expires_at  integer not null
) strict;
CREATE INDEX session_expires_at_idx on session (expires_at);
CREATE INDEX session_holder_idx on session (holder);
CREATE TABLE sign_in_failure (
    id blob check (length(id) = 16) not null primary key,
    login text not null check (length(login) <= 100),
    address text not null check (length(address) <= 100),
    at integer not null
) strict;
CREATE INDEX sign_in_failure_address_idx on sign_in_failure (address, at);
CREATE INDEX sign_in_failure_at_idx on sign_in_failure (at);
CREATE INDEX sign_in_failure_login_idx on sign_in_failure (login, at);
CREATE TABLE signing_key (
    holder blob check (length(holder) = 16) not null primary key,
    holder_kind text not null,
    label text not null,
    pkcs12 blob not null
, certificate_number text check (length(certificate_number) between 1 and 100), issuer text check (length(issuer) <= 300), not_before integer, not_after integer, origin text not null default 'given' check (origin in ('given', 'file', 'trial')), put_at integer, put_by blob check (length(put_by) = 16) references officer (id), ends_on text check (length(ends_on) = 10)) strict;
CREATE INDEX signing_key_not_after_idx on signing_key (not_after) where not_after is not null;
CREATE INDEX signing_key_undescribed_idx on signing_key (holder) where certificate_number is null;
CREATE TABLE signing_key_proposal (
    id blob check (length(id) = 16) not null primary key,
    holder blob check (length(holder) = 16) not null constraint signing_key_proposal_holder_key unique,
    holder_kind text not null check (holder_kind in ('officer', 'agency')),
    label text not null check (length(label) <= 300),
    certificate_number text not null check (length(certificate_number) between 1 and 100),
    issuer text not null check (length(issuer) <= 300),
    not_before integer not null,
    not_after integer not null,
    pkcs12 blob not null,
    name_reason text check (length(name_reason) <= 500),
    proposed_by blob check (length(proposed_by) = 16) not null references officer (id),
    proposed_at integer not null,
    lapses_on text check (length(lapses_on) = 10) not null
) strict;
CREATE TABLE signing_round (
    id blob check (length(id) = 16) not null primary key,
    officer blob check (length(officer) = 16) not null references officer (id),
    begun_at integer not null
) strict;
CREATE INDEX signing_round_officer_idx on signing_round (officer, begun_at);
CREATE TABLE signing_round_paper (
    id blob check (length(id) = 16) not null primary key,
    round blob check (length(round) = 16) not null references signing_round (id),
    -- Its place in the round, from 1.
    number integer not null check (number between 1 and 50),
    dossier blob check (length(dossier) = 16) not null references dossier (id),
    result blob check (length(result) = 16) not null references result (id),
    task text not null check (task in ('sign', 'seal')),
    -- What the officer was shown.
    read_sha256 text not null check (length(read_sha256) = 64),
    onward text not null check (length(onward) <= 100),
    outcome text not null check (outcome in ('waiting', 'signed', 'refused')),
    done_at integer,
    reason text check (length(reason) <= 1000),
    certificate text,
    certificate_number text,
    unique (round, number),
    unique (round, dossier),
    check ((outcome = 'waiting') = (done_at is null)),
    check ((outcome = 'refused') = (reason is not null)),
    check ((outcome = 'signed') = (certificate_number is not null and certificate is not null))
) strict;
CREATE TABLE stocktaking (
    id blob check (length(id) = 16) not null primary key,
    version integer not null,
    officer blob check (length(officer) = 16) not null references officer (id),
    agency blob check (length(agency) = 16) not null references unit (id),
    area text check (json_valid(area)) not null,
    begun_at integer not null,
    ended_at integer,
    tally text check (json_valid(tally)),
    check ((ended_at is null) = (tally is null))
) strict;
CREATE INDEX stocktaking_officer_idx on stocktaking (officer, begun_at);
CREATE TABLE stocktaking_folder (
    stocktaking blob check (length(stocktaking) = 16) not null references stocktaking (id),
    folder blob check (length(folder) = 16) not null references folder (id),
    met_at integer not null,
    primary key (stocktaking, folder)
) strict;
CREATE TABLE training_run (
    officer blob check (length(officer) = 16) not null references officer (id),
    exercise text not null check (length(exercise) between 1 and 60),
    begun_at integer not null,
    -- How often he had done what, by kind of event: what he does beyond that counts.
    before text check (json_valid(before)) not null,
    -- What was prepared for him.
    dossier blob check (length(dossier) = 16) references dossier (id),
    primary key (officer, exercise)
) strict;
CREATE TABLE unit (
    id blob check (length(id) = 16) not null primary key,
    key text not null unique check (length(key) between 1 and 100),
    name text not null check (length(name) between 1 and 300),
    level text not null,
    kind text not null,
    parent blob check (length(parent) = 16) references unit (id),
    code text not null,
    old_code text,
    valid_from text check (length(valid_from) = 10) not null,
    valid_to text check (length(valid_to) = 10),
    body text check (json_valid(body)) not null
) strict;
CREATE INDEX unit_code_idx on unit (code);
CREATE TABLE unit_predecessor (
    unit blob check (length(unit) = 16) not null references unit (id),
    predecessor text not null check (length(predecessor) between 1 and 100),
    primary key (unit, predecessor)
) strict;
CREATE TABLE unsent (
    officer blob check (length(officer) = 16) not null references officer (id),
    form text not null check (form in ('draft', 'supplement', 'opinion', 'note')),
    dossier blob check (length(dossier) = 16) not null references dossier (id),
    version integer not null check (version > 0),
    -- What the form showed when he began to write.
    base text not null check (length(base) <= 100),
    -- Pairs of name and value, in the order of the form.
    body text check (json_valid(body)) not null,
    saved_at integer not null,
    primary key (officer, form, dossier)
) strict;
CREATE INDEX unsent_saved_idx on unsent (saved_at);
CREATE TABLE upload (
    id blob check (length(id) = 16) not null primary key,
    dossier blob check (length(dossier) = 16) not null references dossier (id),
    component text not null check (length(component) <= 100),
    file_name text not null check (length(file_name) <= 300),
    sha256 text not null check (length(sha256) = 64),
    n_bytes integer not null,
    state text not null,
    why text,
    already_signed integer check (already_signed in (0, 1)) not null,
    added_by blob check (length(added_by) = 16) not null references officer (id),
    added_at integer not null
) strict;
CREATE INDEX upload_dossier_idx on upload (dossier, component);
CREATE TABLE webhook (
    id blob check (length(id) = 16) not null primary key,
    agency blob check (length(agency) = 16) not null references unit (id),
    name text not null check (length(name) between 1 and 60),
    address text not null check (length(address) between 1 and 500),
    -- Sealed: notices are signed with it.
    secret blob not null,
    groups text check (json_valid(groups)) not null,
    made_by blob check (length(made_by) = 16) not null references officer (id),
    made_at integer not null,
    failing_since integer,
    stopped_at integer
) strict;
CREATE INDEX webhook_agency_idx on webhook (agency, made_at);
CREATE TABLE webhook_kind (
    webhook blob check (length(webhook) = 16) not null references webhook (id),
    agency blob check (length(agency) = 16) not null references unit (id),
    kind text not null check (length(kind) between 1 and 100),
    primary key (webhook, kind)
) strict;
CREATE INDEX webhook_kind_agency_idx on webhook_kind (agency, kind);
