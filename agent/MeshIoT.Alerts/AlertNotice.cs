using System;
using MeshIoT.Health;

namespace MeshIoT.Alerts;

/// <summary>What people are told once.</summary>
/// <param name="Kind">Whether the alert begins, goes on or is over.</param>
/// <param name="Topic">What it is about: "sensor:greenhouse", "disk".</param>
/// <param name="Report">The fault as it is now; for <see cref="AlertKind.Over"/> as it was last.</param>
/// <param name="Since">When the fault began.</param>
/// <param name="At">When this was noticed.</param>
/// <param name="LeftOut">Notices before this one that were too many in their hour.</param>
public sealed record AlertNotice(AlertKind Kind, string Topic, FaultReport Report, DateTimeOffset Since, DateTimeOffset At, int LeftOut);
