/**
 * The API's own description: {@code /openapi.json} (OpenAPI 3.1) and, made of the same, the page
 * {@code /docs}.
 *
 * <p>Methods, paths, their parameters and scopes come from the routes that are registered, so they
 * are always true; all else stands in {@code resources/openapi}, one file a room, in a few lines a
 * route:
 *
 * <pre>{@code
 * "PUT /v1/things/:thing, /v1/products/:product/things/:thing": {
 *   "summary": "Renames a thing",
 *   "query": {"force": "true if it is to be renamed although it is in use"},
 *   "body": {"name": "string", "note?": "string|null"},
 *   "replies": {"200": {"ok": "boolean", "thing": "@Thing"}, "409": "@Error"}
 * }
 * }</pre>
 *
 * <p>How shapes are written: {@link io.starling.api.document.Shape}. Named ones stand under {@code
 * "shapes"} of a room and are valid in all. A reply that is no JSON is {@code "text"}, {@code
 * "page"}, {@code "events"} or {@code "empty"}; one that is of several kinds is {@code
 * {"application/json": …, "text/plain": "string"}}. What any route may answer (400, 403, 429, 503
 * and so on) is added. A new room is a new file and its name in {@link
 * io.starling.api.document.ApiDocument#ROOMS}.
 *
 * <p>It is held against the running server: {@code DocumentIT} names routes that are missing or
 * gone; every answer that a test of this service sees by its {@code Region} is checked at once, and
 * one that is not described fails that test with the lines to add; after a run of all of them,
 * every answer of success that is described must have been seen.
 */
@NullMarked
package io.starling.api.document;

import org.jspecify.annotations.NullMarked;
