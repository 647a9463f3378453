-- Who did what, and who was refused. Rows are added and never changed: what is over goes by dropping a month.
create table starling.audit (
  at           timestamptz not null default now(),
  id           uuid        not null default gen_random_uuid(),
  until        timestamptz not null default now(),
  occurrences  bigint      not null default 1,
  outcome      text        not null check (outcome in ('done', 'refused', 'unavailable')),
  status       smallint    not null default 0,
  actor_kind   text        not null,
  actor        text        not null,
  token        text        not null,
  client       text        not null,
  action       text        not null,
  operation    text        not null,
  account      text        not null,
  product      integer     not null,
  targets      text[]      not null,
  target_count integer     not null,
  address      text        not null,
  agent        text        not null,
  request      text        not null,
  -- The same refusals sent twice are one row.
  primary key (at, id)
) partition by range (at);

comment on column starling.audit.until is 'of refusals that are counted in one row: when the last one was';
comment on column starling.audit.account is 'whose things it was about';

create index audit_actor on starling.audit (actor, at) where actor <> '';
create index audit_account on starling.audit (account, at) where account <> '';
create index audit_product on starling.audit (product, at) where product <> 0;

-- Also for the tables' owner, whom no right keeps from anything.
create function starling.refuse_change() returns trigger language plpgsql as $$
begin
  raise exception 'the audit is never changed' using errcode = '42501';
end $$;

create trigger append_only before update or delete on starling.audit for each row execute function starling.refuse_change();
revoke update, delete, truncate on starling.audit from public;

-- Makes the partition of a month, once, whoever comes first.
create function starling.ensure_audit_month(month date) returns void language plpgsql as $$
declare
  partition text := 'audit_' || to_char(month, 'YYYYMM');
  start date := date_trunc('month', month);
begin
  if to_regclass('starling.' || partition) is not null then
    return;
  end if;
  perform pg_advisory_xact_lock(hashtext('starling.audit'));
  if to_regclass('starling.' || partition) is not null then
    return;
  end if;
  execute format('create table starling.%I (like starling.audit including defaults including constraints)', partition);
  execute format('alter table starling.audit attach partition starling.%I for values from (%L) to (%L)', partition,
    start::timestamp at time zone 'UTC', (start + interval '1 month')::timestamp at time zone 'UTC');
  execute format('create trigger no_truncate before truncate on starling.%I for each statement execute function starling.refuse_change()', partition);
end $$;

-- Far enough ahead that no change fails for want of one, should nobody make more for a year.
do $$
begin
  for ahead in 0..13 loop
    perform starling.ensure_audit_month((date_trunc('month', now() at time zone 'UTC') + make_interval(months => ahead))::date);
  end loop;
end $$;

create trigger no_truncate before truncate on starling.audit for each statement execute function starling.refuse_change();
