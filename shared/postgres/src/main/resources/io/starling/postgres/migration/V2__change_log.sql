-- Configuration leaves the database as a feed: whoever owns a table attaches starling.track to it, and every change of it is kept here, before and after, until the feed has carried it on.

create sequence starling.change_sequence;

create table starling.change_log (
  term        integer     not null,
  transaction xid8        not null default pg_current_xact_id(),
  -- Drawn under the row's lock: of two changes of one row, the later one has the higher number.
  sequence    bigint      not null,
  kind        text        not null,
  key         text        not null,
  before      jsonb,
  after       jsonb,
  at          timestamptz not null default now(),
  primary key (term, transaction, sequence)
);
create index change_log_at on starling.change_log (at);

create function starling.restores() returns integer language sql stable as 'select restores from starling.term';

-- Arguments: kind, key column, columns left out (comma-separated).
create function starling.record_change() returns trigger language plpgsql as $$
declare
  old_row jsonb := case when tg_op = 'INSERT' then null else to_jsonb(old) - string_to_array(tg_argv[2], ',') end;
  new_row jsonb := case when tg_op = 'DELETE' then null else to_jsonb(new) - string_to_array(tg_argv[2], ',') end;
begin
  if old_row is not distinct from new_row then
    return null;
  end if;
  -- A changed key is a row that went and one that came.
  if old_row ->> tg_argv[1] is distinct from new_row ->> tg_argv[1] and old_row is not null and new_row is not null then
    insert into starling.change_log (term, sequence, kind, key, before)
    values (starling.restores(), nextval('starling.change_sequence'), tg_argv[0], old_row ->> tg_argv[1], old_row);
    old_row := null;
  end if;
  insert into starling.change_log (term, sequence, kind, key, before, after)
  values (starling.restores(), nextval('starling.change_sequence'), tg_argv[0], coalesce(new_row, old_row) ->> tg_argv[1], old_row, new_row);
  return null;
end $$;

create function starling.track(target regclass, kind text, key_column text, left_out text) returns void language plpgsql as $$
begin
  execute format('create trigger track after insert or update or delete on %s for each row execute function starling.record_change(%L, %L, %L)',
    target, kind, key_column, left_out);
end $$;
