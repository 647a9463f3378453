/**
 * Libraries: {@code /v1/libraries…}, in the form of JSON:API as Particle's tools want it. An
 * archive is looked into before it is handed on: a tar.gz of plain files and folders below its
 * root, neither links nor names that lead elsewhere, bounded in number, size and ratio, with a
 * {@code library.properties}. Nothing of it is written to a disk here. No library is official or
 * verified: there is nobody here who would say so.
 */
@NullMarked
package io.starling.api.libraries;

import org.jspecify.annotations.NullMarked;
