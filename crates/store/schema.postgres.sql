absence
    id uuid not null
    officer uuid not null
    valid_from text not null
    valid_to text not null
    cover jsonb not null
    constraint absence_check CHECK ((valid_to >= valid_from))
    constraint absence_officer_fkey FOREIGN KEY (officer) REFERENCES officer(id)
    constraint absence_pkey PRIMARY KEY (id)
    constraint absence_valid_from_check CHECK ((length(valid_from) = 10))
    constraint absence_valid_to_check CHECK ((length(valid_to) = 10))
    CREATE INDEX absence_day_idx ON public.absence USING btree (valid_to, valid_from)
    CREATE INDEX absence_officer_idx ON public.absence USING btree (officer, valid_to)
    CREATE UNIQUE INDEX absence_pkey ON public.absence USING btree (id)
alarm
    id uuid not null
    dossier uuid not null
    kind text not null
    agency uuid not null
    role text not null
    raised_at bigint not null
    cleared_at bigint
    constraint alarm_agency_fkey FOREIGN KEY (agency) REFERENCES unit(id)
    constraint alarm_dossier_fkey FOREIGN KEY (dossier) REFERENCES dossier(id)
    constraint alarm_kind_check CHECK (((length(kind) >= 1) AND (length(kind) <= 50)))
    constraint alarm_pkey PRIMARY KEY (id)
    constraint alarm_role_check CHECK (((length(role) >= 1) AND (length(role) <= 50)))
    CREATE INDEX alarm_agency_idx ON public.alarm USING btree (agency, raised_at) WHERE (cleared_at IS NULL)
    CREATE UNIQUE INDEX alarm_open_key ON public.alarm USING btree (dossier, kind) WHERE (cleared_at IS NULL)
    CREATE UNIQUE INDEX alarm_pkey ON public.alarm USING btree (id)
    CREATE INDEX alarm_raised_idx ON public.alarm USING btree (raised_at, id) WHERE (cleared_at IS NULL)
api_key
    id uuid not null
    officer uuid not null
    name text not null
    prefix text not null
    secret_hash bytea not null
    scopes jsonb not null
    ranges jsonb not null
    last_day text not null
    made_by uuid not null
    made_at bigint not null
    expires_at bigint not null
    last_used_at bigint
    revoked_by uuid
    revoked_at bigint
    constraint api_key_check CHECK (((revoked_by IS NULL) = (revoked_at IS NULL)))
    constraint api_key_last_day_check CHECK ((length(last_day) = 10))
    constraint api_key_made_by_fkey FOREIGN KEY (made_by) REFERENCES officer(id)
    constraint api_key_name_check CHECK (((length(name) >= 1) AND (length(name) <= 60)))
    constraint api_key_officer_fkey FOREIGN KEY (officer) REFERENCES officer(id)
    constraint api_key_pkey PRIMARY KEY (id)
    constraint api_key_prefix_check CHECK ((length(prefix) = 11))
    constraint api_key_revoked_by_fkey FOREIGN KEY (revoked_by) REFERENCES officer(id)
    CREATE INDEX api_key_officer_idx ON public.api_key USING btree (officer, made_at)
    CREATE UNIQUE INDEX api_key_pkey ON public.api_key USING btree (id)
    CREATE UNIQUE INDEX api_key_secret_key ON public.api_key USING btree (secret_hash)
appointment
    id uuid not null
    agency uuid not null
    on_day text not null
    slot_from bigint not null
    slot_until bigint not null
    seat bigint not null
    name text not null
    phone text not null
    procedure text
    booked_by uuid not null
    booked_at bigint not null
    ticket uuid
    cancelled_by uuid
    cancelled_at bigint
    constraint appointment_agency_fkey FOREIGN KEY (agency) REFERENCES unit(id)
    constraint appointment_booked_by_fkey FOREIGN KEY (booked_by) REFERENCES officer(id)
    constraint appointment_cancelled_by_fkey FOREIGN KEY (cancelled_by) REFERENCES officer(id)
    constraint appointment_check CHECK ((slot_until > slot_from))
    constraint appointment_check1 CHECK (((ticket IS NULL) OR (cancelled_at IS NULL)))
    constraint appointment_check2 CHECK (((cancelled_by IS NULL) = (cancelled_at IS NULL)))
    constraint appointment_name_check CHECK ((length(name) <= 200))
    constraint appointment_on_day_check CHECK ((length(on_day) = 10))
    constraint appointment_phone_check CHECK ((length(phone) <= 50))
    constraint appointment_pkey PRIMARY KEY (id)
    constraint appointment_procedure_check CHECK (((length(procedure) >= 1) AND (length(procedure) <= 60)))
    constraint appointment_seat_check CHECK (((seat >= 1) AND (seat <= 100)))
    constraint appointment_ticket_fkey FOREIGN KEY (ticket) REFERENCES queue_ticket(id)
    CREATE INDEX appointment_day_idx ON public.appointment USING btree (agency, on_day, slot_from)
    CREATE INDEX appointment_named_idx ON public.appointment USING btree (on_day) WHERE ((name <> ''::text) OR (phone <> ''::text))
    CREATE UNIQUE INDEX appointment_pkey ON public.appointment USING btree (id)
    CREATE UNIQUE INDEX appointment_seat_key ON public.appointment USING btree (agency, slot_from, seat) WHERE (cancelled_at IS NULL)
audit_check
    id uuid not null
    asked_by uuid
    finished_at bigint not null
    n_events bigint not null
    n_checkpoints bigint not null
    sealed_until bigint
    n_faults bigint not null
    faults jsonb not null
    constraint audit_check_asked_by_fkey FOREIGN KEY (asked_by) REFERENCES officer(id)
    constraint audit_check_n_checkpoints_check CHECK ((n_checkpoints >= 0))
    constraint audit_check_n_events_check CHECK ((n_events >= 0))
    constraint audit_check_n_faults_check CHECK ((n_faults >= 0))
    constraint audit_check_pkey PRIMARY KEY (id)
    CREATE INDEX audit_check_finished_at_idx ON public.audit_check USING btree (finished_at)
    CREATE UNIQUE INDEX audit_check_pkey ON public.audit_check USING btree (id)
audit_checkpoint
    number bigint not null
    sealed_at bigint not null
    first_ordinal bigint not null
    last_ordinal bigint not null
    events_digest bytea not null
    previous bytea
    certificate bytea not null
    signature bytea not null
    time_stamp bytea
    constraint audit_checkpoint_check CHECK ((last_ordinal >= first_ordinal))
    constraint audit_checkpoint_check1 CHECK (((number = 1) = (previous IS NULL)))
    constraint audit_checkpoint_events_digest_check CHECK ((length(events_digest) = 32))
    constraint audit_checkpoint_first_ordinal_check CHECK ((first_ordinal > 0))
    constraint audit_checkpoint_number_check CHECK ((number > 0))
    constraint audit_checkpoint_pkey PRIMARY KEY (number)
    constraint audit_checkpoint_previous_check CHECK ((length(previous) = 32))
    CREATE UNIQUE INDEX audit_checkpoint_pkey ON public.audit_checkpoint USING btree (number)
audit_export
    id uuid not null
    asked_by uuid not null
    asked_at bigint not null
    filter jsonb not null
    finished_at bigint
    n_events bigint
    sha256 text
    sight jsonb
    dropped_at bigint
    constraint audit_export_asked_by_fkey FOREIGN KEY (asked_by) REFERENCES officer(id)
    constraint audit_export_check CHECK (((finished_at IS NULL) = (n_events IS NULL)))
    constraint audit_export_check1 CHECK (((finished_at IS NULL) = (sha256 IS NULL)))
    constraint audit_export_n_events_check CHECK ((n_events >= 0))
    constraint audit_export_pkey PRIMARY KEY (id)
    constraint audit_export_sha256_check CHECK ((length(sha256) = 64))
    CREATE INDEX audit_export_asked_by_idx ON public.audit_export USING btree (asked_by, asked_at)
    CREATE INDEX audit_export_kept_idx ON public.audit_export USING btree (finished_at) WHERE (dropped_at IS NULL)
    CREATE UNIQUE INDEX audit_export_pkey ON public.audit_export USING btree (id)
audit_key_change
    number bigint not null
    changed_at bigint not null
    after_checkpoint bigint not null
    checkpoint_digest bytea not null
    from_certificate bytea not null
    to_certificate bytea not null
    signature bytea not null
    voucher bytea
    constraint audit_key_change_after_checkpoint_check CHECK ((after_checkpoint > 0))
    constraint audit_key_change_checkpoint_digest_check CHECK ((length(checkpoint_digest) = 32))
    constraint audit_key_change_number_check CHECK ((number > 0))
    constraint audit_key_change_pkey PRIMARY KEY (number)
    CREATE UNIQUE INDEX audit_key_change_pkey ON public.audit_key_change USING btree (number)
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
bulk
    id uuid not null
    officer uuid not null
    deed jsonb not null
    begun_at bigint not null
    constraint bulk_officer_fkey FOREIGN KEY (officer) REFERENCES officer(id)
    constraint bulk_pkey PRIMARY KEY (id)
    CREATE INDEX bulk_officer_idx ON public.bulk USING btree (officer, begun_at)
    CREATE UNIQUE INDEX bulk_pkey ON public.bulk USING btree (id)
bulk_row
    id uuid not null
    bulk uuid not null
    number bigint not null
    dossier uuid not null
    done_at bigint
    why_not text
    constraint bulk_row_bulk_dossier_key UNIQUE (bulk, dossier)
    constraint bulk_row_bulk_fkey FOREIGN KEY (bulk) REFERENCES bulk(id)
    constraint bulk_row_bulk_number_key UNIQUE (bulk, number)
    constraint bulk_row_check CHECK (((why_not IS NULL) OR (done_at IS NOT NULL)))
    constraint bulk_row_dossier_fkey FOREIGN KEY (dossier) REFERENCES dossier(id)
    constraint bulk_row_number_check CHECK (((number >= 1) AND (number <= 200)))
    constraint bulk_row_pkey PRIMARY KEY (id)
    constraint bulk_row_why_not_check CHECK ((length(why_not) <= 1000))
    CREATE UNIQUE INDEX bulk_row_bulk_dossier_key ON public.bulk_row USING btree (bulk, dossier)
    CREATE UNIQUE INDEX bulk_row_bulk_number_key ON public.bulk_row USING btree (bulk, number)
    CREATE UNIQUE INDEX bulk_row_pkey ON public.bulk_row USING btree (id)
calendar
    id uuid not null
    scope text not null
    version bigint not null
    unit uuid
    valid_from text not null
    valid_to text
    decided_by uuid not null
    decided_at bigint not null
    n_moved bigint not null
    impact text not null
    counted_through uuid not null
    counted_at bigint
    body jsonb not null
    constraint calendar_decided_by_fkey FOREIGN KEY (decided_by) REFERENCES officer(id)
    constraint calendar_impact_check CHECK ((length(impact) = 64))
    constraint calendar_n_moved_check CHECK ((n_moved >= 0))
    constraint calendar_pkey PRIMARY KEY (id)
    constraint calendar_scope_check CHECK (((length(scope) >= 6) AND (length(scope) <= 120)))
    constraint calendar_unit_fkey FOREIGN KEY (unit) REFERENCES unit(id)
    constraint calendar_valid_from_check CHECK ((length(valid_from) = 10))
    constraint calendar_valid_to_check CHECK ((length(valid_to) = 10))
    constraint calendar_version_check CHECK ((version > 0))
    CREATE UNIQUE INDEX calendar_pkey ON public.calendar USING btree (id)
    CREATE UNIQUE INDEX calendar_scope_key ON public.calendar USING btree (scope, version)
    CREATE INDEX calendar_unit_idx ON public.calendar USING btree (unit, valid_from) WHERE (unit IS NOT NULL)
