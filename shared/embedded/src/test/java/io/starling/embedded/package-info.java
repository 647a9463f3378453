@NullMarked
package io.starling.embedded;

import org.jspecify.annotations.NullMarked;
