/**
 * Serves fluxy.js, the client for browsers, as files below {@code /fluxy/}. Its sources lie under
 * {@code META-INF/resources/fluxy}, where servlet containers find them too, laid out as an npm
 * package.
 */
@NullMarked
package io.fluxy.protocol.browser;

import org.jspecify.annotations.NullMarked;
