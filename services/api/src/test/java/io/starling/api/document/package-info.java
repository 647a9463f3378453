/** Tests of how the API describes itself. */
@NullMarked
package io.starling.api.document;

import org.jspecify.annotations.NullMarked;
