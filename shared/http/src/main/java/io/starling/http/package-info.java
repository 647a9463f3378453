@NullMarked
package io.starling.http;

import org.jspecify.annotations.NullMarked;