call_screen
    id uuid not null
    agency uuid not null
    name text not null
    secret_hash bytea not null
    made_by uuid not null
    made_at bigint not null
    withdrawn_by uuid
    withdrawn_at bigint
    constraint call_screen_agency_fkey FOREIGN KEY (agency) REFERENCES unit(id)
    constraint call_screen_check CHECK (((withdrawn_by IS NULL) = (withdrawn_at IS NULL)))
    constraint call_screen_made_by_fkey FOREIGN KEY (made_by) REFERENCES officer(id)
    constraint call_screen_name_check CHECK (((length(name) >= 1) AND (length(name) <= 100)))
    constraint call_screen_pkey PRIMARY KEY (id)
    constraint call_screen_secret_hash_key UNIQUE (secret_hash)
    constraint call_screen_withdrawn_by_fkey FOREIGN KEY (withdrawn_by) REFERENCES officer(id)
    CREATE INDEX call_screen_agency_idx ON public.call_screen USING btree (agency, made_at)
    CREATE UNIQUE INDEX call_screen_pkey ON public.call_screen USING btree (id)
    CREATE UNIQUE INDEX call_screen_secret_hash_key ON public.call_screen USING btree (secret_hash)
code_format
    id uuid not null
    agency uuid not null
    valid_from text not null
    format text not null
    reason text not null
    put_by uuid not null
    put_at bigint not null
    constraint code_format_agency_fkey FOREIGN KEY (agency) REFERENCES unit(id)
    constraint code_format_format_check CHECK (((length(format) >= 10) AND (length(format) <= 60)))
    constraint code_format_pkey PRIMARY KEY (id)
    constraint code_format_put_by_fkey FOREIGN KEY (put_by) REFERENCES officer(id)
    constraint code_format_reason_check CHECK (((length(reason) >= 1) AND (length(reason) <= 500)))
    constraint code_format_valid_from_check CHECK ((length(valid_from) = 10))
    CREATE INDEX code_format_agency_idx ON public.code_format USING btree (agency, valid_from)
    CREATE UNIQUE INDEX code_format_pkey ON public.code_format USING btree (id)
consultation
    id uuid not null
    dossier uuid not null
    agency uuid not null
    asked_at bigint not null
    due_at bigint not null
    ended_at bigint
    constraint consultation_agency_fkey FOREIGN KEY (agency) REFERENCES unit(id)
    constraint consultation_dossier_fkey FOREIGN KEY (dossier) REFERENCES dossier(id)
    constraint consultation_pkey PRIMARY KEY (id)
    CREATE INDEX consultation_dossier_idx ON public.consultation USING btree (dossier, agency)
    CREATE INDEX consultation_open_idx ON public.consultation USING btree (agency, due_at) WHERE (ended_at IS NULL)
    CREATE UNIQUE INDEX consultation_pkey ON public.consultation USING btree (id)
decision_wording
    result uuid not null
    dossier uuid not null
    agency uuid not null
    procedure text not null
    case_id text not null
    result_type text not null
    signed_at bigint not null
    body jsonb not null
    constraint decision_wording_agency_fkey FOREIGN KEY (agency) REFERENCES unit(id)
    constraint decision_wording_case_id_check CHECK ((length(case_id) <= 100))
    constraint decision_wording_dossier_fkey FOREIGN KEY (dossier) REFERENCES dossier(id)
    constraint decision_wording_pkey PRIMARY KEY (result)
    constraint decision_wording_procedure_check CHECK (((length(procedure) >= 1) AND (length(procedure) <= 60)))
    constraint decision_wording_result_fkey FOREIGN KEY (result) REFERENCES result(id)
    constraint decision_wording_result_type_check CHECK ((length(result_type) <= 100))
    CREATE INDEX decision_wording_kind_idx ON public.decision_wording USING btree (agency, procedure, case_id, result_type, signed_at)
    CREATE UNIQUE INDEX decision_wording_pkey ON public.decision_wording USING btree (result)
delegation
    id uuid not null
    giver uuid not null
    taker uuid not null
    agency uuid not null
    role text not null
    procedures jsonb
    valid_from text not null
    valid_to text not null
    kind text not null
    decision text not null
    constraint delegation_agency_fkey FOREIGN KEY (agency) REFERENCES unit(id)
    constraint delegation_check CHECK ((giver <> taker))
    constraint delegation_check1 CHECK ((valid_to >= valid_from))
    constraint delegation_decision_check CHECK (((length(decision) >= 1) AND (length(decision) <= 300)))
    constraint delegation_giver_fkey FOREIGN KEY (giver) REFERENCES officer(id)
    constraint delegation_kind_check CHECK ((kind = ANY (ARRAY['substitution'::text, 'authorisation'::text])))
    constraint delegation_pkey PRIMARY KEY (id)
    constraint delegation_taker_fkey FOREIGN KEY (taker) REFERENCES officer(id)
    constraint delegation_valid_from_check CHECK ((length(valid_from) = 10))
    constraint delegation_valid_to_check CHECK ((length(valid_to) = 10))
    CREATE INDEX delegation_agency_idx ON public.delegation USING btree (agency, role, valid_to)
    CREATE INDEX delegation_giver_idx ON public.delegation USING btree (giver, valid_to)
    CREATE UNIQUE INDEX delegation_pkey ON public.delegation USING btree (id)
    CREATE INDEX delegation_taker_idx ON public.delegation USING btree (taker, valid_to)
dossier
    id uuid not null
    version bigint not null
    code text
    procedure text not null
    revision bigint not null
    case_id text not null
    channel text not null
    submitter uuid not null
    holder uuid not null
    authorised uuid
    receiving uuid not null
    competent uuid not null
    holding uuid not null
    state text not null
    step text
    officer uuid
    outcome text
    opened_at bigint not null
    opened_by uuid not null
    received_at bigint
    received_on text
    due_at bigint
    due_on text
    clock jsonb
    body jsonb not null
    life jsonb not null default '{}'::jsonb
    part_of uuid
    next_act text
    next_agency uuid
    next_role text
    next_officer uuid
    next_by bigint
    foreign_code text
    finished_at bigint
    for_post boolean not null default false
    constraint dossier_authorised_fkey FOREIGN KEY (authorised) REFERENCES party(id)
    constraint dossier_code_check CHECK ((length(code) <= 60))
    constraint dossier_code_key UNIQUE (code)
    constraint dossier_competent_fkey FOREIGN KEY (competent) REFERENCES unit(id)
    constraint dossier_due_on_check CHECK ((length(due_on) = 10))
    constraint dossier_foreign_code_check CHECK (((length(foreign_code) >= 1) AND (length(foreign_code) <= 100)))
    constraint dossier_holder_fkey FOREIGN KEY (holder) REFERENCES party(id)
    constraint dossier_holding_fkey FOREIGN KEY (holding) REFERENCES unit(id)
    constraint dossier_next_agency_fkey FOREIGN KEY (next_agency) REFERENCES unit(id)
    constraint dossier_next_officer_fkey FOREIGN KEY (next_officer) REFERENCES officer(id)
    constraint dossier_officer_fkey FOREIGN KEY (officer) REFERENCES officer(id)
    constraint dossier_opened_by_fkey FOREIGN KEY (opened_by) REFERENCES officer(id)
    constraint dossier_part_of_fkey FOREIGN KEY (part_of) REFERENCES dossier(id)
    constraint dossier_pkey PRIMARY KEY (id)
    constraint dossier_procedure_revision_fkey FOREIGN KEY (procedure, revision) REFERENCES procedure(code, revision)
    constraint dossier_received_on_check CHECK ((length(received_on) = 10))
    constraint dossier_receiving_fkey FOREIGN KEY (receiving) REFERENCES unit(id)
    constraint dossier_submitter_fkey FOREIGN KEY (submitter) REFERENCES party(id)
    CREATE UNIQUE INDEX dossier_code_key ON public.dossier USING btree (code)
    CREATE INDEX dossier_competent_idx ON public.dossier USING btree (competent, id)
    CREATE INDEX dossier_for_post_idx ON public.dossier USING btree (receiving, id) WHERE for_post
    CREATE UNIQUE INDEX dossier_foreign_code_key ON public.dossier USING btree (foreign_code) WHERE (foreign_code IS NOT NULL)
    CREATE INDEX dossier_holder_idx ON public.dossier USING btree (holder, opened_at)
    CREATE INDEX dossier_inbox_idx ON public.dossier USING btree (holding, state, due_at)
    CREATE INDEX dossier_next_by_idx ON public.dossier USING btree (next_by) WHERE (next_by IS NOT NULL)
    CREATE INDEX dossier_next_idx ON public.dossier USING btree (next_agency, next_role, next_by, next_officer) WHERE (next_by IS NOT NULL)
    CREATE INDEX dossier_next_officer_idx ON public.dossier USING btree (next_officer, next_by) WHERE (next_officer IS NOT NULL)
    CREATE INDEX dossier_officer_idx ON public.dossier USING btree (officer, due_at, id) WHERE (officer IS NOT NULL)
    CREATE INDEX dossier_open_revision_idx ON public.dossier USING btree (procedure, revision) WHERE (state = ANY (ARRAY['submitted'::text, 'awaiting_papers'::text, 'received'::text, 'awaiting_parts'::text, 'in_process'::text, 'awaiting_supplement'::text, 'awaiting_payment'::text, 'halted'::text]))
    CREATE INDEX dossier_part_idx ON public.dossier USING btree (part_of) WHERE (part_of IS NOT NULL)
    CREATE UNIQUE INDEX dossier_pkey ON public.dossier USING btree (id)
    CREATE INDEX dossier_preparing_idx ON public.dossier USING btree (receiving, opened_at) WHERE (state = 'preparing'::text)
    CREATE INDEX dossier_received_idx ON public.dossier USING btree (receiving, received_on)
    CREATE INDEX dossier_settled_idx ON public.dossier USING btree (competent, finished_at) WHERE (finished_at IS NOT NULL)
    CREATE INDEX dossier_silent_idx ON public.dossier USING btree (id) WHERE ((next_by IS NULL) AND (state = ANY (ARRAY['submitted'::text, 'awaiting_papers'::text, 'received'::text, 'awaiting_parts'::text, 'in_process'::text, 'awaiting_supplement'::text, 'awaiting_payment'::text, 'halted'::text, 'done'::text])))
    CREATE INDEX dossier_waiting_idx ON public.dossier USING btree (holding, (
CASE
    WHEN (due_at IS NULL) THEN 1
    ELSE 0
END), due_at, id) WHERE (state = ANY (ARRAY['submitted'::text, 'awaiting_papers'::text, 'received'::text, 'awaiting_parts'::text, 'in_process'::text, 'awaiting_supplement'::text, 'awaiting_payment'::text, 'halted'::text, 'done'::text]))
dossier_component
    dossier uuid not null
    component text not null
    version bigint not null
    supply text not null
    body jsonb not null
    constraint dossier_component_component_check CHECK ((length(component) <= 100))
    constraint dossier_component_dossier_fkey FOREIGN KEY (dossier) REFERENCES dossier(id)
    constraint dossier_component_pkey PRIMARY KEY (dossier, component)
    CREATE UNIQUE INDEX dossier_component_pkey ON public.dossier_component USING btree (dossier, component)
