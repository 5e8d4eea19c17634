/**
 * The words of chat: what is said, asked, told and refused, and within which bounds. Nothing here
 * does anything.
 */
@NullMarked
package io.fluxy.chat;

import org.jspecify.annotations.NullMarked;
