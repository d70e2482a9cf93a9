/** Transformer-XL language models. */
package org.sigmoe.xl;
