/**
 * The directory log: the configuration as the feed brought it, materialised, served to the nodes
 * that follow it.
 */
@NullMarked
package io.starling.relay.directory;

import org.jspecify.annotations.NullMarked;
