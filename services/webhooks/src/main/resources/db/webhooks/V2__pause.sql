-- When an integration was switched off last, and on again: what was published between is not owed.
ALTER TABLE webhooks.integration ADD COLUMN paused_at timestamptz;
ALTER TABLE webhooks.integration ADD COLUMN resumed_at timestamptz;
UPDATE webhooks.integration SET paused_at = updated_at WHERE disabled;
