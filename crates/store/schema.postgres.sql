blob
    address text not null
    size_bytes bigint not null
    stored_at bigint not null
    constraint blob_address_check CHECK ((length(address) = 64))
    constraint blob_pkey PRIMARY KEY (address)
    constraint blob_size_bytes_check CHECK ((size_bytes >= 0))
    CREATE UNIQUE INDEX blob_pkey ON public.blob USING btree (address)
    CREATE INDEX blob_stored_at_idx ON public.blob USING btree (stored_at)
blob_reference
    address text not null
    owner_kind text not null
    owner uuid not null
    created_at bigint not null
    constraint blob_reference_address_fkey FOREIGN KEY (address) REFERENCES blob(address)
    constraint blob_reference_owner_kind_check CHECK (((length(owner_kind) >= 1) AND (length(owner_kind) <= 100)))
    constraint blob_reference_pkey PRIMARY KEY (address, owner_kind, owner)
    CREATE INDEX blob_reference_owner_idx ON public.blob_reference USING btree (owner_kind, owner)
    CREATE UNIQUE INDEX blob_reference_pkey ON public.blob_reference USING btree (address, owner_kind, owner)
idempotency
    key text not null
    actor uuid not null
    route text not null
    response jsonb not null
    created_at bigint not null
    constraint idempotency_key_check CHECK (((length(key) >= 1) AND (length(key) <= 200)))
    constraint idempotency_pkey PRIMARY KEY (key, actor, route)
    constraint idempotency_route_check CHECK (((length(route) >= 1) AND (length(route) <= 200)))
    CREATE INDEX idempotency_created_at_idx ON public.idempotency USING btree (created_at)
    CREATE UNIQUE INDEX idempotency_pkey ON public.idempotency USING btree (key, actor, route)
job
    id uuid not null
    kind text not null
    payload jsonb not null
    dedup_key text
    subject uuid
    state text not null
    attempts bigint not null
    max_attempts bigint not null
    run_after bigint not null
    lease_until bigint
    lease_token uuid
    last_error text
    started_by uuid
    created_at bigint not null
    updated_at bigint not null
    constraint job_attempts_check CHECK ((attempts >= 0))
    constraint job_check CHECK (((state = 'running'::text) = (lease_token IS NOT NULL)))
    constraint job_check1 CHECK (((lease_token IS NULL) = (lease_until IS NULL)))
    constraint job_dedup_key_check CHECK (((length(dedup_key) >= 1) AND (length(dedup_key) <= 500)))
    constraint job_dedup_key_key UNIQUE (dedup_key)
    constraint job_kind_check CHECK (((length(kind) >= 1) AND (length(kind) <= 100)))
    constraint job_last_error_check CHECK ((length(last_error) <= 4000))
    constraint job_max_attempts_check CHECK ((max_attempts > 0))
    constraint job_pkey PRIMARY KEY (id)
    constraint job_state_check CHECK ((state = ANY (ARRAY['waiting'::text, 'running'::text, 'done'::text, 'dead'::text])))
    CREATE UNIQUE INDEX job_dedup_key_key ON public.job USING btree (dedup_key)
    CREATE UNIQUE INDEX job_pkey ON public.job USING btree (id)
    CREATE INDEX job_running_idx ON public.job USING btree (lease_until) WHERE (state = 'running'::text)
    CREATE INDEX job_state_idx ON public.job USING btree (state, updated_at)
    CREATE INDEX job_subject_idx ON public.job USING btree (subject) WHERE (subject IS NOT NULL)
    CREATE INDEX job_waiting_idx ON public.job USING btree (run_after, id) WHERE (state = 'waiting'::text)
search_entry
    n bigint not null
    kind text not null
    subject uuid not null
    constraint search_entry_kind_check CHECK (((length(kind) >= 1) AND (length(kind) <= 100)))
    constraint search_entry_kind_subject_key UNIQUE (kind, subject)
    constraint search_entry_pkey PRIMARY KEY (n)
    CREATE UNIQUE INDEX search_entry_kind_subject_key ON public.search_entry USING btree (kind, subject)
    CREATE UNIQUE INDEX search_entry_pkey ON public.search_entry USING btree (n)
search_scope
    n bigint not null
    agency uuid not null
    constraint search_scope_n_fkey FOREIGN KEY (n) REFERENCES search_entry(n) ON DELETE CASCADE
    constraint search_scope_pkey PRIMARY KEY (n, agency)
    CREATE UNIQUE INDEX search_scope_pkey ON public.search_scope USING btree (n, agency)
search_words
    n bigint not null
    words tsvector not null
    constraint search_words_n_fkey FOREIGN KEY (n) REFERENCES search_entry(n)
    constraint search_words_pkey PRIMARY KEY (n)
    CREATE UNIQUE INDEX search_words_pkey ON public.search_words USING btree (n)
    CREATE INDEX search_words_words_idx ON public.search_words USING gin (words)
session
    secret_hash bytea not null
    holder uuid not null
    body jsonb not null
    created_at bigint not null
    seen_at bigint not null
    expires_at bigint not null
    constraint session_pkey PRIMARY KEY (secret_hash)
    constraint session_secret_hash_check CHECK ((length(secret_hash) = 32))
    CREATE INDEX session_expires_at_idx ON public.session USING btree (expires_at)
    CREATE INDEX session_holder_idx ON public.session USING btree (holder)
    CREATE UNIQUE INDEX session_pkey ON public.session USING btree (secret_hash)
