@NullMarked
package io.starling.connection;

import org.jspecify.annotations.NullMarked;
