@NullMarked
package io.starling.relay;

import org.jspecify.annotations.NullMarked;
