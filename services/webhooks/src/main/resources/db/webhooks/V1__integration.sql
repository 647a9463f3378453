CREATE TABLE webhooks.integration (
  id            text PRIMARY KEY CHECK (id ~ '^[0-9a-f]{24}$'),
  account       text NOT NULL,
  event         text NOT NULL,
  url           text NOT NULL,
  disabled      boolean NOT NULL,
  configuration jsonb NOT NULL,
  created_at    timestamptz NOT NULL DEFAULT now(),
  updated_at    timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX integration_account ON webhooks.integration (account);

SELECT starling.track('webhooks.integration', 'integration', 'id', '');
