-- A file of devices on its way into a product. Not in the directory: only its owner asks for it.
CREATE TABLE accounts.device_import (
  id          text PRIMARY KEY,
  product     integer NOT NULL REFERENCES accounts.product ON DELETE CASCADE,
  -- uploading, waiting, running, done, cancelled, failed
  state       text NOT NULL DEFAULT 'uploading',
  pieces      integer NOT NULL DEFAULT 0,
  lines       integer NOT NULL DEFAULT 0,
  -- The columns that the first line names; null while nothing was read.
  columns     text[],
  next_piece  integer NOT NULL DEFAULT 0,
  -- Failures of the next piece in a row.
  failures    integer NOT NULL DEFAULT 0,
  read        integer NOT NULL DEFAULT 0,
  added       integer NOT NULL DEFAULT 0,
  created     integer NOT NULL DEFAULT 0,
  existing    integer NOT NULL DEFAULT 0,
  nonmember   integer NOT NULL DEFAULT 0,
  invalid     integer NOT NULL DEFAULT 0,
  -- The first lines that were refused: {line, reason}.
  problems    jsonb NOT NULL DEFAULT '[]',
  created_at  timestamptz NOT NULL DEFAULT now(),
  updated_at  timestamptz NOT NULL DEFAULT now(),
  finished_at timestamptz
);
CREATE INDEX device_import_product ON accounts.device_import (product, created_at);
CREATE UNIQUE INDEX device_import_one ON accounts.device_import (product) WHERE state IN ('uploading', 'waiting', 'running');
CREATE INDEX device_import_due ON accounts.device_import (updated_at) WHERE state IN ('waiting', 'running');

-- What of it was not taken in yet.
CREATE TABLE accounts.device_import_piece (
  import     text NOT NULL REFERENCES accounts.device_import ON DELETE CASCADE,
  number     integer NOT NULL,
  first_line integer NOT NULL,
  lines      text[] NOT NULL,
  PRIMARY KEY (import, number)
);
