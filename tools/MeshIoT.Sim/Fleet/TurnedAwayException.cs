using System;
using System.IO;

namespace MeshIoT.Sim;

/// <summary>The coordinator said no, or not now.</summary>
internal sealed class TurnedAwayException(int status, int retryAfterSeconds, string what) : IOException($"{what}: HTTP {status}")
{
    public int Status => status;

    /// <summary>When to come again; zero where it does not say.</summary>
    public TimeSpan RetryAfter => TimeSpan.FromSeconds(retryAfterSeconds);
}
