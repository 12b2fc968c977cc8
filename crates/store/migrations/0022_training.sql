-- Exercises that officers have begun, in an office to learn in.

create table training_run (
    officer ID not null references officer (id),
    exercise text not null check (length(exercise) between 1 and 60),
    begun_at INSTANT not null,
    -- How often he had done what, by kind of event: what he does beyond that counts.
    before JSON not null,
    -- What was prepared for him.
    dossier ID references dossier (id),
    primary key (officer, exercise)
) TABLE;
