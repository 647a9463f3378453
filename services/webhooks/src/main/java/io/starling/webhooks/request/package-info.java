/**
 * From an integration's configuration and an event to the HTTP request that is owed: Particle's
 * default fields and Mustache templates for url, query, headers, auth, form, json and body.
 *
 * <p>Templates are compiled once per version of an integration. Promises: what a device sends can
 * neither break the JSON of a template nor add a header, and no rendered part grows beyond 1 MiB.
 * Knows nothing of sockets and of time. Data of an event is parsed only if a template asks for a
 * field of it.
 */
@NullMarked
package io.starling.webhooks.request;

import org.jspecify.annotations.NullMarked;
