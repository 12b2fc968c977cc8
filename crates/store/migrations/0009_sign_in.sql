-- The second factor of officers, their passkeys, and sign-ins that are half done.

create table second_factor (
    officer ID not null primary key references officer (id),
    -- What the officer's app computes its codes from, sealed under the master key.
    secret BYTES not null,
    begun_at INSTANT not null,
    -- None before a code of it was typed: it does not count till then.
    confirmed_at INSTANT,
    -- The time step of the code that counted last: no code counts twice.
    last_step INT,
    check (confirmed_at is null or last_step is not null)
) TABLE;

-- Those that were not used yet, by SHA-256 of their letters.
create table recovery_code (
    officer ID not null references officer (id),
    digest BYTES not null check (length(digest) = 32),
    primary key (officer, digest)
) TABLE;

create table passkey (
    id ID not null primary key,
    officer ID not null references officer (id),
    name text not null check (length(name) between 1 and 60),
    -- The id its authenticator gave it.
    credential BYTES not null unique,
    -- Its public key and its counter.
    body JSON not null,
    added_at INSTANT not null,
    used_at INSTANT
) TABLE;
create index passkey_officer_idx on passkey (officer, added_at);

-- What the server remembers between two requests of a sign-in. The row knows the hash of the secret in the
-- browser's cookie, never the secret.
create table pending_sign_in (
    secret_hash BYTES not null primary key check (length(secret_hash) = 32),
    -- None while nobody knows yet whose passkey it will be.
    officer ID references officer (id),
    body JSON not null,
    expires_at INSTANT not null
) TABLE;
create index pending_sign_in_expires_idx on pending_sign_in (expires_at);
create index pending_sign_in_officer_idx on pending_sign_in (officer) where officer is not null;