dossier_ordinal
    agency_code text not null
    day text not null
    last bigint not null
    constraint dossier_ordinal_day_check CHECK ((length(day) = 10))
    constraint dossier_ordinal_pkey PRIMARY KEY (agency_code, day)
    CREATE UNIQUE INDEX dossier_ordinal_pkey ON public.dossier_ordinal USING btree (agency_code, day)
editing
    form text not null
    dossier uuid not null
    officer uuid not null
    since bigint not null
    until bigint not null
    constraint editing_check CHECK ((until > since))
    constraint editing_dossier_fkey FOREIGN KEY (dossier) REFERENCES dossier(id)
    constraint editing_form_check CHECK ((form = ANY (ARRAY['draft'::text, 'supplement'::text, 'opinion'::text, 'note'::text])))
    constraint editing_officer_fkey FOREIGN KEY (officer) REFERENCES officer(id)
    constraint editing_pkey PRIMARY KEY (form, dossier)
    CREATE UNIQUE INDEX editing_pkey ON public.editing USING btree (form, dossier)
entry
    id uuid not null
    owner uuid not null
    dossier uuid not null
    receiving uuid not null
    competent uuid not null
    holding uuid not null
    code text not null
    stem text not null
    paper_type text not null
    title text not null
    sha256 text not null
    n_bytes bigint not null
    issued_on text
    valid_to text
    filed_at bigint not null
    superseded_by uuid
    origin jsonb not null
    fields jsonb not null
    annulled_on text
    constraint entry_annulled_on_check CHECK ((length(annulled_on) = 10))
    constraint entry_code_check CHECK ((length(code) <= 200))
    constraint entry_code_key UNIQUE (code)
    constraint entry_competent_fkey FOREIGN KEY (competent) REFERENCES unit(id)
    constraint entry_dossier_fkey FOREIGN KEY (dossier) REFERENCES dossier(id)
    constraint entry_holding_fkey FOREIGN KEY (holding) REFERENCES unit(id)
    constraint entry_issued_on_check CHECK ((length(issued_on) = 10))
    constraint entry_owner_fkey FOREIGN KEY (owner) REFERENCES party(id)
    constraint entry_pkey PRIMARY KEY (id)
    constraint entry_receiving_fkey FOREIGN KEY (receiving) REFERENCES unit(id)
    constraint entry_sha256_check CHECK ((length(sha256) = 64))
    constraint entry_superseded_by_fkey FOREIGN KEY (superseded_by) REFERENCES entry(id)
    constraint entry_title_check CHECK ((length(title) <= 1000))
    constraint entry_valid_to_check CHECK ((length(valid_to) = 10))
    CREATE UNIQUE INDEX entry_code_key ON public.entry USING btree (code)
    CREATE INDEX entry_dossier_idx ON public.entry USING btree (dossier)
    CREATE INDEX entry_owner_idx ON public.entry USING btree (owner, filed_at)
    CREATE UNIQUE INDEX entry_pkey ON public.entry USING btree (id)
    CREATE INDEX entry_stem_idx ON public.entry USING btree (stem)
event
    id uuid not null
    kind text not null
    version bigint not null
    subject_kind text not null
    subject uuid not null
    number bigint not null
    dossier uuid
    agency uuid not null
    actor uuid
    on_behalf_of uuid
    purpose text
    happened_at bigint not null
    recorded_at bigint not null
    body text
    salt bytea
    body_digest bytea not null
    digest bytea not null
    previous bytea
    constraint event_body_digest_check CHECK ((length(body_digest) = 32))
    constraint event_check CHECK (((body IS NULL) = (salt IS NULL)))
    constraint event_check1 CHECK (((number = 1) = (previous IS NULL)))
    constraint event_digest_check CHECK ((length(digest) = 32))
    constraint event_pkey PRIMARY KEY (id)
    constraint event_previous_check CHECK ((length(previous) = 32))
    constraint event_purpose_check CHECK ((length(purpose) <= 500))
    constraint event_subject_kind_subject_number_key UNIQUE (subject_kind, subject, number)
    CREATE INDEX event_actor_idx ON public.event USING btree (actor, id) WHERE (actor IS NOT NULL)
    CREATE INDEX event_agency_idx ON public.event USING btree (agency, id)
    CREATE INDEX event_dossier_idx ON public.event USING btree (dossier, happened_at)
    CREATE INDEX event_found_idx ON public.event USING btree (actor, subject, happened_at) WHERE (kind = 'found_in_search'::text)
    CREATE INDEX event_kind_idx ON public.event USING btree (agency, kind, id)
    CREATE INDEX event_on_behalf_of_idx ON public.event USING btree (on_behalf_of, id) WHERE (on_behalf_of IS NOT NULL)
    CREATE UNIQUE INDEX event_pkey ON public.event USING btree (id)
    CREATE UNIQUE INDEX event_subject_kind_subject_number_key ON public.event USING btree (subject_kind, subject, number)
event_order
    ordinal bigint not null
    event uuid not null
    subject_kind text not null
    subject uuid not null
    number bigint not null
    digest bytea not null
    constraint event_order_digest_check CHECK ((length(digest) = 32))
    constraint event_order_event_key UNIQUE (event)
    constraint event_order_ordinal_check CHECK ((ordinal > 0))
    constraint event_order_pkey PRIMARY KEY (ordinal)
    CREATE UNIQUE INDEX event_order_event_key ON public.event_order USING btree (event)
    CREATE UNIQUE INDEX event_order_pkey ON public.event_order USING btree (ordinal)
event_unsealed
    place bigint not null
    event uuid not null
    constraint event_unsealed_event_key UNIQUE (event)
    constraint event_unsealed_pkey PRIMARY KEY (place)
    CREATE UNIQUE INDEX event_unsealed_event_key ON public.event_unsealed USING btree (event)
    CREATE UNIQUE INDEX event_unsealed_pkey ON public.event_unsealed USING btree (place)
favourite
    officer uuid not null
    version bigint not null
    procedures jsonb not null
    changed_at bigint not null
    constraint favourite_officer_fkey FOREIGN KEY (officer) REFERENCES officer(id)
    constraint favourite_pkey PRIMARY KEY (officer)
    CREATE UNIQUE INDEX favourite_pkey ON public.favourite USING btree (officer)
fee_account
    id uuid not null
    agency uuid not null
    valid_from text not null
    bank text
    bin text
    number text
    holder text
    reason text not null
    put_by uuid not null
    put_at bigint not null
    constraint fee_account_agency_fkey FOREIGN KEY (agency) REFERENCES unit(id)
    constraint fee_account_bank_check CHECK (((length(bank) >= 2) AND (length(bank) <= 100)))
    constraint fee_account_bin_check CHECK ((length(bin) = 6))
    constraint fee_account_check CHECK ((((bank IS NULL) = (bin IS NULL)) AND ((bank IS NULL) = (number IS NULL)) AND ((bank IS NULL) = (holder IS NULL))))
    constraint fee_account_holder_check CHECK (((length(holder) >= 2) AND (length(holder) <= 100)))
    constraint fee_account_number_check CHECK (((length(number) >= 1) AND (length(number) <= 19)))
    constraint fee_account_pkey PRIMARY KEY (id)
    constraint fee_account_put_by_fkey FOREIGN KEY (put_by) REFERENCES officer(id)
    constraint fee_account_reason_check CHECK (((length(reason) >= 1) AND (length(reason) <= 500)))
    constraint fee_account_valid_from_check CHECK ((length(valid_from) = 10))
    CREATE INDEX fee_account_agency_idx ON public.fee_account USING btree (agency, valid_from)
    CREATE UNIQUE INDEX fee_account_pkey ON public.fee_account USING btree (id)
fee_screen
    id uuid not null
    agency uuid not null
    counter text not null
    secret_hash bytea not null
    made_by uuid not null
    made_at bigint not null
    withdrawn_by uuid
    withdrawn_at bigint
    shown_dossier uuid
    shown_owed bigint
    shown_until bigint
    constraint fee_screen_agency_fkey FOREIGN KEY (agency) REFERENCES unit(id)
    constraint fee_screen_check CHECK (((withdrawn_by IS NULL) = (withdrawn_at IS NULL)))
    constraint fee_screen_check1 CHECK ((((shown_dossier IS NULL) = (shown_owed IS NULL)) AND ((shown_dossier IS NULL) = (shown_until IS NULL))))
    constraint fee_screen_counter_check CHECK (((length(counter) >= 1) AND (length(counter) <= 20)))
    constraint fee_screen_made_by_fkey FOREIGN KEY (made_by) REFERENCES officer(id)
    constraint fee_screen_pkey PRIMARY KEY (id)
    constraint fee_screen_secret_hash_key UNIQUE (secret_hash)
    constraint fee_screen_shown_dossier_fkey FOREIGN KEY (shown_dossier) REFERENCES dossier(id)
    constraint fee_screen_shown_owed_check CHECK ((shown_owed > 0))
    constraint fee_screen_withdrawn_by_fkey FOREIGN KEY (withdrawn_by) REFERENCES officer(id)
    CREATE INDEX fee_screen_agency_idx ON public.fee_screen USING btree (agency, made_at)
    CREATE UNIQUE INDEX fee_screen_pkey ON public.fee_screen USING btree (id)
    CREATE UNIQUE INDEX fee_screen_seat_key ON public.fee_screen USING btree (agency, counter) WHERE (withdrawn_at IS NULL)
    CREATE UNIQUE INDEX fee_screen_secret_hash_key ON public.fee_screen USING btree (secret_hash)
first_view
    officer uuid not null
    view uuid not null
    constraint first_view_officer_fkey FOREIGN KEY (officer) REFERENCES officer(id)
    constraint first_view_pkey PRIMARY KEY (officer)
    constraint first_view_view_fkey FOREIGN KEY (view) REFERENCES kept_view(id)
    CREATE UNIQUE INDEX first_view_pkey ON public.first_view USING btree (officer)
    CREATE INDEX first_view_view_idx ON public.first_view USING btree (view)
