-- The numbers of each book: the paper a number was given to, and what became of it.

create table number_line (
    agency ID not null references unit (id),
    year INT not null,
    symbol text not null check (length(symbol) between 1 and 60),
    number INT not null check (number > 0),
    result ID not null references result (id),
    dossier ID not null references dossier (id),
    given_on DAY not null,
    standing text not null check (standing in ('given', 'issued', 'cancelled')),
    reason text,
    primary key (agency, year, symbol, number),
    constraint number_line_result_key unique (result),
    check ((standing = 'cancelled') = (reason is not null))
) TABLE;
