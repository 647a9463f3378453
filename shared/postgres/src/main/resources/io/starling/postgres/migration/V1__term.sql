-- What a restore raises: with the timeline it makes the term, and the highest term is the primary.
create table starling.term (
  single boolean primary key default true check (single),
  restores integer not null default 0 check (restores >= 0),
  raised_at timestamptz not null default now()
);

insert into starling.term default values;

-- Every service reads it, whatever role it connects as.
grant usage on schema starling to public;
grant select on starling.term to public;