folder
    id uuid not null
    version bigint not null
    code text not null
    dossier uuid not null
    place text not null
    officer uuid
    agency uuid
    room text
    rack text
    boxed text
    to_agency uuid
    to_officer uuid
    due_at bigint
    since bigint not null
    seen_at bigint not null
    missed_at bigint
    body jsonb not null
    constraint folder_agency_fkey FOREIGN KEY (agency) REFERENCES unit(id)
    constraint folder_boxed_check CHECK ((length(boxed) <= 60))
    constraint folder_check CHECK (((place = 'passing'::text) = (to_agency IS NOT NULL)))
    constraint folder_check1 CHECK (((place = 'passing'::text) = (due_at IS NOT NULL)))
    constraint folder_check2 CHECK (((place = 'shelf'::text) = (room IS NOT NULL)))
    constraint folder_check3 CHECK (((place = ANY (ARRAY['applicant'::text, 'destroyed'::text])) = (agency IS NULL)))
    constraint folder_code_check CHECK ((length(code) = 16))
    constraint folder_dossier_fkey FOREIGN KEY (dossier) REFERENCES dossier(id)
    constraint folder_officer_fkey FOREIGN KEY (officer) REFERENCES officer(id)
    constraint folder_pkey PRIMARY KEY (id)
    constraint folder_place_check CHECK ((place = ANY (ARRAY['bearer'::text, 'shelf'::text, 'post'::text, 'outside'::text, 'applicant'::text, 'destroyed'::text, 'passing'::text])))
    constraint folder_rack_check CHECK ((length(rack) <= 60))
    constraint folder_room_check CHECK (((length(room) >= 1) AND (length(room) <= 60)))
    constraint folder_to_agency_fkey FOREIGN KEY (to_agency) REFERENCES unit(id)
    constraint folder_to_officer_fkey FOREIGN KEY (to_officer) REFERENCES officer(id)
    CREATE INDEX folder_agency_idx ON public.folder USING btree (agency, seen_at) WHERE (agency IS NOT NULL)
    CREATE UNIQUE INDEX folder_code_key ON public.folder USING btree (code)
    CREATE UNIQUE INDEX folder_dossier_key ON public.folder USING btree (dossier)
    CREATE INDEX folder_due_idx ON public.folder USING btree (due_at) WHERE (due_at IS NOT NULL)
    CREATE INDEX folder_missed_idx ON public.folder USING btree (agency, missed_at) WHERE (missed_at IS NOT NULL)
    CREATE INDEX folder_officer_idx ON public.folder USING btree (officer, since) WHERE (officer IS NOT NULL)
    CREATE UNIQUE INDEX folder_pkey ON public.folder USING btree (id)
    CREATE INDEX folder_shelf_idx ON public.folder USING btree (agency, room, rack, boxed) WHERE (room IS NOT NULL)
    CREATE INDEX folder_to_idx ON public.folder USING btree (to_agency, to_officer) WHERE (to_agency IS NOT NULL)
form_text
    id uuid not null
    agency uuid not null
    code text not null
    valid_from text not null
    source text
    reason text not null
    put_by uuid not null
    put_at bigint not null
    constraint form_text_agency_fkey FOREIGN KEY (agency) REFERENCES unit(id)
    constraint form_text_code_check CHECK (((length(code) >= 1) AND (length(code) <= 60)))
    constraint form_text_pkey PRIMARY KEY (id)
    constraint form_text_put_by_fkey FOREIGN KEY (put_by) REFERENCES officer(id)
    constraint form_text_reason_check CHECK (((length(reason) >= 1) AND (length(reason) <= 500)))
    constraint form_text_source_check CHECK (((length(source) >= 1) AND (length(source) <= 262144)))
    constraint form_text_valid_from_check CHECK ((length(valid_from) = 10))
    CREATE INDEX form_text_agency_idx ON public.form_text USING btree (agency, code, valid_from)
    CREATE UNIQUE INDEX form_text_pkey ON public.form_text USING btree (id)
found_paper
    id uuid not null
    version bigint not null
    agency uuid not null
    found_by uuid not null
    found_at bigint not null
    what text not null
    place text not null
    dossier uuid
    tied_by uuid
    tied_at bigint
    constraint found_paper_agency_fkey FOREIGN KEY (agency) REFERENCES unit(id)
    constraint found_paper_check CHECK (((dossier IS NULL) = (tied_at IS NULL)))
    constraint found_paper_check1 CHECK (((dossier IS NULL) = (tied_by IS NULL)))
    constraint found_paper_dossier_fkey FOREIGN KEY (dossier) REFERENCES dossier(id)
    constraint found_paper_found_by_fkey FOREIGN KEY (found_by) REFERENCES officer(id)
    constraint found_paper_pkey PRIMARY KEY (id)
    constraint found_paper_place_check CHECK (((length(place) >= 1) AND (length(place) <= 300)))
    constraint found_paper_tied_by_fkey FOREIGN KEY (tied_by) REFERENCES officer(id)
    constraint found_paper_what_check CHECK (((length(what) >= 1) AND (length(what) <= 300)))
    CREATE INDEX found_paper_open_idx ON public.found_paper USING btree (agency, found_at) WHERE (dossier IS NULL)
    CREATE UNIQUE INDEX found_paper_pkey ON public.found_paper USING btree (id)
glass
    id uuid not null
    version bigint not null
    dossier uuid not null
    officer uuid not null
    agency uuid not null
    reason text not null
    opened_at bigint not null
    ends_at bigint not null
    review_by bigint not null
    reviewed_by uuid
    reviewed_at bigint
    verdict text
    words text
    constraint glass_agency_fkey FOREIGN KEY (agency) REFERENCES unit(id)
    constraint glass_check CHECK ((ends_at >= opened_at))
    constraint glass_check1 CHECK ((review_by >= opened_at))
    constraint glass_check2 CHECK ((reviewed_at >= opened_at))
    constraint glass_check3 CHECK ((reviewed_by <> officer))
    constraint glass_check4 CHECK (((reviewed_by IS NULL) = (reviewed_at IS NULL)))
    constraint glass_check5 CHECK (((reviewed_by IS NULL) = (verdict IS NULL)))
    constraint glass_check6 CHECK (((reviewed_by IS NULL) = (words IS NULL)))
    constraint glass_dossier_fkey FOREIGN KEY (dossier) REFERENCES dossier(id)
    constraint glass_officer_fkey FOREIGN KEY (officer) REFERENCES officer(id)
    constraint glass_pkey PRIMARY KEY (id)
    constraint glass_reason_check CHECK (((length(reason) >= 1) AND (length(reason) <= 300)))
    constraint glass_reviewed_by_fkey FOREIGN KEY (reviewed_by) REFERENCES officer(id)
    constraint glass_verdict_check CHECK ((verdict = ANY (ARRAY['fitting'::text, 'unfitting'::text])))
    constraint glass_version_check CHECK ((version > 0))
    constraint glass_words_check CHECK ((length(words) <= 500))
    CREATE INDEX glass_dossier_idx ON public.glass USING btree (dossier) WHERE (reviewed_at IS NULL)
    CREATE INDEX glass_officer_idx ON public.glass USING btree (officer, opened_at)
    CREATE UNIQUE INDEX glass_pkey ON public.glass USING btree (id)
    CREATE INDEX glass_unfitting_idx ON public.glass USING btree (agency, reviewed_at) WHERE (verdict = 'unfitting'::text)
    CREATE INDEX glass_waiting_idx ON public.glass USING btree (review_by, id) WHERE (reviewed_at IS NULL)
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
kept_view
    id uuid not null
    owner uuid not null
    name text not null
    shared_with uuid
    narrowing jsonb not null
    kept_at bigint not null
    constraint kept_view_name_check CHECK (((length(name) >= 1) AND (length(name) <= 60)))
    constraint kept_view_name_key UNIQUE (owner, name)
    constraint kept_view_owner_fkey FOREIGN KEY (owner) REFERENCES officer(id)
    constraint kept_view_pkey PRIMARY KEY (id)
    constraint kept_view_shared_with_fkey FOREIGN KEY (shared_with) REFERENCES unit(id)
    CREATE UNIQUE INDEX kept_view_name_key ON public.kept_view USING btree (owner, name)
    CREATE UNIQUE INDEX kept_view_pkey ON public.kept_view USING btree (id)
    CREATE INDEX kept_view_shared_idx ON public.kept_view USING btree (shared_with) WHERE (shared_with IS NOT NULL)
link_attempt
    id uuid not null
    link text not null
    at bigint not null
    took_ms bigint not null
    cause text
    status bigint
    is_test boolean not null
    constraint link_attempt_cause_check CHECK (((length(cause) >= 1) AND (length(cause) <= 40)))
    constraint link_attempt_link_check CHECK (((length(link) >= 1) AND (length(link) <= 60)))
    constraint link_attempt_pkey PRIMARY KEY (id)
    constraint link_attempt_status_check CHECK (((status >= 100) AND (status <= 999)))
    constraint link_attempt_took_ms_check CHECK ((took_ms >= 0))
    CREATE INDEX link_attempt_link_idx ON public.link_attempt USING btree (link, at)
    CREATE UNIQUE INDEX link_attempt_pkey ON public.link_attempt USING btree (id)
note
    id uuid not null
    dossier uuid not null
    author uuid not null
    text text not null
    written_at bigint not null
    struck_at bigint
    constraint note_author_fkey FOREIGN KEY (author) REFERENCES officer(id)
    constraint note_check CHECK ((struck_at >= written_at))
    constraint note_dossier_fkey FOREIGN KEY (dossier) REFERENCES dossier(id)
    constraint note_pkey PRIMARY KEY (id)
    constraint note_text_check CHECK (((length(text) >= 1) AND (length(text) <= 2000)))
    CREATE INDEX note_dossier_idx ON public.note USING btree (dossier, written_at)
    CREATE UNIQUE INDEX note_pkey ON public.note USING btree (id)
note_mention
    note uuid not null
    officer uuid not null
    seen_at bigint
    constraint note_mention_note_fkey FOREIGN KEY (note) REFERENCES note(id)
    constraint note_mention_officer_fkey FOREIGN KEY (officer) REFERENCES officer(id)
    constraint note_mention_pkey PRIMARY KEY (note, officer)
    CREATE UNIQUE INDEX note_mention_pkey ON public.note_mention USING btree (note, officer)
    CREATE INDEX note_mention_unseen_idx ON public.note_mention USING btree (officer) WHERE (seen_at IS NULL)
notice
    id uuid not null
    webhook uuid not null
    event uuid not null
    kind text not null
    dossier uuid not null
    happened_at bigint not null
    attempts bigint not null
    last_at bigint
    last_status bigint
    last_error text
    taken_at bigint
    constraint notice_attempts_check CHECK ((attempts >= 0))
    constraint notice_dossier_fkey FOREIGN KEY (dossier) REFERENCES dossier(id)
    constraint notice_kind_check CHECK (((length(kind) >= 1) AND (length(kind) <= 100)))
    constraint notice_last_error_check CHECK ((length(last_error) <= 300))
    constraint notice_last_status_check CHECK (((last_status >= 100) AND (last_status <= 999)))
    constraint notice_pkey PRIMARY KEY (id)
    constraint notice_webhook_fkey FOREIGN KEY (webhook) REFERENCES webhook(id)
    CREATE UNIQUE INDEX notice_event_key ON public.notice USING btree (event, webhook)
    CREATE UNIQUE INDEX notice_pkey ON public.notice USING btree (id)
    CREATE INDEX notice_untaken_idx ON public.notice USING btree (webhook) WHERE (taken_at IS NULL)
    CREATE INDEX notice_webhook_idx ON public.notice USING btree (webhook, happened_at)
number_book
    agency uuid not null
    year bigint not null
    symbol text not null
    last bigint not null
    constraint number_book_agency_fkey FOREIGN KEY (agency) REFERENCES unit(id)
    constraint number_book_pkey PRIMARY KEY (agency, year, symbol)
    CREATE UNIQUE INDEX number_book_pkey ON public.number_book USING btree (agency, year, symbol)
