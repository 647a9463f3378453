-- What the requests of an integration are signed with. It goes with its integration: to another account, and away.
ALTER TABLE webhooks.integration ADD UNIQUE (id, account);

CREATE TABLE webhooks.signing_key (
  id          text PRIMARY KEY CHECK (id ~ '^[0-9a-f]{24}$'),
  integration text NOT NULL,
  account     text NOT NULL,
  kind        text NOT NULL CHECK (kind IN ('v1', 'v1a')),
  secret      text NOT NULL,
  created_at  timestamptz NOT NULL DEFAULT now(),
  expires_at  timestamptz,
  FOREIGN KEY (integration, account) REFERENCES webhooks.integration (id, account) ON UPDATE CASCADE ON DELETE CASCADE
);
CREATE INDEX signing_key_integration ON webhooks.signing_key (integration);

-- The secret goes along: deliveries are signed while the database is down.
SELECT starling.track('webhooks.signing_key', 'signing_key', 'id', '');
