create table sample.thing (
  id text primary key,
  parent text constraint thing_parent references sample.thing,
  size integer not null constraint thing_size check (size > 0),
  note text default '${not a placeholder}'
);