number_line
    agency uuid not null
    year bigint not null
    symbol text not null
    number bigint not null
    result uuid not null
    dossier uuid not null
    given_on text not null
    standing text not null
    reason text
    constraint number_line_agency_fkey FOREIGN KEY (agency) REFERENCES unit(id)
    constraint number_line_check CHECK (((standing = 'cancelled'::text) = (reason IS NOT NULL)))
    constraint number_line_dossier_fkey FOREIGN KEY (dossier) REFERENCES dossier(id)
    constraint number_line_given_on_check CHECK ((length(given_on) = 10))
    constraint number_line_number_check CHECK ((number > 0))
    constraint number_line_pkey PRIMARY KEY (agency, year, symbol, number)
    constraint number_line_result_fkey FOREIGN KEY (result) REFERENCES result(id)
    constraint number_line_result_key UNIQUE (result)
    constraint number_line_standing_check CHECK ((standing = ANY (ARRAY['given'::text, 'issued'::text, 'cancelled'::text])))
    constraint number_line_symbol_check CHECK (((length(symbol) >= 1) AND (length(symbol) <= 60)))
    CREATE UNIQUE INDEX number_line_pkey ON public.number_line USING btree (agency, year, symbol, number)
    CREATE UNIQUE INDEX number_line_result_key ON public.number_line USING btree (result)
officer
    id uuid not null
    version bigint not null
    login text not null
    name text not null
    title text not null
    agency uuid not null
    password_hash text not null
    active boolean not null
    constraint officer_agency_fkey FOREIGN KEY (agency) REFERENCES unit(id)
    constraint officer_login_check CHECK (((length(login) >= 1) AND (length(login) <= 100)))
    constraint officer_login_key UNIQUE (login)
    constraint officer_name_check CHECK (((length(name) >= 1) AND (length(name) <= 200)))
    constraint officer_pkey PRIMARY KEY (id)
    constraint officer_title_check CHECK ((length(title) <= 200))
    CREATE INDEX officer_agency_idx ON public.officer USING btree (agency)
    CREATE UNIQUE INDEX officer_login_key ON public.officer USING btree (login)
    CREATE UNIQUE INDEX officer_pkey ON public.officer USING btree (id)
officer_identity
    officer uuid not null
    issuer text not null
    subject text not null
    tied_at bigint not null
    used_at bigint
    constraint officer_identity_issuer_check CHECK (((length(issuer) >= 1) AND (length(issuer) <= 300)))
    constraint officer_identity_issuer_subject_key UNIQUE (issuer, subject)
    constraint officer_identity_officer_fkey FOREIGN KEY (officer) REFERENCES officer(id)
    constraint officer_identity_pkey PRIMARY KEY (officer, issuer)
    constraint officer_identity_subject_check CHECK (((length(subject) >= 1) AND (length(subject) <= 255)))
    CREATE UNIQUE INDEX officer_identity_issuer_subject_key ON public.officer_identity USING btree (issuer, subject)
    CREATE UNIQUE INDEX officer_identity_pkey ON public.officer_identity USING btree (officer, issuer)
officer_mail
    officer uuid not null
    address text not null
    code bytea
    code_sent_at bigint
    tries bigint not null
    confirmed_at bigint
    digest boolean not null
    digest_on text
    constraint officer_mail_address_check CHECK (((length(address) >= 3) AND (length(address) <= 254)))
    constraint officer_mail_code_check CHECK ((length(code) = 32))
    constraint officer_mail_digest_on_check CHECK ((length(digest_on) = 10))
    constraint officer_mail_officer_fkey FOREIGN KEY (officer) REFERENCES officer(id)
    constraint officer_mail_pkey PRIMARY KEY (officer)
    constraint officer_mail_tries_check CHECK ((tries >= 0))
    CREATE UNIQUE INDEX officer_mail_pkey ON public.officer_mail USING btree (officer)
page
    id uuid not null
    upload uuid not null
    number bigint not null
    sha256 text not null
    thumbnail text not null
    body jsonb not null
    constraint page_pkey PRIMARY KEY (id)
    constraint page_sha256_check CHECK ((length(sha256) = 64))
    constraint page_thumbnail_check CHECK ((length(thumbnail) = 64))
    constraint page_upload_fkey FOREIGN KEY (upload) REFERENCES upload(id)
    constraint page_upload_number_key UNIQUE (upload, number)
    CREATE UNIQUE INDEX page_pkey ON public.page USING btree (id)
    CREATE UNIQUE INDEX page_upload_number_key ON public.page USING btree (upload, number)
parcel
    id uuid not null
    arrival uuid not null
    agency uuid not null
    place bigint not null
    tracking text not null
    waits boolean not null
    put_aside text
    aside_by uuid
    aside_at bigint
    constraint parcel_agency_fkey FOREIGN KEY (agency) REFERENCES unit(id)
    constraint parcel_arrival_fkey FOREIGN KEY (arrival) REFERENCES post_arrival(id)
    constraint parcel_aside_by_fkey FOREIGN KEY (aside_by) REFERENCES officer(id)
    constraint parcel_check CHECK ((((put_aside IS NULL) = (aside_by IS NULL)) AND ((put_aside IS NULL) = (aside_at IS NULL))))
    constraint parcel_pkey PRIMARY KEY (id)
    constraint parcel_place_check CHECK ((place > 0))
    constraint parcel_put_aside_check CHECK (((length(put_aside) >= 1) AND (length(put_aside) <= 300)))
    constraint parcel_tracking_check CHECK (((length(tracking) >= 4) AND (length(tracking) <= 40)))
    CREATE INDEX parcel_arrival_idx ON public.parcel USING btree (arrival)
    CREATE UNIQUE INDEX parcel_pkey ON public.parcel USING btree (id)
    CREATE UNIQUE INDEX parcel_tracking_key ON public.parcel USING btree (agency, tracking)
    CREATE INDEX parcel_waiting_idx ON public.parcel USING btree (agency) WHERE waits
parcel_dossier
    dossier uuid not null
    parcel uuid not null
    constraint parcel_dossier_dossier_fkey FOREIGN KEY (dossier) REFERENCES dossier(id)
    constraint parcel_dossier_parcel_fkey FOREIGN KEY (parcel) REFERENCES parcel(id)
    constraint parcel_dossier_pkey PRIMARY KEY (dossier)
    CREATE INDEX parcel_dossier_parcel_idx ON public.parcel_dossier USING btree (parcel)
    CREATE UNIQUE INDEX parcel_dossier_pkey ON public.parcel_dossier USING btree (dossier)
party
    id uuid not null
    version bigint not null
    kind text not null
    name text not null
    born_on text
    sex text
    address text not null
    phone text not null
    email text not null
    constraint party_address_check CHECK ((length(address) <= 500))
    constraint party_born_on_check CHECK ((length(born_on) = 10))
    constraint party_email_check CHECK ((length(email) <= 200))
    constraint party_name_check CHECK (((length(name) >= 1) AND (length(name) <= 300)))
    constraint party_phone_check CHECK ((length(phone) <= 50))
    constraint party_pkey PRIMARY KEY (id)
    CREATE UNIQUE INDEX party_pkey ON public.party USING btree (id)
party_number
    kind text not null
    number text not null
    party uuid not null
    given_on text
    constraint party_number_given_on_check CHECK ((length(given_on) = 10))
    constraint party_number_number_check CHECK (((length(number) >= 1) AND (length(number) <= 35)))
    constraint party_number_party_fkey FOREIGN KEY (party) REFERENCES party(id)
    constraint party_number_pkey PRIMARY KEY (kind, number)
    CREATE INDEX party_number_party_idx ON public.party_number USING btree (party)
    CREATE UNIQUE INDEX party_number_pkey ON public.party_number USING btree (kind, number)
passing
    id uuid not null
    giver uuid not null
    from_agency uuid not null
    to_agency uuid not null
    to_officer uuid
    given_at bigint not null
    due_at bigint not null
    constraint passing_from_agency_fkey FOREIGN KEY (from_agency) REFERENCES unit(id)
    constraint passing_giver_fkey FOREIGN KEY (giver) REFERENCES officer(id)
    constraint passing_pkey PRIMARY KEY (id)
    constraint passing_to_agency_fkey FOREIGN KEY (to_agency) REFERENCES unit(id)
    constraint passing_to_officer_fkey FOREIGN KEY (to_officer) REFERENCES officer(id)
    CREATE UNIQUE INDEX passing_pkey ON public.passing USING btree (id)
passing_folder
    passing uuid not null
    folder uuid not null
    outcome text
    settled_at bigint
    settled_by uuid
    reason text
    constraint passing_folder_check CHECK (((outcome IS NULL) = (settled_at IS NULL)))
    constraint passing_folder_check1 CHECK (((outcome IS NULL) = (settled_by IS NULL)))
    constraint passing_folder_folder_fkey FOREIGN KEY (folder) REFERENCES folder(id)
    constraint passing_folder_outcome_check CHECK ((outcome = ANY (ARRAY['confirmed'::text, 'refused'::text, 'taken_back'::text, 'reclaimed'::text])))
    constraint passing_folder_passing_fkey FOREIGN KEY (passing) REFERENCES passing(id)
    constraint passing_folder_pkey PRIMARY KEY (passing, folder)
    constraint passing_folder_reason_check CHECK (((length(reason) >= 1) AND (length(reason) <= 1000)))
    constraint passing_folder_settled_by_fkey FOREIGN KEY (settled_by) REFERENCES officer(id)
    CREATE UNIQUE INDEX passing_folder_pkey ON public.passing_folder USING btree (passing, folder)
passkey
    id uuid not null
    officer uuid not null
    name text not null
    credential bytea not null
    body jsonb not null
    added_at bigint not null
    used_at bigint
    constraint passkey_credential_key UNIQUE (credential)
    constraint passkey_name_check CHECK (((length(name) >= 1) AND (length(name) <= 60)))
    constraint passkey_officer_fkey FOREIGN KEY (officer) REFERENCES officer(id)
    constraint passkey_pkey PRIMARY KEY (id)
    CREATE UNIQUE INDEX passkey_credential_key ON public.passkey USING btree (credential)
    CREATE INDEX passkey_officer_idx ON public.passkey USING btree (officer, added_at)
    CREATE UNIQUE INDEX passkey_pkey ON public.passkey USING btree (id)
pending_sign_in
    secret_hash bytea not null
    officer uuid
    body jsonb not null
    expires_at bigint not null
    constraint pending_sign_in_officer_fkey FOREIGN KEY (officer) REFERENCES officer(id)
    constraint pending_sign_in_pkey PRIMARY KEY (secret_hash)
    constraint pending_sign_in_secret_hash_check CHECK ((length(secret_hash) = 32))
    CREATE INDEX pending_sign_in_expires_idx ON public.pending_sign_in USING btree (expires_at)
    CREATE INDEX pending_sign_in_officer_idx ON public.pending_sign_in USING btree (officer) WHERE (officer IS NOT NULL)
    CREATE UNIQUE INDEX pending_sign_in_pkey ON public.pending_sign_in USING btree (secret_hash)
