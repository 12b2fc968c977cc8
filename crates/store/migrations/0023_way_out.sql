-- Money and the way out: where an agency's fees are paid to, the screens that ask for them, and who took a
-- result.

-- Each decision on the account; the newest that has begun holds. Without an account fees are paid in cash.
create table fee_account (
    id ID not null primary key,
    agency ID not null references unit (id),
    valid_from DAY not null,
    bank text check (length(bank) between 2 and 100),
    bin text check (length(bin) = 6),
    number text check (length(number) between 1 and 19),
    holder text check (length(holder) between 2 and 100),
    reason text not null check (length(reason) between 1 and 500),
    put_by ID not null references officer (id),
    put_at INSTANT not null,
    check ((bank is null) = (bin is null) and (bank is null) = (number is null) and (bank is null) = (holder is null))
) TABLE;
create index fee_account_agency_idx on fee_account (agency, valid_from);

-- A screen turned to whoever stands at one counter has no officer: who has the secret of its link sees what is
-- asked for there.
create table fee_screen (
    id ID not null primary key,
    agency ID not null references unit (id),
    counter text not null check (length(counter) between 1 and 20),
    secret_hash BYTES not null unique,
    made_by ID not null references officer (id),
    made_at INSTANT not null,
    withdrawn_by ID references officer (id),
    withdrawn_at INSTANT,
    -- What it asks for, until when; it is asked for as long as so much is owed.
    shown_dossier ID references dossier (id),
    shown_owed INT check (shown_owed > 0),
    shown_until INSTANT,
    check ((withdrawn_by is null) = (withdrawn_at is null)),
    check ((shown_dossier is null) = (shown_owed is null) and (shown_dossier is null) = (shown_until is null))
) TABLE;
create unique index fee_screen_seat_key on fee_screen (agency, counter) where withdrawn_at is null;
create index fee_screen_agency_idx on fee_screen (agency, made_at);

-- Who took a result at the counter, and the sheet he signed once it was scanned.
create table result_receipt (
    id ID not null primary key,
    dossier ID not null references dossier (id),
    result ID not null references result (id),
    name text not null check (length(name) between 1 and 200),
    -- Of his identity paper; none where he has none.
    number text not null check (length(number) <= 20),
    -- The paper by which the applicant sent him; empty where he is the applicant.
    authorisation text not null check (length(authorisation) <= 200),
    given_by ID not null references officer (id),
    given_at INSTANT not null,
    sheet text check (length(sheet) = 64),
    sheet_kind text check (sheet_kind in ('pdf', 'jpeg', 'png', 'tiff')),
    sheet_by ID references officer (id),
    sheet_at INSTANT,
    check ((sheet is null) = (sheet_kind is null) and (sheet is null) = (sheet_by is null)
        and (sheet is null) = (sheet_at is null))
) TABLE;
create index result_receipt_dossier_idx on result_receipt (dossier, given_at);

-- Results that go out by the public post together: put together at the counter, then taken by a postman.
create table post_bundle (
    id ID not null primary key,
    agency ID not null references unit (id),
    post_office text not null check (length(post_office) between 1 and 200),
    made_by ID not null references officer (id),
    made_at INSTANT not null,
    -- Who took it; none while it is put together.
    postman text check (length(postman) between 1 and 200),
    sent_by ID references officer (id),
    sent_at INSTANT,
    check ((postman is null) = (sent_by is null) and (postman is null) = (sent_at is null))
) TABLE;
create index post_bundle_agency_idx on post_bundle (agency, made_at);

create table post_item (
    bundle ID not null references post_bundle (id),
    dossier ID not null references dossier (id),
    tracking text not null check (length(tracking) between 4 and 40),
    added_at INSTANT not null,
    -- What the post said of it.
    outcome text check (outcome in ('delivered', 'came_back')),
    answered_at INSTANT,
    primary key (bundle, dossier),
    check ((outcome is null) = (answered_at is null))
) TABLE;
create unique index post_item_tracking_key on post_item (bundle, tracking);
create index post_item_dossier_idx on post_item (dossier);
