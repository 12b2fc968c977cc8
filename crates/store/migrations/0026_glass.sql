-- Dossiers opened in an emergency by officers who do not see them otherwise, and what was said of it
-- afterwards.

create table glass (
    id ID not null primary key,
    version INT not null check (version > 0),
    dossier ID not null references dossier (id),
    officer ID not null references officer (id),
    -- For whom he worked; who settles the dossier is asked of the dossier.
    agency ID not null references unit (id),
    reason text not null check (length(reason) between 1 and 300),
    opened_at INSTANT not null,
    -- Brought forward where it was not right.
    ends_at INSTANT not null check (ends_at >= opened_at),
    review_by INSTANT not null check (review_by >= opened_at),
    reviewed_by ID references officer (id),
    reviewed_at INSTANT check (reviewed_at >= opened_at),
    verdict text check (verdict in ('fitting', 'unfitting')),
    words text check (length(words) <= 500),
    -- Nobody reviews himself, and a review is there whole or not at all.
    check (reviewed_by <> officer),
    check ((reviewed_by is null) = (reviewed_at is null)),
    check ((reviewed_by is null) = (verdict is null)),
    check ((reviewed_by is null) = (words is null))
) TABLE;
create index glass_officer_idx on glass (officer, opened_at);
create index glass_dossier_idx on glass (dossier) where reviewed_at is null;
create index glass_waiting_idx on glass (review_by, id) where reviewed_at is null;
create index glass_unfitting_idx on glass (agency, reviewed_at) where verdict = 'unfitting';
