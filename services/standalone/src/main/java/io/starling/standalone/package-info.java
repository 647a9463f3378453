@NullMarked
package io.starling.standalone;

import org.jspecify.annotations.NullMarked;
