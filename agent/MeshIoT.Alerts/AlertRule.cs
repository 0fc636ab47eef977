using System;

namespace MeshIoT.Alerts;

/// <summary>What holds for one fault; null: what holds for all.</summary>
/// <param name="After">How long it must last.</param>
/// <param name="Repeat">How often it is said again; zero: never.</param>
/// <param name="IsMuted">Nobody is told.</param>
public sealed record AlertRule(TimeSpan? After = null, TimeSpan? Repeat = null, bool IsMuted = false);
