using System;
using System.Collections.Generic;

namespace MeshIoT.LocalApi;

/// <summary>Body of <c>GET /localapi/v0/alerts</c>.</summary>
/// <param name="IsConfigured">False: the gateway's configuration has no section [alerts], and nobody is told of anything.</param>
/// <param name="Alerts">What people have been told of and what is not over.</param>
public sealed record AlertsDto(bool IsConfigured, IReadOnlyList<AlertDto> Alerts);

/// <summary>An alert that is open.</summary>
/// <param name="Topic">What it is about: "sensor:greenhouse", "disk".</param>
/// <param name="Code">Code of the fault.</param>
/// <param name="Severity">low, medium or high.</param>
/// <param name="Message">What happened.</param>
/// <param name="Since">When it began, UTC.</param>
/// <param name="Told">When people were told last, UTC.</param>
public sealed record AlertDto(string Topic, string Code, string Severity, string Message, DateTimeOffset Since, DateTimeOffset Told);
