-- Which results wait for a postman.

alter table dossier add column for_post BOOL not null default false;
create index dossier_for_post_idx on dossier (receiving, id) where for_post;
