using System;
using MeshIoT.Health;

namespace MeshIoT.Alerts;

/// <summary>An alert that people have been told of and that is not over: what must survive a restart, so that nobody hears of it twice.</summary>
/// <param name="Topic">What it is about.</param>
/// <param name="Code">Code of the fault.</param>
/// <param name="Severity">How much it hurts.</param>
/// <param name="Message">What was said.</param>
/// <param name="Since">When the fault began.</param>
/// <param name="Said">When people heard of it last.</param>
public sealed record OpenAlert(string Topic, string Code, Severity Severity, string Message, DateTimeOffset Since, DateTimeOffset Said);
