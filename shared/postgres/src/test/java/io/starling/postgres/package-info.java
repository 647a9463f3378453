@NullMarked
package io.starling.postgres;

import org.jspecify.annotations.NullMarked;
