package io.starling.contract;

/**
 * A message that is answered once, within a deadline; safe to send twice.
 *
 * @param <R> what answers it; expected outcomes are values of this type, a failed future means that
 *     machinery broke
 */
public interface Request<R extends BusMessage> extends Addressed {}
