@NullMarked
package io.starling.bootstrap;

import org.jspecify.annotations.NullMarked;
