package io.starling.contract;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Who subscribed to what: topic filters in a tree by levels, so that matching a name costs by its
 * levels and not by the number of subscriptions. Not thread-safe.
 *
 * @param <S> a subscriber, compared by equals; one subscriber may hold several filters, and the
 *     same filter several times (counted)
 */
public final class SubscriptionTree<S> {
  private final Node<S> root = new Node<>();

  private static final class Node<S> {
    @Nullable Map<String, Node<S>> children;
    @Nullable Map<S, Integer> here;

    boolean isEmpty() {
      return (children == null || children.isEmpty()) && (here == null || here.isEmpty());
    }
  }

  /** Adds one subscription; true if the subscriber did not hold this filter before. */
  public boolean add(TopicFilter filter, S subscriber) {
    Node<S> node = root;
    for (String level : levels(filter.text())) {
      if (node.children == null) {
        node.children = new HashMap<>(4);
      }
      node = node.children.computeIfAbsent(level, absent -> new Node<>());
    }
    if (node.here == null) {
      node.here = new LinkedHashMap<>(4);
    }
    return node.here.merge(subscriber, 1, Integer::sum) == 1;
  }

  /** Takes one subscription away; true if the subscriber no longer holds this filter. */
  public boolean remove(TopicFilter filter, S subscriber) {
    return remove(root, levels(filter.text()), 0, subscriber);
  }

  private boolean remove(Node<S> node, List<String> levels, int at, S subscriber) {
    if (at == levels.size()) {
      Integer count = node.here == null ? null : node.here.get(subscriber);
      if (count == null || node.here == null) {
        return false;
      }
      if (count > 1) {
        node.here.put(subscriber, count - 1);
        return false;
      }
      node.here.remove(subscriber);
      return true;
    }
    var child = node.children == null ? null : node.children.get(levels.get(at));
    if (child == null || node.children == null) {
      return false;
    }
    boolean gone = remove(child, levels, at + 1, subscriber);
    if (child.isEmpty()) {
      node.children.remove(levels.get(at));
    }
    return gone;
  }

  /** Tells whether nobody subscribed to anything. */
  public boolean isEmpty() {
    return root.isEmpty();
  }

  /**
   * Hands over each subscriber of each matching filter; one that holds several matching filters
   * comes several times.
   */
  public void match(String name, Consumer<S> found) {
    match(root, levels(name), 0, !name.startsWith("$"), found);
  }

  private void match(
      @Nullable Node<S> node, List<String> levels, int at, boolean wildcards, Consumer<S> found) {
    if (node == null) {
      return;
    }
    var children = node.children == null ? Map.<String, Node<S>>of() : node.children;
    if (wildcards) {
      hand(children.get("#"), found);
    }
    if (at == levels.size()) {
      hand(node, found);
      return;
    }
    match(children.get(levels.get(at)), levels, at + 1, true, found);
    if (wildcards) {
      match(children.get("+"), levels, at + 1, true, found);
    }
  }

  private static <S> void hand(@Nullable Node<S> node, Consumer<S> found) {
    if (node != null && node.here != null) {
      node.here.keySet().forEach(found);
    }
  }

  private static List<String> levels(String text) {
    var levels = new ArrayList<String>(4);
    int from = 0;
    for (int slash = text.indexOf('/'); slash >= 0; slash = text.indexOf('/', from)) {
      levels.add(text.substring(from, slash));
      from = slash + 1;
    }
    levels.add(text.substring(from));
    return levels;
  }
}
