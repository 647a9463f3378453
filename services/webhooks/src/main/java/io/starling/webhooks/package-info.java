@NullMarked
package io.starling.webhooks;

import org.jspecify.annotations.NullMarked;
