package org.sigmoe.tornado.device;

import uk.ac.manchester.tornado.api.common.TornadoDevice;

/** temp. */
public record Device(
    TornadoDevice device, Backend backend, String name, String description, long memoryBytes) {}
