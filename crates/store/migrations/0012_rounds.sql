-- Rounds of signatures: many papers signed or sealed at one sitting, what became of each, and which drafts
-- a signer has opened.

create table signing_round (
    id ID not null primary key,
    officer ID not null references officer (id),
    begun_at INSTANT not null
) TABLE;
create index signing_round_officer_idx on signing_round (officer, begun_at);

create table signing_round_paper (
    id ID not null primary key,
    round ID not null references signing_round (id),
    -- Its place in the round, from 1.
    number INT not null check (number between 1 and 50),
    dossier ID not null references dossier (id),
    result ID not null references result (id),
    task text not null check (task in ('sign', 'seal')),
    -- What the officer was shown.
    read_sha256 text not null check (length(read_sha256) = 64),
    onward text not null check (length(onward) <= 100),
    outcome text not null check (outcome in ('waiting', 'signed', 'refused')),
    done_at INSTANT,
    reason text check (length(reason) <= 1000),
    certificate text,
    certificate_number text,
    unique (round, number),
    unique (round, dossier),
    check ((outcome = 'waiting') = (done_at is null)),
    check ((outcome = 'refused') = (reason is not null)),
    check ((outcome = 'signed') = (certificate_number is not null and certificate is not null))
) TABLE;

create table result_reading (
    result ID not null references result (id),
    officer ID not null references officer (id),
    sha256 text not null check (length(sha256) = 64),
    read_at INSTANT not null,
    primary key (result, officer, sha256)
) TABLE;

create index result_dossier_state_idx on result (dossier, state);
