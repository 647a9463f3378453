/**
 * The local copy of the configuration that every node consults, in health and in failure:
 * credentials (hashed), tokens (hashed), devices and owners, products, integrations.
 *
 * <p>There is no query per CONNECT, per request or per event. {@link
 * io.starling.directory.Directory} is the copy, {@link io.starling.directory.DirectoryFollower}
 * keeps it in step with the directory log over the bus and keeps a rebuildable copy on disk.
 * Nothing here writes configuration.
 */
@NullMarked
package io.starling.directory;

import org.jspecify.annotations.NullMarked;
