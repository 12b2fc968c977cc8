-- Which results wait for a postman.

alter table dossier add column for_post BOOL not null default false;
update dossier set for_post = true
    where state = 'done' and (life -> 'return_way' ->> 'way' = 'post'
        or (life -> 'return_way' is null and channel = 'post'));
create index dossier_for_post_idx on dossier (receiving, id) where for_post;
