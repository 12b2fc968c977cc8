-- The domain: units, people, procedures, dossiers with their papers, results, repository, events.
-- Bodies of states are versioned JSON; columns beside them are what lists search and sort by.

create table unit (
    id ID not null primary key,
    key text not null unique check (length(key) between 1 and 100),
    name text not null check (length(name) between 1 and 300),
    level text not null,
    kind text not null,
    parent ID references unit (id),
    code text not null,
    old_code text,
    valid_from DAY not null,
    valid_to DAY,
    body JSON not null
) TABLE;
create index unit_code_idx on unit (code);

create table officer (
    id ID not null primary key,
    version INT not null,
    login text not null unique check (length(login) between 1 and 100),
    name text not null check (length(name) between 1 and 200),
    title text not null check (length(title) <= 200),
    agency ID not null references unit (id),
    password_hash text not null,
    active BOOL not null
) TABLE;

create table post (
    officer ID not null references officer (id),
    agency ID not null references unit (id),
    role text not null,
    primary key (officer, agency, role)
) TABLE;
create index post_agency_idx on post (agency, role);

create table sign_in_failure (
    id ID not null primary key,
    login text not null check (length(login) <= 100),
    address text not null check (length(address) <= 100),
    at INSTANT not null
) TABLE;
create index sign_in_failure_login_idx on sign_in_failure (login, at);
create index sign_in_failure_address_idx on sign_in_failure (address, at);
create index sign_in_failure_at_idx on sign_in_failure (at);

create table party (
    id ID not null primary key,
    version INT not null,
    kind text not null,
    name text not null check (length(name) between 1 and 300),
    born_on DAY,
    sex text,
    address text not null check (length(address) <= 500),
    phone text not null check (length(phone) <= 50),
    email text not null check (length(email) <= 200)
) TABLE;

-- A party has several numbers over time; a number belongs to one party.
create table party_number (
    kind text not null,
    number text not null check (length(number) between 1 and 35),
    party ID not null references party (id),
    given_on DAY,
    primary key (kind, number)
) TABLE;
create index party_number_party_idx on party_number (party);

create table procedure (
    code text not null,
    revision INT not null,
    name text not null,
    field text not null,
    valid_from DAY not null,
    valid_to DAY,
    body JSON not null,
    primary key (code, revision)
) TABLE;

create table dossier (
    id ID not null primary key,
    version INT not null,
    code text unique check (length(code) <= 60),
    procedure text not null,
    revision INT not null,
    case_id text not null,
    channel text not null,
    submitter ID not null references party (id),
    holder ID not null references party (id),
    authorised ID references party (id),
    receiving ID not null references unit (id),
    competent ID not null references unit (id),
    holding ID not null references unit (id),
    state text not null,
    step text,
    officer ID references officer (id),
    outcome text,
    opened_at INSTANT not null,
    opened_by ID not null references officer (id),
    received_at INSTANT,
    received_on DAY,
    due_at INSTANT,
    due_on DAY,
    clock JSON,
    body JSON not null,
    foreign key (procedure, revision) references procedure (code, revision)
) TABLE;
create index dossier_inbox_idx on dossier (holding, state, due_at);
create index dossier_received_idx on dossier (receiving, received_on);
create index dossier_holder_idx on dossier (holder, opened_at);
create index dossier_preparing_idx on dossier (receiving, opened_at) where state = 'preparing';

create table dossier_component (
    dossier ID not null references dossier (id),
    component text not null check (length(component) <= 100),
    version INT not null,
    supply text not null,
    body JSON not null,
    primary key (dossier, component)
) TABLE;

create table upload (
    id ID not null primary key,
    dossier ID not null references dossier (id),
    component text not null check (length(component) <= 100),
    file_name text not null check (length(file_name) <= 300),
    sha256 text not null check (length(sha256) = 64),
    n_bytes INT not null,
    state text not null,
    why text,
    already_signed BOOL not null,
    added_by ID not null references officer (id),
    added_at INSTANT not null
) TABLE;
create index upload_dossier_idx on upload (dossier, component);

-- One side of paper. The picture is a stored file of its own; the upload stays beside it, untouched.
create table page (
    id ID not null primary key,
    upload ID not null references upload (id),
    number INT not null,
    sha256 text not null check (length(sha256) = 64),
    thumbnail text not null check (length(thumbnail) = 64),
    body JSON not null,
    unique (upload, number)
) TABLE;

create table record (
    id ID not null primary key,
    version INT not null,
    dossier ID not null references dossier (id),
    component text not null,
    owner ID not null references party (id),
    receiving ID not null references unit (id),
    competent ID not null references unit (id),
    holding ID not null references unit (id),
    digitiser ID not null references officer (id),
    state text not null,
    created_at INSTANT not null,
    source JSON not null,
    body JSON not null
) TABLE;
-- A component that is brought again has another record.
create index record_dossier_idx on record (dossier, component);
create index record_open_idx on record (receiving, created_at) where state <> 'filed';

create table result (
    id ID not null primary key,
    version INT not null,
    dossier ID not null references dossier (id),
    owner ID not null references party (id),
    receiving ID not null references unit (id),
    competent ID not null references unit (id),
    holding ID not null references unit (id),
    result_type text not null,
    state text not null,
    created_at INSTANT not null,
    body JSON not null
) TABLE;
create index result_dossier_idx on result (dossier);

create table entry (
    id ID not null primary key,
    owner ID not null references party (id),
    dossier ID not null references dossier (id),
    receiving ID not null references unit (id),
    competent ID not null references unit (id),
    holding ID not null references unit (id),
    code text not null unique check (length(code) <= 200),
    -- The code without its counter: what the next counter is counted by.
    stem text not null,
    paper_type text not null,
    title text not null check (length(title) <= 1000),
    sha256 text not null check (length(sha256) = 64),
    n_bytes INT not null,
    issued_on DAY,
    valid_to DAY,
    filed_at INSTANT not null,
    superseded_by ID references entry (id),
    origin JSON not null,
    fields JSON not null
) TABLE;
create index entry_owner_idx on entry (owner, filed_at);
create index entry_stem_idx on entry (stem);

-- What has happened, append only. The body is kept as the very text that was digested; disposed of by
-- law, it goes with its salt, and its digest holds the chain.
create table event (
    id ID not null primary key,
    kind text not null,
    version INT not null,
    subject_kind text not null,
    subject ID not null,
    number INT not null,
    dossier ID,
    agency ID not null,
    actor ID,
    on_behalf_of ID,
    purpose text check (length(purpose) <= 500),
    happened_at INSTANT not null,
    recorded_at INSTANT not null,
    body text,
    salt BYTES,
    body_digest BYTES not null check (length(body_digest) = 32),
    digest BYTES not null check (length(digest) = 32),
    previous BYTES check (length(previous) = 32),
    unique (subject_kind, subject, number),
    check ((body is null) = (salt is null)),
    check ((number = 1) = (previous is null))
) TABLE;
create index event_dossier_idx on event (dossier, happened_at);

create table dossier_ordinal (
    agency_code text not null,
    day DAY not null,
    last INT not null,
    primary key (agency_code, day)
) TABLE;

create table number_book (
    agency ID not null references unit (id),
    year INT not null,
    symbol text not null,
    last INT not null,
    primary key (agency, year, symbol)
) TABLE;

-- Keys held in software. The password of the PKCS#12 is in a file of the installation, not here.
create table signing_key (
    holder ID not null primary key,
    holder_kind text not null,
    label text not null,
    pkcs12 BYTES not null
) TABLE;
