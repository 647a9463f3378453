/**
 * The operator's command line, {@code scripts/starling}. Owns nothing: it asks the processes of a
 * region and tells them what to do, and shows what it will do before it does it. Most of it is the
 * REST API, with the rights of who is logged in and no others. No secret is ever an argument: they
 * come from files, the environment ({@code STARLINGCTL_TOKEN}: not {@code STARLING_…}, which are
 * settings of the server, of which it refuses unknown ones), the terminal or standard input.
 */
@NullMarked
package io.starling.standalone.operator;

import org.jspecify.annotations.NullMarked;
