@NullMarked
package io.starling.directory;

import org.jspecify.annotations.NullMarked;
