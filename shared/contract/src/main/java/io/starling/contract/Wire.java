package io.starling.contract;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The name of a record on the wire: explicit, so that renaming a class changes nothing between
 * nodes of two versions.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface Wire {
  /** The name, unique among all records of the contract. */
  String value();
}
