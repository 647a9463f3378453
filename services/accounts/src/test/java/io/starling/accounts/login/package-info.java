@NullMarked
package io.starling.accounts.login;

import org.jspecify.annotations.NullMarked;
