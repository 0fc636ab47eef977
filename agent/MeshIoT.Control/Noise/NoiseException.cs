using System;
using System.IO;

namespace MeshIoT.Control;

/// <summary>Ends a Noise connection; the reason is <see cref="Fault"/>.</summary>
public sealed class NoiseException : IOException
{
    /// <summary>For <paramref name="fault"/>.</summary>
    public NoiseException(NoiseFault fault, Exception? cause = null)
        : base($"Noise connection: {fault}", cause) => Fault = fault;

    /// <summary>What was wrong.</summary>
    public NoiseFault Fault { get; }
}
