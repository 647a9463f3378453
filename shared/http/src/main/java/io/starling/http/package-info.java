/**
 * HTTP as Starling speaks it: routes that answer with values, bearer tokens checked against the
 * Directory, error bodies as Particle's tools read them, bodies and event streams with bounds.
 *
 * <p>Promises: 401 is said of bad tokens only (the tools delete their token on seeing one); every
 * error is JSON; no stack trace leaves and no query string is logged, because they carry tokens.
 * Refuses: bodies that are neither JSON objects nor forms, and what is larger than the limit.
 */
@NullMarked
package io.starling.http;

import org.jspecify.annotations.NullMarked;
