package io.starling.api.document;

import io.starling.http.Endpoints;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * Patterns of routes as OpenAPI writes paths. Two that differ only in how they call something are
 * one path there, whose parameter is called by both names.
 */
final class Templates {
  private final Map<String, List<TreeSet<String>>> names = new LinkedHashMap<>();

  Templates(List<Endpoints.Route> routes) {
    for (var route : routes) {
      String[] parts = parts(route.pattern());
      var known = names.computeIfAbsent(form(parts), absent -> new ArrayList<>());
      for (int i = 0; i < parts.length; i++) {
        if (known.size() <= i) {
          known.add(new TreeSet<>());
        }
        known.get(i).add(name(parts[i]));
      }
    }
  }

  String path(String pattern) {
    String[] parts = parts(pattern);
    var known = names.getOrDefault(form(parts), List.of());
    var path = new StringBuilder();
    for (int i = 0; i < parts.length; i++) {
      path.append(i == 0 ? "" : "/");
      path.append(isParameter(parts[i]) ? "{" + String.join("_or_", known.get(i)) + "}" : parts[i]);
    }
    return path.toString();
  }

  private static String[] parts(String pattern) {
    return pattern.split("/", -1);
  }

  private static String form(String[] parts) {
    var form = new StringBuilder();
    for (String part : parts) {
      form.append('/').append(isParameter(part) ? ":" : part);
    }
    return form.toString();
  }

  private static boolean isParameter(String part) {
    return part.startsWith(":") || part.equals("*");
  }

  private static String name(String part) {
    return part.equals("*") ? "prefix" : part.startsWith(":") ? part.substring(1) : part;
  }
}
