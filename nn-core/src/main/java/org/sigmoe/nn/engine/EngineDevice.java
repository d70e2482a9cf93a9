package org.sigmoe.nn.engine;

import java.util.Optional;

/**
 * A device that an engine finds on this machine.
 *
 * @param name by which {@link EngineOptions#device} chooses it; empty where there is no choice
 * @param description what it is, for people
 * @param memoryBytes its memory, used or not
 * @param unusable why the engine cannot run on it; empty if it can
 */
public record EngineDevice(
    Optional<String> name, String description, long memoryBytes, Optional<String> unusable) {}
