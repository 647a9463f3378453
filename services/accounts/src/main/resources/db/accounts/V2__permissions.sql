-- What a product's devices may publish and subscribe to: a list of {effect, action, filter}; none allow everything.
ALTER TABLE accounts.product ADD COLUMN permissions jsonb NOT NULL DEFAULT '[]';
