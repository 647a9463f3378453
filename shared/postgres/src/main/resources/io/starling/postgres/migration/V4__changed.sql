-- What was really changed: the audit tells that, and nothing of a request that only locked a row or wrote what was there.
-- A transaction knows until its end what it changed that no feed follows, as {targets, account, product}.

create function starling.note_change(kind text, key text, changed jsonb) returns void language plpgsql as $$
declare
  before jsonb := coalesce(nullif(current_setting('starling.changed', true), ''), '{"targets": []}')::jsonb;
  target text := kind || coalesce('/' || key, '');
begin
  if jsonb_array_length(before -> 'targets') < 20 and not before -> 'targets' ? target then
    before := jsonb_set(before, '{targets}', before -> 'targets' || to_jsonb(target));
  end if;
  perform set_config('starling.changed', (jsonb_strip_nulls(jsonb_build_object(
    'account', coalesce(changed ->> 'organization', changed ->> 'owner', changed ->> 'account', case when kind = 'account' then key end),
    'product', changed ->> 'product')) || before)::text, true);
end $$;

-- As before, but that a change of what is left out of the feed is noted.
create or replace function starling.record_change() returns trigger language plpgsql as $$
declare
  old_row jsonb := case when tg_op = 'INSERT' then null else to_jsonb(old) - string_to_array(tg_argv[2], ',') end;
  new_row jsonb := case when tg_op = 'DELETE' then null else to_jsonb(new) - string_to_array(tg_argv[2], ',') end;
begin
  if old_row is not distinct from new_row then
    if old is distinct from new then
      perform starling.note_change(tg_argv[0], new_row ->> tg_argv[1], new_row);
    end if;
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

-- Arguments: kind, key column (empty for what has no key that may be told), the columns that count (comma-separated; empty for all).
create function starling.note_row() returns trigger language plpgsql as $$
declare
  old_row jsonb := case when tg_op = 'INSERT' then null else to_jsonb(old) end;
  new_row jsonb := case when tg_op = 'DELETE' then null else to_jsonb(new) end;
  counting text[] := string_to_array(nullif(tg_argv[2], ''), ',');
  was jsonb := old_row;
  is_now jsonb := new_row;
begin
  if tg_op = 'UPDATE' and counting is not null then
    select jsonb_object_agg(name, old_row -> name), jsonb_object_agg(name, new_row -> name) into was, is_now from unnest(counting) as name;
  end if;
  if was is distinct from is_now then
    perform starling.note_change(tg_argv[0], coalesce(new_row, old_row) ->> nullif(tg_argv[1], ''), coalesce(new_row, old_row));
  end if;
  return null;
end $$;

-- For tables that no feed follows. Operations: such as 'insert or delete'.
create function starling.note(target regclass, operations text, kind text, key_column text, counting text) returns void language plpgsql as $$
begin
  execute format('create trigger note after %s on %s for each row execute function starling.note_row(%L, %L, %L)',
    operations, target, kind, key_column, counting);
end $$;
