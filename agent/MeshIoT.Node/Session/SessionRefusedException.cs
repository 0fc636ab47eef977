using System;
using MeshIoT.Health;

namespace MeshIoT.Node.Session;

/// <summary>The coordinator, or our own check of it, said no: a person must act.</summary>
/// <param name="report">Why.</param>
/// <param name="retryAfter">When it may be worth asking again without a person; null: not at all.</param>
internal sealed class SessionRefusedException(FaultReport report, TimeSpan? retryAfter) : Exception(report.ToString())
{
    /// <summary>Why.</summary>
    public FaultReport Report { get; } = report;

    /// <summary>When it may be worth asking again without a person.</summary>
    public TimeSpan? RetryAfter { get; } = retryAfter;
}
