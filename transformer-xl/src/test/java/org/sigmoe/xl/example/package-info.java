/** How transformer-xl is used as a library, compiled and run by the build. */
package org.sigmoe.xl.example;
