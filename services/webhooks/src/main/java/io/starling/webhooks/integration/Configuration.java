package io.starling.webhooks.integration;

import io.vertx.core.json.JsonObject;

/**
 * A configuration that was checked.
 *
 * @param all of it, as it was sent
 */
record Configuration(String event, String url, boolean disabled, JsonObject all) {}