post
    officer uuid not null
    agency uuid not null
    role text not null
    procedures jsonb
    ceiling text not null
    valid_from text not null
    valid_to text
    constraint post_agency_fkey FOREIGN KEY (agency) REFERENCES unit(id)
    constraint post_ceiling_check CHECK ((ceiling = ANY (ARRAY['personal'::text, 'secret'::text])))
    constraint post_check CHECK (((valid_to IS NULL) OR (valid_to >= valid_from)))
    constraint post_officer_fkey FOREIGN KEY (officer) REFERENCES officer(id)
    constraint post_pkey PRIMARY KEY (officer, agency, role, valid_from)
    constraint post_valid_from_check CHECK ((length(valid_from) = 10))
    constraint post_valid_to_check CHECK ((length(valid_to) = 10))
    CREATE INDEX post_agency_idx ON public.post USING btree (agency, role)
    CREATE UNIQUE INDEX post_pkey ON public.post USING btree (officer, agency, role, valid_from)
post_arrival
    id uuid not null
    agency uuid not null
    post_office text not null
    postman text not null
    taken_by uuid not null
    taken_at bigint not null
    constraint post_arrival_agency_fkey FOREIGN KEY (agency) REFERENCES unit(id)
    constraint post_arrival_pkey PRIMARY KEY (id)
    constraint post_arrival_post_office_check CHECK (((length(post_office) >= 1) AND (length(post_office) <= 200)))
    constraint post_arrival_postman_check CHECK (((length(postman) >= 1) AND (length(postman) <= 200)))
    constraint post_arrival_taken_by_fkey FOREIGN KEY (taken_by) REFERENCES officer(id)
    CREATE INDEX post_arrival_agency_idx ON public.post_arrival USING btree (agency, taken_at)
    CREATE UNIQUE INDEX post_arrival_pkey ON public.post_arrival USING btree (id)
post_bundle
    id uuid not null
    agency uuid not null
    post_office text not null
    made_by uuid not null
    made_at bigint not null
    postman text
    sent_by uuid
    sent_at bigint
    constraint post_bundle_agency_fkey FOREIGN KEY (agency) REFERENCES unit(id)
    constraint post_bundle_check CHECK ((((postman IS NULL) = (sent_by IS NULL)) AND ((postman IS NULL) = (sent_at IS NULL))))
    constraint post_bundle_made_by_fkey FOREIGN KEY (made_by) REFERENCES officer(id)
    constraint post_bundle_pkey PRIMARY KEY (id)
    constraint post_bundle_post_office_check CHECK (((length(post_office) >= 1) AND (length(post_office) <= 200)))
    constraint post_bundle_postman_check CHECK (((length(postman) >= 1) AND (length(postman) <= 200)))
    constraint post_bundle_sent_by_fkey FOREIGN KEY (sent_by) REFERENCES officer(id)
    CREATE INDEX post_bundle_agency_idx ON public.post_bundle USING btree (agency, made_at)
    CREATE UNIQUE INDEX post_bundle_pkey ON public.post_bundle USING btree (id)
post_item
    bundle uuid not null
    dossier uuid not null
    tracking text not null
    added_at bigint not null
    outcome text
    answered_at bigint
    constraint post_item_bundle_fkey FOREIGN KEY (bundle) REFERENCES post_bundle(id)
    constraint post_item_check CHECK (((outcome IS NULL) = (answered_at IS NULL)))
    constraint post_item_dossier_fkey FOREIGN KEY (dossier) REFERENCES dossier(id)
    constraint post_item_outcome_check CHECK ((outcome = ANY (ARRAY['delivered'::text, 'came_back'::text])))
    constraint post_item_pkey PRIMARY KEY (bundle, dossier)
    constraint post_item_tracking_check CHECK (((length(tracking) >= 4) AND (length(tracking) <= 40)))
    CREATE INDEX post_item_dossier_idx ON public.post_item USING btree (dossier)
    CREATE UNIQUE INDEX post_item_pkey ON public.post_item USING btree (bundle, dossier)
    CREATE UNIQUE INDEX post_item_tracking_key ON public.post_item USING btree (bundle, tracking)
procedure
    code text not null
    revision bigint not null
    name text not null
    field text not null
    valid_from text not null
    valid_to text
    body jsonb not null
    constraint procedure_pkey PRIMARY KEY (code, revision)
    constraint procedure_valid_from_check CHECK ((length(valid_from) = 10))
    constraint procedure_valid_to_check CHECK ((length(valid_to) = 10))
    CREATE UNIQUE INDEX procedure_pkey ON public.procedure USING btree (code, revision)
procedure_draft
    code text not null
    version bigint not null
    body jsonb
    saved_by uuid not null
    saved_at bigint not null
    constraint procedure_draft_code_check CHECK (((length(code) >= 1) AND (length(code) <= 60)))
    constraint procedure_draft_pkey PRIMARY KEY (code)
    constraint procedure_draft_saved_by_fkey FOREIGN KEY (saved_by) REFERENCES officer(id)
    constraint procedure_draft_version_check CHECK ((version > 0))
    CREATE UNIQUE INDEX procedure_draft_pkey ON public.procedure_draft USING btree (code)
procedure_draft_saving
    code text not null
    version bigint not null
    body jsonb not null
    saved_by uuid not null
    saved_at bigint not null
    constraint procedure_draft_saving_code_check CHECK (((length(code) >= 1) AND (length(code) <= 60)))
    constraint procedure_draft_saving_pkey PRIMARY KEY (code, version)
    constraint procedure_draft_saving_saved_by_fkey FOREIGN KEY (saved_by) REFERENCES officer(id)
    constraint procedure_draft_saving_version_check CHECK ((version > 0))
    CREATE UNIQUE INDEX procedure_draft_saving_pkey ON public.procedure_draft_saving USING btree (code, version)
procedure_publication
    code text not null
    revision bigint not null
    decision text not null
    content_of bigint
    published_by uuid not null
    published_at bigint not null
    constraint procedure_publication_code_revision_fkey FOREIGN KEY (code, revision) REFERENCES procedure(code, revision)
    constraint procedure_publication_decision_check CHECK (((length(decision) >= 1) AND (length(decision) <= 500)))
    constraint procedure_publication_pkey PRIMARY KEY (code, revision)
    constraint procedure_publication_published_by_fkey FOREIGN KEY (published_by) REFERENCES officer(id)
    CREATE UNIQUE INDEX procedure_publication_pkey ON public.procedure_publication USING btree (code, revision)
procedure_retirement
    code text not null
    revision bigint not null
    last_day text not null
    decision text not null
    retired_by uuid not null
    retired_at bigint not null
    constraint procedure_retirement_code_revision_fkey FOREIGN KEY (code, revision) REFERENCES procedure(code, revision)
    constraint procedure_retirement_decision_check CHECK (((length(decision) >= 1) AND (length(decision) <= 500)))
    constraint procedure_retirement_last_day_check CHECK ((length(last_day) = 10))
    constraint procedure_retirement_pkey PRIMARY KEY (code, revision)
    constraint procedure_retirement_retired_by_fkey FOREIGN KEY (retired_by) REFERENCES officer(id)
    CREATE UNIQUE INDEX procedure_retirement_pkey ON public.procedure_retirement USING btree (code, revision)
provisional_slip
    id uuid not null
    number text not null
    agency uuid not null
    officer uuid not null
    body jsonb not null
    written_at bigint not null
    arrived_at bigint not null
    dossier uuid
    constraint provisional_slip_agency_fkey FOREIGN KEY (agency) REFERENCES unit(id)
    constraint provisional_slip_dossier_fkey FOREIGN KEY (dossier) REFERENCES dossier(id)
    constraint provisional_slip_number_check CHECK (((length(number) >= 1) AND (length(number) <= 40)))
    constraint provisional_slip_officer_fkey FOREIGN KEY (officer) REFERENCES officer(id)
    constraint provisional_slip_pkey PRIMARY KEY (id)
    CREATE INDEX provisional_slip_arrived_idx ON public.provisional_slip USING btree (agency, arrived_at)
    CREATE UNIQUE INDEX provisional_slip_pkey ON public.provisional_slip USING btree (id)
queue_dossier
    dossier uuid not null
    ticket uuid not null
    constraint queue_dossier_dossier_fkey FOREIGN KEY (dossier) REFERENCES dossier(id)
    constraint queue_dossier_pkey PRIMARY KEY (dossier)
    constraint queue_dossier_ticket_fkey FOREIGN KEY (ticket) REFERENCES queue_ticket(id)
    CREATE UNIQUE INDEX queue_dossier_pkey ON public.queue_dossier USING btree (dossier)
    CREATE INDEX queue_dossier_ticket_idx ON public.queue_dossier USING btree (ticket)
queue_rules
    id uuid not null
    agency uuid not null
    version bigint not null
    valid_from text not null
    decided_by uuid not null
    decided_at bigint not null
    body jsonb not null
    constraint queue_rules_agency_fkey FOREIGN KEY (agency) REFERENCES unit(id)
    constraint queue_rules_decided_by_fkey FOREIGN KEY (decided_by) REFERENCES officer(id)
    constraint queue_rules_pkey PRIMARY KEY (id)
    constraint queue_rules_valid_from_check CHECK ((length(valid_from) = 10))
    constraint queue_rules_version_check CHECK ((version > 0))
    CREATE UNIQUE INDEX queue_rules_agency_key ON public.queue_rules USING btree (agency, version)
    CREATE UNIQUE INDEX queue_rules_pkey ON public.queue_rules USING btree (id)
queue_ticket
    id uuid not null
    version bigint not null
    agency uuid not null
    on_day text not null
    lane text not null
    ordinal bigint not null
    reason text
    subject text
    taken_at bigint not null
    taken_by uuid not null
    place_at bigint not null
    slot_from bigint
    absences bigint not null
    first_called_at bigint
    state text not null
    officer uuid
    counter text
    called_at bigint
    constraint queue_ticket_absences_check CHECK ((absences >= 0))
    constraint queue_ticket_agency_fkey FOREIGN KEY (agency) REFERENCES unit(id)
    constraint queue_ticket_check CHECK (((state = 'waiting'::text) OR ((officer IS NOT NULL) AND (counter IS NOT NULL) AND (called_at IS NOT NULL))))
    constraint queue_ticket_counter_check CHECK (((length(counter) >= 1) AND (length(counter) <= 20)))
    constraint queue_ticket_lane_check CHECK ((lane = ANY (ARRAY['ordinary'::text, 'priority'::text, 'appointment'::text])))
    constraint queue_ticket_officer_fkey FOREIGN KEY (officer) REFERENCES officer(id)
    constraint queue_ticket_on_day_check CHECK ((length(on_day) = 10))
    constraint queue_ticket_ordinal_check CHECK ((ordinal > 0))
    constraint queue_ticket_pkey PRIMARY KEY (id)
    constraint queue_ticket_reason_check CHECK (((length(reason) >= 1) AND (length(reason) <= 30)))
    constraint queue_ticket_state_check CHECK ((state = ANY (ARRAY['waiting'::text, 'called'::text, 'served'::text, 'missed'::text])))
    constraint queue_ticket_subject_check CHECK (((length(subject) >= 1) AND (length(subject) <= 200)))
    constraint queue_ticket_taken_by_fkey FOREIGN KEY (taken_by) REFERENCES officer(id)
    CREATE INDEX queue_ticket_called_idx ON public.queue_ticket USING btree (agency, on_day, called_at) WHERE (called_at IS NOT NULL)
    CREATE UNIQUE INDEX queue_ticket_number_key ON public.queue_ticket USING btree (agency, on_day, lane, ordinal)
    CREATE INDEX queue_ticket_officer_idx ON public.queue_ticket USING btree (officer, on_day, called_at) WHERE (officer IS NOT NULL)
    CREATE UNIQUE INDEX queue_ticket_pkey ON public.queue_ticket USING btree (id)
    CREATE INDEX queue_ticket_waiting_idx ON public.queue_ticket USING btree (agency, on_day, place_at) WHERE (state = 'waiting'::text)
