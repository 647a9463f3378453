/** Tests of the edge over real sockets, with stand-ins for the services on a local bus. */
@NullMarked
package io.starling.api;

import org.jspecify.annotations.NullMarked;
