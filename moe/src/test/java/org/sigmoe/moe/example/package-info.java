/** How moe is used on its own, compiled and run by the build. */
package org.sigmoe.moe.example;