queue_turn
    ticket uuid not null
    number bigint not null
    what text not null
    at bigint not null
    officer uuid not null
    counter text
    constraint queue_turn_counter_check CHECK (((length(counter) >= 1) AND (length(counter) <= 20)))
    constraint queue_turn_officer_fkey FOREIGN KEY (officer) REFERENCES officer(id)
    constraint queue_turn_pkey PRIMARY KEY (ticket, number)
    constraint queue_turn_ticket_fkey FOREIGN KEY (ticket) REFERENCES queue_ticket(id)
    constraint queue_turn_what_check CHECK ((what = ANY (ARRAY['taken'::text, 'called'::text, 'called_again'::text, 'absent'::text, 'served'::text])))
    CREATE UNIQUE INDEX queue_turn_pkey ON public.queue_turn USING btree (ticket, number)
record
    id uuid not null
    version bigint not null
    dossier uuid not null
    component text not null
    owner uuid not null
    receiving uuid not null
    competent uuid not null
    holding uuid not null
    digitiser uuid not null
    state text not null
    created_at bigint not null
    source jsonb not null
    body jsonb not null
    constraint record_competent_fkey FOREIGN KEY (competent) REFERENCES unit(id)
    constraint record_digitiser_fkey FOREIGN KEY (digitiser) REFERENCES officer(id)
    constraint record_dossier_fkey FOREIGN KEY (dossier) REFERENCES dossier(id)
    constraint record_holding_fkey FOREIGN KEY (holding) REFERENCES unit(id)
    constraint record_owner_fkey FOREIGN KEY (owner) REFERENCES party(id)
    constraint record_pkey PRIMARY KEY (id)
    constraint record_receiving_fkey FOREIGN KEY (receiving) REFERENCES unit(id)
    CREATE INDEX record_dossier_idx ON public.record USING btree (dossier, component)
    CREATE INDEX record_open_idx ON public.record USING btree (receiving, created_at) WHERE (state <> 'filed'::text)
    CREATE UNIQUE INDEX record_pkey ON public.record USING btree (id)
recovery_code
    officer uuid not null
    digest bytea not null
    constraint recovery_code_digest_check CHECK ((length(digest) = 32))
    constraint recovery_code_officer_fkey FOREIGN KEY (officer) REFERENCES officer(id)
    constraint recovery_code_pkey PRIMARY KEY (officer, digest)
    CREATE UNIQUE INDEX recovery_code_pkey ON public.recovery_code USING btree (officer, digest)
reorganisation
    id uuid not null
    key text not null
    effective_on text not null
    state text not null
    after_dossier uuid
    n_rerouted bigint not null
    n_of_round bigint not null
    started_by uuid
    agency uuid not null
    started_at bigint not null
    finished_at bigint
    body jsonb not null
    constraint reorganisation_agency_fkey FOREIGN KEY (agency) REFERENCES unit(id)
    constraint reorganisation_check CHECK (((state = 'done'::text) = (finished_at IS NOT NULL)))
    constraint reorganisation_effective_on_check CHECK ((length(effective_on) = 10))
    constraint reorganisation_key_check CHECK (((length(key) >= 1) AND (length(key) <= 100)))
    constraint reorganisation_key_key UNIQUE (key)
    constraint reorganisation_n_of_round_check CHECK ((n_of_round >= 0))
    constraint reorganisation_n_rerouted_check CHECK ((n_rerouted >= 0))
    constraint reorganisation_pkey PRIMARY KEY (id)
    constraint reorganisation_started_by_fkey FOREIGN KEY (started_by) REFERENCES officer(id)
    constraint reorganisation_state_check CHECK ((state = ANY (ARRAY['applying'::text, 'done'::text])))
    CREATE UNIQUE INDEX reorganisation_key_key ON public.reorganisation USING btree (key)
    CREATE UNIQUE INDEX reorganisation_pkey ON public.reorganisation USING btree (id)
reorganisation_unit
    reorganisation uuid not null
    unit uuid not null
    constraint reorganisation_unit_pkey PRIMARY KEY (reorganisation, unit)
    constraint reorganisation_unit_reorganisation_fkey FOREIGN KEY (reorganisation) REFERENCES reorganisation(id)
    constraint reorganisation_unit_unit_fkey FOREIGN KEY (unit) REFERENCES unit(id)
    CREATE UNIQUE INDEX reorganisation_unit_pkey ON public.reorganisation_unit USING btree (reorganisation, unit)
    CREATE INDEX reorganisation_unit_unit_idx ON public.reorganisation_unit USING btree (unit)
result
    id uuid not null
    version bigint not null
    dossier uuid not null
    owner uuid not null
    receiving uuid not null
    competent uuid not null
    holding uuid not null
    result_type text not null
    state text not null
    created_at bigint not null
    body jsonb not null
    constraint result_competent_fkey FOREIGN KEY (competent) REFERENCES unit(id)
    constraint result_dossier_fkey FOREIGN KEY (dossier) REFERENCES dossier(id)
    constraint result_holding_fkey FOREIGN KEY (holding) REFERENCES unit(id)
    constraint result_owner_fkey FOREIGN KEY (owner) REFERENCES party(id)
    constraint result_pkey PRIMARY KEY (id)
    constraint result_receiving_fkey FOREIGN KEY (receiving) REFERENCES unit(id)
    CREATE INDEX result_dossier_idx ON public.result USING btree (dossier)
    CREATE INDEX result_dossier_state_idx ON public.result USING btree (dossier, state)
    CREATE UNIQUE INDEX result_pkey ON public.result USING btree (id)
result_reading
    result uuid not null
    officer uuid not null
    sha256 text not null
    read_at bigint not null
    constraint result_reading_officer_fkey FOREIGN KEY (officer) REFERENCES officer(id)
    constraint result_reading_pkey PRIMARY KEY (result, officer, sha256)
    constraint result_reading_result_fkey FOREIGN KEY (result) REFERENCES result(id)
    constraint result_reading_sha256_check CHECK ((length(sha256) = 64))
    CREATE UNIQUE INDEX result_reading_pkey ON public.result_reading USING btree (result, officer, sha256)
result_receipt
    id uuid not null
    dossier uuid not null
    result uuid not null
    name text not null
    number text not null
    authorisation text not null
    given_by uuid not null
    given_at bigint not null
    sheet text
    sheet_kind text
    sheet_by uuid
    sheet_at bigint
    constraint result_receipt_authorisation_check CHECK ((length(authorisation) <= 200))
    constraint result_receipt_check CHECK ((((sheet IS NULL) = (sheet_kind IS NULL)) AND ((sheet IS NULL) = (sheet_by IS NULL)) AND ((sheet IS NULL) = (sheet_at IS NULL))))
    constraint result_receipt_dossier_fkey FOREIGN KEY (dossier) REFERENCES dossier(id)
    constraint result_receipt_given_by_fkey FOREIGN KEY (given_by) REFERENCES officer(id)
    constraint result_receipt_name_check CHECK (((length(name) >= 1) AND (length(name) <= 200)))
    constraint result_receipt_number_check CHECK ((length(number) <= 20))
    constraint result_receipt_pkey PRIMARY KEY (id)
    constraint result_receipt_result_fkey FOREIGN KEY (result) REFERENCES result(id)
    constraint result_receipt_sheet_by_fkey FOREIGN KEY (sheet_by) REFERENCES officer(id)
    constraint result_receipt_sheet_check CHECK ((length(sheet) = 64))
    constraint result_receipt_sheet_kind_check CHECK ((sheet_kind = ANY (ARRAY['pdf'::text, 'jpeg'::text, 'png'::text, 'tiff'::text])))
    CREATE INDEX result_receipt_dossier_idx ON public.result_receipt USING btree (dossier, given_at)
    CREATE UNIQUE INDEX result_receipt_pkey ON public.result_receipt USING btree (id)
right_proposal
    id uuid not null
    version bigint not null
    proposed_by uuid not null
    proposed_at bigint not null
    lapses_on text not null
    change jsonb not null
    confirmed_by uuid
    constraint right_proposal_check CHECK (((confirmed_by IS NULL) OR (confirmed_by <> proposed_by)))
    constraint right_proposal_confirmed_by_fkey FOREIGN KEY (confirmed_by) REFERENCES officer(id)
    constraint right_proposal_lapses_on_check CHECK ((length(lapses_on) = 10))
    constraint right_proposal_pkey PRIMARY KEY (id)
    constraint right_proposal_proposed_by_fkey FOREIGN KEY (proposed_by) REFERENCES officer(id)
    CREATE INDEX right_proposal_open_idx ON public.right_proposal USING btree (lapses_on) WHERE (confirmed_by IS NULL)
    CREATE UNIQUE INDEX right_proposal_pkey ON public.right_proposal USING btree (id)
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
second_factor
    officer uuid not null
    secret bytea not null
    begun_at bigint not null
    confirmed_at bigint
    last_step bigint
    constraint second_factor_check CHECK (((confirmed_at IS NULL) OR (last_step IS NOT NULL)))
    constraint second_factor_officer_fkey FOREIGN KEY (officer) REFERENCES officer(id)
    constraint second_factor_pkey PRIMARY KEY (officer)
    CREATE UNIQUE INDEX second_factor_pkey ON public.second_factor USING btree (officer)
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
sign_in_failure
    id uuid not null
    login text not null
    address text not null
    at bigint not null
    constraint sign_in_failure_address_check CHECK ((length(address) <= 100))
    constraint sign_in_failure_login_check CHECK ((length(login) <= 100))
    constraint sign_in_failure_pkey PRIMARY KEY (id)
    CREATE INDEX sign_in_failure_address_idx ON public.sign_in_failure USING btree (address, at)
    CREATE INDEX sign_in_failure_at_idx ON public.sign_in_failure USING btree (at)
    CREATE INDEX sign_in_failure_login_idx ON public.sign_in_failure USING btree (login, at)
    CREATE UNIQUE INDEX sign_in_failure_pkey ON public.sign_in_failure USING btree (id)
signing_key
    holder uuid not null
    holder_kind text not null
    label text not null
    pkcs12 bytea not null
    certificate_number text
    issuer text
    not_before bigint
    not_after bigint
    origin text not null default 'given'::text
    put_at bigint
    put_by uuid
    ends_on text
    constraint signing_key_certificate_number_check CHECK (((length(certificate_number) >= 1) AND (length(certificate_number) <= 100)))
    constraint signing_key_ends_on_check CHECK ((length(ends_on) = 10))
    constraint signing_key_issuer_check CHECK ((length(issuer) <= 300))
    constraint signing_key_origin_check CHECK ((origin = ANY (ARRAY['given'::text, 'file'::text, 'trial'::text])))
    constraint signing_key_pkey PRIMARY KEY (holder)
    constraint signing_key_put_by_fkey FOREIGN KEY (put_by) REFERENCES officer(id)
    CREATE INDEX signing_key_not_after_idx ON public.signing_key USING btree (not_after) WHERE (not_after IS NOT NULL)
    CREATE UNIQUE INDEX signing_key_pkey ON public.signing_key USING btree (holder)
    CREATE INDEX signing_key_undescribed_idx ON public.signing_key USING btree (holder) WHERE (certificate_number IS NULL)
