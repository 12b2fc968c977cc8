-- What an agency prints its papers from and how it writes its codes, each from a day on. A row is never
-- changed: what was printed then is printed again from the same.

create table form_text (
    id ID not null primary key,
    agency ID not null references unit (id),
    -- The code of the form.
    code text not null check (length(code) between 1 and 60),
    valid_from DAY not null,
    -- The template; none where the agency goes back to the one that came with the program.
    source text check (length(source) between 1 and 262144),
    reason text not null check (length(reason) between 1 and 500),
    put_by ID not null references officer (id),
    put_at INSTANT not null
) TABLE;
create index form_text_agency_idx on form_text (agency, code, valid_from);

create table code_format (
    id ID not null primary key,
    agency ID not null references unit (id),
    valid_from DAY not null,
    -- `{agency}-{yymmdd}-{ordinal:4}`
    format text not null check (length(format) between 10 and 60),
    reason text not null check (length(reason) between 1 and 500),
    put_by ID not null references officer (id),
    put_at INSTANT not null
) TABLE;
create index code_format_agency_idx on code_format (agency, valid_from);
