/** Files that users upload: which are taken, where their bytes are, and when they go. */
@NullMarked
package io.fluxy.attachment;

import org.jspecify.annotations.NullMarked;