signing_key_proposal
    id uuid not null
    holder uuid not null
    holder_kind text not null
    label text not null
    certificate_number text not null
    issuer text not null
    not_before bigint not null
    not_after bigint not null
    pkcs12 bytea not null
    name_reason text
    proposed_by uuid not null
    proposed_at bigint not null
    lapses_on text not null
    constraint signing_key_proposal_certificate_number_check CHECK (((length(certificate_number) >= 1) AND (length(certificate_number) <= 100)))
    constraint signing_key_proposal_holder_key UNIQUE (holder)
    constraint signing_key_proposal_holder_kind_check CHECK ((holder_kind = ANY (ARRAY['officer'::text, 'agency'::text])))
    constraint signing_key_proposal_issuer_check CHECK ((length(issuer) <= 300))
    constraint signing_key_proposal_label_check CHECK ((length(label) <= 300))
    constraint signing_key_proposal_lapses_on_check CHECK ((length(lapses_on) = 10))
    constraint signing_key_proposal_name_reason_check CHECK ((length(name_reason) <= 500))
    constraint signing_key_proposal_pkey PRIMARY KEY (id)
    constraint signing_key_proposal_proposed_by_fkey FOREIGN KEY (proposed_by) REFERENCES officer(id)
    CREATE UNIQUE INDEX signing_key_proposal_holder_key ON public.signing_key_proposal USING btree (holder)
    CREATE UNIQUE INDEX signing_key_proposal_pkey ON public.signing_key_proposal USING btree (id)
signing_round
    id uuid not null
    officer uuid not null
    begun_at bigint not null
    constraint signing_round_officer_fkey FOREIGN KEY (officer) REFERENCES officer(id)
    constraint signing_round_pkey PRIMARY KEY (id)
    CREATE INDEX signing_round_officer_idx ON public.signing_round USING btree (officer, begun_at)
    CREATE UNIQUE INDEX signing_round_pkey ON public.signing_round USING btree (id)
signing_round_paper
    id uuid not null
    round uuid not null
    number bigint not null
    dossier uuid not null
    result uuid not null
    task text not null
    read_sha256 text not null
    onward text not null
    outcome text not null
    done_at bigint
    reason text
    certificate text
    certificate_number text
    constraint signing_round_paper_check CHECK (((outcome = 'waiting'::text) = (done_at IS NULL)))
    constraint signing_round_paper_check1 CHECK (((outcome = 'refused'::text) = (reason IS NOT NULL)))
    constraint signing_round_paper_check2 CHECK (((outcome = 'signed'::text) = ((certificate_number IS NOT NULL) AND (certificate IS NOT NULL))))
    constraint signing_round_paper_dossier_fkey FOREIGN KEY (dossier) REFERENCES dossier(id)
    constraint signing_round_paper_number_check CHECK (((number >= 1) AND (number <= 50)))
    constraint signing_round_paper_onward_check CHECK ((length(onward) <= 100))
    constraint signing_round_paper_outcome_check CHECK ((outcome = ANY (ARRAY['waiting'::text, 'signed'::text, 'refused'::text])))
    constraint signing_round_paper_pkey PRIMARY KEY (id)
    constraint signing_round_paper_read_sha256_check CHECK ((length(read_sha256) = 64))
    constraint signing_round_paper_reason_check CHECK ((length(reason) <= 1000))
    constraint signing_round_paper_result_fkey FOREIGN KEY (result) REFERENCES result(id)
    constraint signing_round_paper_round_dossier_key UNIQUE (round, dossier)
    constraint signing_round_paper_round_fkey FOREIGN KEY (round) REFERENCES signing_round(id)
    constraint signing_round_paper_round_number_key UNIQUE (round, number)
    constraint signing_round_paper_task_check CHECK ((task = ANY (ARRAY['sign'::text, 'seal'::text])))
    CREATE UNIQUE INDEX signing_round_paper_pkey ON public.signing_round_paper USING btree (id)
    CREATE UNIQUE INDEX signing_round_paper_round_dossier_key ON public.signing_round_paper USING btree (round, dossier)
    CREATE UNIQUE INDEX signing_round_paper_round_number_key ON public.signing_round_paper USING btree (round, number)
stocktaking
    id uuid not null
    version bigint not null
    officer uuid not null
    agency uuid not null
    area jsonb not null
    begun_at bigint not null
    ended_at bigint
    tally jsonb
    constraint stocktaking_agency_fkey FOREIGN KEY (agency) REFERENCES unit(id)
    constraint stocktaking_check CHECK (((ended_at IS NULL) = (tally IS NULL)))
    constraint stocktaking_officer_fkey FOREIGN KEY (officer) REFERENCES officer(id)
    constraint stocktaking_pkey PRIMARY KEY (id)
    CREATE INDEX stocktaking_officer_idx ON public.stocktaking USING btree (officer, begun_at)
    CREATE UNIQUE INDEX stocktaking_pkey ON public.stocktaking USING btree (id)
stocktaking_folder
    stocktaking uuid not null
    folder uuid not null
    met_at bigint not null
    constraint stocktaking_folder_folder_fkey FOREIGN KEY (folder) REFERENCES folder(id)
    constraint stocktaking_folder_pkey PRIMARY KEY (stocktaking, folder)
    constraint stocktaking_folder_stocktaking_fkey FOREIGN KEY (stocktaking) REFERENCES stocktaking(id)
    CREATE UNIQUE INDEX stocktaking_folder_pkey ON public.stocktaking_folder USING btree (stocktaking, folder)
training_run
    officer uuid not null
    exercise text not null
    begun_at bigint not null
    before jsonb not null
    dossier uuid
    constraint training_run_dossier_fkey FOREIGN KEY (dossier) REFERENCES dossier(id)
    constraint training_run_exercise_check CHECK (((length(exercise) >= 1) AND (length(exercise) <= 60)))
    constraint training_run_officer_fkey FOREIGN KEY (officer) REFERENCES officer(id)
    constraint training_run_pkey PRIMARY KEY (officer, exercise)
    CREATE UNIQUE INDEX training_run_pkey ON public.training_run USING btree (officer, exercise)
unit
    id uuid not null
    key text not null
    name text not null
    level text not null
    kind text not null
    parent uuid
    code text not null
    old_code text
    valid_from text not null
    valid_to text
    body jsonb not null
    constraint unit_key_check CHECK (((length(key) >= 1) AND (length(key) <= 100)))
    constraint unit_key_key UNIQUE (key)
    constraint unit_name_check CHECK (((length(name) >= 1) AND (length(name) <= 300)))
    constraint unit_parent_fkey FOREIGN KEY (parent) REFERENCES unit(id)
    constraint unit_pkey PRIMARY KEY (id)
    constraint unit_valid_from_check CHECK ((length(valid_from) = 10))
    constraint unit_valid_to_check CHECK ((length(valid_to) = 10))
    CREATE INDEX unit_code_idx ON public.unit USING btree (code)
    CREATE UNIQUE INDEX unit_key_key ON public.unit USING btree (key)
    CREATE UNIQUE INDEX unit_pkey ON public.unit USING btree (id)
unit_predecessor
    unit uuid not null
    predecessor text not null
    constraint unit_predecessor_pkey PRIMARY KEY (unit, predecessor)
    constraint unit_predecessor_predecessor_check CHECK (((length(predecessor) >= 1) AND (length(predecessor) <= 100)))
    constraint unit_predecessor_unit_fkey FOREIGN KEY (unit) REFERENCES unit(id)
    CREATE UNIQUE INDEX unit_predecessor_pkey ON public.unit_predecessor USING btree (unit, predecessor)
unsent
    officer uuid not null
    form text not null
    dossier uuid not null
    version bigint not null
    base text not null
    body jsonb not null
    saved_at bigint not null
    constraint unsent_base_check CHECK ((length(base) <= 100))
    constraint unsent_dossier_fkey FOREIGN KEY (dossier) REFERENCES dossier(id)
    constraint unsent_form_check CHECK ((form = ANY (ARRAY['draft'::text, 'supplement'::text, 'opinion'::text, 'note'::text])))
    constraint unsent_officer_fkey FOREIGN KEY (officer) REFERENCES officer(id)
    constraint unsent_pkey PRIMARY KEY (officer, form, dossier)
    constraint unsent_version_check CHECK ((version > 0))
    CREATE UNIQUE INDEX unsent_pkey ON public.unsent USING btree (officer, form, dossier)
    CREATE INDEX unsent_saved_idx ON public.unsent USING btree (saved_at)
upload
    id uuid not null
    dossier uuid not null
    component text not null
    file_name text not null
    sha256 text not null
    n_bytes bigint not null
    state text not null
    why text
    already_signed boolean not null
    added_by uuid not null
    added_at bigint not null
    constraint upload_added_by_fkey FOREIGN KEY (added_by) REFERENCES officer(id)
    constraint upload_component_check CHECK ((length(component) <= 100))
    constraint upload_dossier_fkey FOREIGN KEY (dossier) REFERENCES dossier(id)
    constraint upload_file_name_check CHECK ((length(file_name) <= 300))
    constraint upload_pkey PRIMARY KEY (id)
    constraint upload_sha256_check CHECK ((length(sha256) = 64))
    CREATE INDEX upload_dossier_idx ON public.upload USING btree (dossier, component)
    CREATE UNIQUE INDEX upload_pkey ON public.upload USING btree (id)
webhook
    id uuid not null
    agency uuid not null
    name text not null
    address text not null
    secret bytea not null
    groups jsonb not null
    made_by uuid not null
    made_at bigint not null
    failing_since bigint
    stopped_at bigint
    constraint webhook_address_check CHECK (((length(address) >= 1) AND (length(address) <= 500)))
    constraint webhook_agency_fkey FOREIGN KEY (agency) REFERENCES unit(id)
    constraint webhook_made_by_fkey FOREIGN KEY (made_by) REFERENCES officer(id)
    constraint webhook_name_check CHECK (((length(name) >= 1) AND (length(name) <= 60)))
    constraint webhook_pkey PRIMARY KEY (id)
    CREATE INDEX webhook_agency_idx ON public.webhook USING btree (agency, made_at)
    CREATE UNIQUE INDEX webhook_pkey ON public.webhook USING btree (id)
webhook_kind
    webhook uuid not null
    agency uuid not null
    kind text not null
    constraint webhook_kind_agency_fkey FOREIGN KEY (agency) REFERENCES unit(id)
    constraint webhook_kind_kind_check CHECK (((length(kind) >= 1) AND (length(kind) <= 100)))
    constraint webhook_kind_pkey PRIMARY KEY (webhook, kind)
    constraint webhook_kind_webhook_fkey FOREIGN KEY (webhook) REFERENCES webhook(id)
    CREATE INDEX webhook_kind_agency_idx ON public.webhook_kind USING btree (agency, kind)
    CREATE UNIQUE INDEX webhook_kind_pkey ON public.webhook_kind USING btree (webhook, kind)
