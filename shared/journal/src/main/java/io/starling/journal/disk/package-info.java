/**
 * The journal's folder as files: who owns it, whether its log files are whole, and what happens to
 * it when space runs out. Knows the layout of Ratis' storage, but calls no Ratis code. Everything
 * here blocks.
 */
@NullMarked
package io.starling.journal.disk;

import org.jspecify.annotations.NullMarked;
