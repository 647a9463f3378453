-- Environment variables of all devices of an account, of a product, or of a device.
CREATE TABLE accounts.env (
  -- Account, kind and whose: EnvScope.key.
  id         text PRIMARY KEY,
  account    text NOT NULL REFERENCES accounts.account ON DELETE CASCADE,
  -- JSON objects of texts: the draft, and what was rolled out last; null if nothing ever was.
  own        text NOT NULL,
  snapshot   text,
  -- Of the snapshot, 0 if there is none. Grows, also over a database that was restored.
  version    bigint NOT NULL DEFAULT 0,
  on_connect boolean NOT NULL DEFAULT false,
  created_at timestamptz NOT NULL DEFAULT now(),
  created_by text NOT NULL,
  updated_at timestamptz NOT NULL DEFAULT now(),
  updated_by text NOT NULL,
  rollout_at timestamptz,
  rollout_by text
);
CREATE INDEX env_account ON accounts.env (account);

SELECT starling.track('accounts.env', 'env', 'id', '');
