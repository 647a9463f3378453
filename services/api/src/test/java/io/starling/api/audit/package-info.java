/** Tests of the audit's rules. */
@NullMarked
package io.starling.api.audit;

import org.jspecify.annotations.NullMarked;
