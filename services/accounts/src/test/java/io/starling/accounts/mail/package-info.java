@NullMarked
package io.starling.accounts.mail;

import org.jspecify.annotations.NullMarked;
