using System.Collections.Generic;

namespace MeshIoT.LocalApi;

/// <summary>Body of <c>POST /localapi/v0/sensors/test</c>.</summary>
public sealed record TrialRequestDto
{
    /// <summary>Id of a device or of one of its values.</summary>
    public string? Id { get; init; }

    /// <summary>How often it is read, 1 to 20.</summary>
    public int Times { get; init; } = 3;
}

/// <summary>Its answer: readings made one after another, now.</summary>
/// <param name="Device">The device's id.</param>
/// <param name="Driver">Its driver.</param>
/// <param name="Lane">What it shares with others: i2c-1, host.</param>
/// <param name="Runs">The readings.</param>
public sealed record TrialDto(string Device, string Driver, string Lane, IReadOnlyList<TrialRunDto> Runs);

/// <summary>One of these readings.</summary>
/// <param name="Milliseconds">How long it took.</param>
/// <param name="Values">The device's values.</param>
/// <param name="Fault">What went wrong; absent: nothing.</param>
public sealed record TrialRunDto(double Milliseconds, IReadOnlyList<TrialValueDto> Values, FaultDto? Fault);

/// <summary>One value of a reading.</summary>
/// <param name="Id">The value's id.</param>
/// <param name="Raw">What the driver gave; absent: nothing.</param>
/// <param name="RawUnit">Its unit.</param>
/// <param name="Value">The value as it is passed on, calibrated; absent: none.</param>
/// <param name="Unit">Its unit.</param>
public sealed record TrialValueDto(string Id, double? Raw, string RawUnit, double? Value, string Unit);
