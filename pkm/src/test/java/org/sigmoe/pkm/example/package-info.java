/** How a product-key memory is used on its own, compiled and run by the build. */
package org.sigmoe.pkm.example;
