-- What administrators look after: keys with what their certificates say, links to other systems with what
-- came of each attempt, and the addresses at which officers get their mail.

alter table signing_key add column certificate_number text check (length(certificate_number) between 1 and 100);
alter table signing_key add column issuer text check (length(issuer) <= 300);
alter table signing_key add column not_before INSTANT;
alter table signing_key add column not_after INSTANT;
alter table signing_key add column origin text not null default 'given' check (origin in ('given', 'file', 'trial'));
alter table signing_key add column put_at INSTANT;
alter table signing_key add column put_by ID references officer (id);
-- The first day on which it signs nothing more.
alter table signing_key add column ends_on DAY;
create index signing_key_undescribed_idx on signing_key (holder) where certificate_number is null;
create index signing_key_not_after_idx on signing_key (not_after) where not_after is not null;

-- A key that waits for its second person; gone with its file as soon as somebody has decided.
create table signing_key_proposal (
    id ID not null primary key,
    holder ID not null constraint signing_key_proposal_holder_key unique,
    holder_kind text not null check (holder_kind in ('officer', 'agency')),
    label text not null check (length(label) <= 300),
    certificate_number text not null check (length(certificate_number) between 1 and 100),
    issuer text not null check (length(issuer) <= 300),
    not_before INSTANT not null,
    not_after INSTANT not null,
    pkcs12 BYTES not null,
    name_reason text check (length(name_reason) <= 500),
    proposed_by ID not null references officer (id),
    proposed_at INSTANT not null,
    lapses_on DAY not null
) TABLE;

-- What came of asking another system; of each link the last some hundred.
create table link_attempt (
    id ID not null primary key,
    link text not null check (length(link) between 1 and 60),
    at INSTANT not null,
    took_ms INT not null check (took_ms >= 0),
    -- None where it did what was asked.
    cause text check (length(cause) between 1 and 40),
    status INT check (status between 100 and 999),
    is_test BOOL not null
) TABLE;
create index link_attempt_link_idx on link_attempt (link, at);

-- How many notices still wait for an address.
create index notice_untaken_idx on notice (webhook) where taken_at is null;

create table officer_mail (
    officer ID not null primary key references officer (id),
    address text not null check (length(address) between 3 and 254),
    -- SHA-256 of the code that was sent there last.
    code BYTES check (length(code) = 32),
    code_sent_at INSTANT,
    tries INT not null check (tries >= 0),
    -- None before that code was typed: nothing else is sent there till then.
    confirmed_at INSTANT,
    digest BOOL not null,
    -- The last day for which a digest was asked for.
    digest_on DAY
) TABLE;
