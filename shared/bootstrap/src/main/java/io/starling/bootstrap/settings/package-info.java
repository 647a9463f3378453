/**
 * Environment variables as typed, checked records: an unknown or wrong one stops the start, and all
 * mistakes are told at once.
 */
@NullMarked
package io.starling.bootstrap.settings;

import org.jspecify.annotations.NullMarked;
